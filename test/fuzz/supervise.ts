import { Worker } from 'node:worker_threads';
import type { Failure, Result } from './campaign.js';
import { longestInput } from './mutate/bytes.js';
import { type Task, Watched } from './worker.js';

export interface Campaign {
  readonly reader: string;
  readonly seed: number;
  readonly inputs: number;
  readonly guided: boolean;
  /** Milliseconds that one input may take. */
  readonly limit: number;
}

/** The signature of an input that does not end. */
export const endless = 'does not end';

/** A worker that ends here has used more than any input may make it use. */
const heapMegabytes = 1024;

/**
 * Lets a thread read, and watches it: an input that does not end in time, or that takes the thread down, is a
 * failure, and the thread's end.
 *
 * @param url of the program, which knows that it is a worker when it is one
 */
export async function supervise(campaign: Campaign, url: string): Promise<Result> {
  const memory = new SharedArrayBuffer(Watched.size(longestInput));
  const { reader, seed, inputs, guided, limit } = campaign;
  const workerData: Task = { reader, seed, inputs, guided, memory };
  const worker = new Worker(new URL(url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  const watched = new Watched(memory);
  let [number, since] = [0, performance.now()];
  const failed = (signature: string, detail: string): Result => ({
    inputs: watched.number,
    kept: 0,
    blocks: 0,
    codes: {},
    slowest: performance.now() - since,
    failures: [{ signature, detail, input: watched.input } satisfies Failure],
  });
  return new Promise<Result>((resolve) => {
    const end = (result: Result): void => {
      clearInterval(timer);
      resolve(result);
      void worker.terminate();
    };
    const timer = setInterval(() => {
      if (watched.number !== number) [number, since] = [watched.number, performance.now()];
      // The first one loads what all need.
      const patience = number === 1 ? 10 * limit : limit;
      if (number > 0 && performance.now() - since > patience) end(failed(endless, `longer than ${limit} ms`));
    }, 50);
    worker.on('message', (result: Result) => end(result));
    worker.on('error', (error: Error) => end(failed(`the thread ended: ${error.name}`, error.stack ?? '')));
    worker.on('exit', () => end(failed('the thread ended', 'without a word')));
  });
}
