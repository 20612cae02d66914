export interface ConcurrencyOptions {
  /** How many may run at the same time. */
  readonly concurrency: number;
  /** Results in the order of the inputs, or as they come. */
  readonly ordered: boolean;
  /** Stops taking inputs; what runs is still finished. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs an operation on every input, several at a time, in bounded memory: at most twice `concurrency` inputs are
 * between being taken and being given back. `run` must not throw.
 */
export async function* concurrently<Input, Result extends object>(
  inputs: AsyncIterable<Input>,
  run: (input: Input) => Promise<Result>,
  { concurrency, ordered, signal }: ConcurrencyOptions,
): AsyncGenerator<Result, void, undefined> {
  const source = inputs[Symbol.asyncIterator]();
  const running = new Set<Promise<void>>();
  /** One for each input that was taken, in that order; it holds the result once there is one. */
  const slots: Result[][] = [];
  let ended = false;

  const start = (input: Input): void => {
    const slot: Result[] = [];
    slots.push(slot);
    const promise = run(input).then((result) => {
      running.delete(promise);
      slot.push(result);
      return undefined;
    });
    running.add(promise);
  };
  const takeReady = (): Result[] => {
    const ready: Result[] = [];
    for (let index = 0; index < slots.length;) {
      const [result] = slots[index] ?? [];
      if (result !== undefined) {
        ready.push(result);
        slots.splice(index, 1);
      } else if (ordered) {
        break;
      } else {
        index++;
      }
    }
    return ready;
  };

  try {
    for (;;) {
      while (!ended && running.size < concurrency && slots.length < 2 * concurrency) {
        const next = signal?.aborted === true ? { done: true as const } : await source.next();
        if (next.done === true) ended = true;
        else start(next.value);
      }
      const ready = takeReady();
      if (ready.length > 0) yield* ready;
      else if (ended && slots.length === 0) return;
      else await Promise.race(running);
    }
  } finally {
    await Promise.all(running);
    await source.return?.();
  }
}

/** Collects inputs into portions of `size`, the last one perhaps smaller. */
export async function* inPortions<Input>(
  inputs: AsyncIterable<Input> | Iterable<Input>,
  size: number,
): AsyncGenerator<readonly Input[], void, undefined> {
  let portion: Input[] = [];
  for await (const input of inputs) {
    portion.push(input);
    if (portion.length < size) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}
