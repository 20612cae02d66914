import { SapcertError } from '../errors.js';
import { concurrently } from './concurrently.js';
import { type InspectedInput, inspectOne, type InspectTask } from './inspect-one.js';
import { toAsync } from './to-async.js';
import type { FleetInput } from './types.js';

export interface InspectManyOptions extends InspectTask {
  /** Results as they come instead of in the order of the inputs. */
  readonly unordered?: boolean | undefined;
  /** Inputs at a time; 8 by default. */
  readonly concurrency?: number | undefined;
  /** Stops after what is under way; the iteration then throws `interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Inspects many inputs, each as `inspectBundle` does, with the secrets that are found for them; none is needed. One
 * that cannot be read is a result like any other and stops nothing. Memory does not grow with their number.
 *
 * @throws SapcertError `interrupted` when the signal fired
 */
export async function* inspectMany(
  inputs: AsyncIterable<FleetInput> | Iterable<FleetInput>,
  options: InspectManyOptions = {},
): AsyncGenerator<InspectedInput, void, undefined> {
  const { unordered = false, concurrency = 8, signal, ...task } = options;
  const until = signal ?? new AbortController().signal;
  const inspect = (input: FleetInput): Promise<InspectedInput> => inspectOne(input, task, until);
  yield* concurrently(toAsync(inputs), inspect, { concurrency, ordered: !unordered, signal });
  if (signal?.aborted === true) throw new SapcertError('interrupted', 'interrupted; not all was inspected');
}
