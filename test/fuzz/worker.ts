import { parentPort, workerData } from 'node:worker_threads';
import { campaign } from './campaign.js';
import { Coverage } from './coverage.js';
import { readerNamed } from './readers/index.js';

export interface Task {
  readonly reader: string;
  readonly seed: number;
  readonly inputs: number;
  readonly guided: boolean;
  /** Where the input that is being read stands: see `Watched`. */
  readonly memory: SharedArrayBuffer;
}

const headerBytes = 8;

/** The input that a worker reads, also for whoever waits for that worker in vain. */
export class Watched {
  readonly #header: Int32Array;
  readonly #bytes: Uint8Array;

  static size(longest: number): number {
    return headerBytes + longest;
  }

  constructor(memory: SharedArrayBuffer) {
    this.#header = new Int32Array(memory, 0, 2);
    this.#bytes = new Uint8Array(memory, headerBytes);
  }

  /** Counts on with each input. */
  get number(): number {
    return Atomics.load(this.#header, 0);
  }

  get input(): Buffer {
    return Buffer.from(this.#bytes.slice(0, Atomics.load(this.#header, 1)));
  }

  put(input: Uint8Array): void {
    const kept = input.subarray(0, this.#bytes.length);
    this.#bytes.set(kept);
    Atomics.store(this.#header, 1, kept.length);
    Atomics.add(this.#header, 0, 1);
  }
}

/** What a worker thread does: one reader's campaign. */
export async function work(url: string): Promise<void> {
  const { reader: name, seed, inputs, guided, memory } = workerData as Task;
  const reader = readerNamed(name);
  const watched = new Watched(memory);
  const coverage = guided ? new Coverage(url) : undefined;
  const result = await campaign(reader, { seed, inputs, coverage, watch: (input) => watched.put(input) });
  coverage?.close();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(result);
}
