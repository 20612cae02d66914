import { availableParallelism } from 'node:os';
import { SapcertError } from '../errors.js';
import { concurrently, inPortions } from './concurrently.js';
import { localRunner, type Runner, threadRunner } from './pool.js';
import { stopFlag } from './stop.js';
import { toAsync } from './to-async.js';
import type { FleetInput, FleetResult, FleetTask, RunningTask } from './types.js';

export interface StripManyOptions extends FleetTask {
  /** Results as they come instead of in the order of the inputs. */
  readonly unordered?: boolean | undefined;
  /** Threads to use; with 1 this one works alone. Default: as many as there are processors, once that pays. */
  readonly threads?: number | undefined;
  /** Stops after what is under way; the iteration then throws `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/** Two times what the SIMD lanes of the key derivation take. */
const portionSize = 8;

/** Below this many inputs a thread starts slower than it helps. */
const worthThreads = 16;

/**
 * Strips many bundles, each as `stripBundle` does; a broken one is a result like any other and stops nothing.
 * Bundles in the form of SAP are opened four at a time. Memory does not grow with the number of inputs.
 *
 * @throws SapcertError `interrupted` when the signal fired; every file that was written is whole
 */
export async function* stripMany(
  inputs: AsyncIterable<FleetInput> | Iterable<FleetInput>,
  options: StripManyOptions = {},
): AsyncGenerator<FleetResult, void, undefined> {
  const { unordered = false, threads, signal, ...task } = options;
  const { first, all } = await peek(inputs, worthThreads);
  const runner = chooseRunner({ ...task, stop: stopFlag(signal) }, threads, first.length);
  try {
    const settings = { concurrency: runner.capacity, ordered: !unordered, signal };
    for await (const results of concurrently(inPortions(all, portionSize), runner.run, settings))
      yield* results.filter(wasDone);
  } finally {
    await runner.close();
  }
  if (signal?.aborted === true) {
    throw new SapcertError('interrupted', 'interrupted; what was written is whole', {
      hint: 'run the command again with --resume: what is done is skipped',
    });
  }
}

/** What had not begun when the run was to end is no result. */
function wasDone(result: FleetResult): boolean {
  return result.status !== 'failed' || result.error.code !== 'interrupted';
}

function chooseRunner(task: RunningTask, threads: number | undefined, inputs: number): Runner {
  const count = threads ?? (inputs < worthThreads ? 1 : availableParallelism());
  if (count < 2) return localRunner(task);
  return threadRunner(task, count - 1, threads === undefined ? 'when-it-pays' : 'at-once');
}

/** The first inputs, up to a number, and an iteration over all of them. */
async function peek<Input>(
  inputs: AsyncIterable<Input> | Iterable<Input>,
  count: number,
): Promise<{ readonly first: readonly Input[]; readonly all: AsyncIterable<Input> }> {
  const first: Input[] = [];
  const source = toAsync(inputs);
  let ended = false;
  while (!ended && first.length < count) {
    const next = await source.next();
    if (next.done === true) ended = true;
    else first.push(next.value);
  }
  async function* all(): AsyncGenerator<Input, void, undefined> {
    yield* first;
    yield* source;
  }
  return { first, all: all() };
}
