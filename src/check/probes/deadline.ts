/** A stage's time, or the caller's patience, is over. */
export class Ended extends Error {
  override readonly name = 'Ended';

  constructor(readonly why: 'timeout' | 'interrupted') {
    super(why);
  }
}

/**
 * How long something may take: until `ms` are over or the caller gives up. Every wait of a probe is against
 * one of these, so that none can hang.
 */
export class Deadline {
  readonly #end: number;

  constructor(
    readonly ms: number,
    readonly signal?: AbortSignal,
  ) {
    this.#end = performance.now() + ms;
  }

  get left(): number {
    return Math.max(0, this.#end - performance.now());
  }

  get over(): boolean {
    return this.left === 0 || this.signal?.aborted === true;
  }

  /** At most `ms` from now, and never longer than this one. */
  within(ms: number): Deadline {
    return new Deadline(Math.min(ms, this.left), this.signal);
  }

  /**
   * Waits for what `start` sets up, at most until the end.
   *
   * @param start calls `done` with the result; returns what takes its listeners away again
   * @throws Ended
   */
  wait<T>(start: (done: (result: T) => void) => (() => void) | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      let stop: (() => void) | undefined;
      let finished = false;
      const finish = (): void => {
        finished = true;
        clearTimeout(timer);
        this.signal?.removeEventListener('abort', interrupt);
        stop?.();
      };
      const end = (why: Ended['why']): void => {
        finish();
        reject(new Ended(why));
      };
      const interrupt = (): void => end('interrupted');
      const timer = setTimeout(() => end('timeout'), this.left);
      if (this.signal?.aborted === true) {
        interrupt();
        return;
      }
      this.signal?.addEventListener('abort', interrupt);
      stop = start((result) => {
        if (finished) return;
        finish();
        resolve(result);
      });
      if (finished) stop?.();
    });
  }

  /** A promise that cannot be aborted: it is left alone when the time is over. */
  race<T>(promise: Promise<T>): Promise<T> {
    type Settled = { readonly value: T } | { readonly error: unknown };
    const settled: Promise<Settled> = promise.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    return this.wait<Settled>((found) => {
      void settled.then(found);
      return undefined;
    }).then((result) => {
      if ('error' in result) throw result.error;
      return result.value;
    });
  }

  /** Does nothing for `ms`, or until the end. */
  async pause(ms: number): Promise<void> {
    await this.within(ms)
      .wait<never>(() => undefined)
      .catch((error: unknown) => {
        if (!(error instanceof Ended)) throw error;
      });
  }
}

/** Whole milliseconds since `start` (of `performance.now()`). */
export function since(start: number): number {
  return Math.round(performance.now() - start);
}
