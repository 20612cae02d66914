import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SapcertError } from '../errors.js';
import { errorData } from './error-data.js';
import { stripOne } from './strip-one.js';
import type { FleetInput, FleetResult, FleetTask } from './types.js';

/** Does portions of work, here or in threads. */
export interface Runner {
  /** How many portions it can have under way. */
  readonly capacity: number;
  /** Never throws: a portion that is lost gives failures. */
  readonly run: (portion: readonly FleetInput[]) => Promise<readonly FleetResult[]>;
  readonly close: () => Promise<void>;
}

/** A thread always has its next portion, so that it never waits for this one. */
const portionsPerThread = 2;

export function localRunner(task: FleetTask): Runner {
  return {
    capacity: portionsPerThread,
    run: (portion) => Promise.all(portion.map((input) => stripOne(input, task))),
    close: () => Promise.resolve(),
  };
}

/** Where the build put the code of a thread; there is none when sapcert runs from source or was bundled. */
const workerFile = new URL('worker.js', import.meta.url);

export function canUseThreads(): boolean {
  return workerFile.protocol === 'file:' && existsSync(fileURLToPath(workerFile));
}

/** The young generation of a heap grows to 48 MiB by itself, which work in small portions does not need. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

interface Message {
  readonly id: number;
  readonly results: readonly FleetResult[];
}

interface Thread {
  readonly worker: Worker;
  started: boolean;
  readonly waiting: Map<number, (results: readonly FleetResult[] | undefined) => void>;
}

export function threadRunner(task: FleetTask, count: number): Runner {
  const threads: Thread[] = [];
  const local = localRunner(task);
  let lastId = 0;

  const start = (): Thread => {
    // The flags of this process were meant for its own program: some (--input-type) end a thread at once.
    const worker = new Worker(workerFile, { workerData: task, resourceLimits, execArgv: [] });
    const thread: Thread = { worker, started: false, waiting: new Map() };
    worker.on('online', () => {
      thread.started = true;
    });
    worker.on('message', ({ id, results }: Message) => {
      thread.waiting.get(id)?.(results);
      thread.waiting.delete(id);
    });
    const lost = (): void => {
      const index = threads.indexOf(thread);
      if (index >= 0) threads.splice(index, 1);
      for (const resolve of thread.waiting.values()) resolve(undefined);
      thread.waiting.clear();
    };
    worker.on('error', lost);
    worker.on('exit', lost);
    threads.push(thread);
    return thread;
  };
  /** The one with the least to do; new ones as long as all are busy. */
  const choose = (): Thread => {
    const [idlest] = threads.toSorted((a, b) => a.waiting.size - b.waiting.size);
    const enough = threads.length >= count || idlest?.waiting.size === 0;
    return idlest !== undefined && enough ? idlest : start();
  };

  return {
    capacity: count * portionsPerThread,
    run: async (portion) => {
      const thread = choose();
      const { worker, waiting } = thread;
      const id = ++lastId;
      const results = await new Promise<readonly FleetResult[] | undefined>((resolve) => {
        waiting.set(id, resolve);
        worker.postMessage({ id, portion }, []);
      });
      if (results !== undefined) return results;
      return thread.started ? portion.map(({ name }) => threadDied(name)) : local.run(portion);
    },
    close: async () => {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

function threadDied(input: string): FleetResult {
  const error = new SapcertError('internal', 'the thread that worked on it ended', {
    hint: 'run the command again; with --resume what is done is skipped',
  });
  return { status: 'failed', input, error: errorData(error) };
}
