import type { FleetResult } from './types.js';

/** How far a run over many inputs is. Plain data, for a line on a terminal. */
export interface Progress {
  readonly total: number;
  readonly finished: number;
  readonly skipped: number;
  readonly failed: number;
  readonly elapsedSeconds: number;
  /** Bundles a second, of those that were not skipped. */
  readonly rate: number;
  /** Seconds until the end at that rate; `undefined` as long as there is none. */
  readonly secondsLeft: number | undefined;
}

/** Counts results. */
export class ProgressCounter {
  readonly #total: number;
  readonly #now: () => number;
  readonly #start: number;
  #counts = { done: 0, skipped: 0, failed: 0 };

  /** @param now milliseconds */
  constructor(total: number, now: () => number = () => performance.now()) {
    this.#total = total;
    this.#now = now;
    this.#start = now();
  }

  count({ status }: Pick<FleetResult, 'status'>): void {
    this.#counts[status] += 1;
  }

  get progress(): Progress {
    const { done, skipped, failed } = this.#counts;
    const elapsedSeconds = (this.#now() - this.#start) / 1000;
    const finished = done + skipped + failed;
    const rate = elapsedSeconds > 0 ? (done + failed) / elapsedSeconds : 0;
    const secondsLeft = rate > 0 ? (this.#total - finished) / rate : undefined;
    return { total: this.#total, finished, skipped, failed, elapsedSeconds, rate, secondsLeft };
  }
}
