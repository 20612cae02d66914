import { setTimeout as delay } from 'node:timers/promises';
import type { CheckOptions, CheckReport } from '../check/index.js';
import { maximumInputSize } from '../bundle/material.js';
import { SapcertError } from '../errors.js';
import { readInput } from '../files/index.js';
import { concurrently } from './concurrently.js';
import { findSecret } from './find-secret.js';
import type { FleetInput } from './types.js';
import type { SecretTable } from './secrets.js';

export interface CheckManyOptions {
  /** What all devices have in common: host, CA, profile and so on. */
  readonly common: Omit<CheckOptions, 'input' | 'inputName' | 'passphrase'>;
  readonly secrets?: SecretTable | undefined;
  /** The secret of all bundles that have none of their own in `secrets`. */
  readonly passphrase?: string | undefined;
  /** Devices at a time; 8 by default. */
  readonly concurrency?: number | undefined;
  /** Connections begun in a second at the most. Default: no limit. */
  readonly perSecond?: number | undefined;
  /** Results as they come instead of in the order of the inputs. */
  readonly unordered?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface CheckedDevice {
  readonly input: string;
  readonly report: CheckReport;
}

/**
 * Checks many devices, several at a time. What is wrong with one is its report and stops nothing.
 *
 * @throws SapcertError `usage.invalid`, `interrupted`
 */
export async function* checkMany(
  inputs: Iterable<FleetInput>,
  options: CheckManyOptions,
): AsyncGenerator<CheckedDevice, void, undefined> {
  const { checkConnection } = await import('../check/index.js');
  const { common, concurrency = 8, unordered = false, signal } = options;
  const check = async (input: FleetInput): Promise<CheckedDevice> => {
    const device = deviceOptions(input, options);
    return { input: input.name, report: await checkConnection({ ...common, ...device, signal }) };
  };
  const paced = atMost(inputs, options.perSecond, signal);
  yield* concurrently(paced, check, { concurrency, ordered: !unordered, signal });
}

/** A bundle that cannot be read is a finding like any other. */
function deviceOptions(input: FleetInput, { secrets, passphrase }: CheckManyOptions): Partial<CheckOptions> {
  const { name, path = name, error } = input;
  try {
    if (error !== undefined) throw new SapcertError(error.code, error.message, { hint: error.hint });
    const bytes = input.bytes ?? readInput(path, maximumInputSize);
    const secret = findSecret(input, undefined, undefined, { secrets, passphrase });
    return { input: bytes, inputName: name, passphrase: secret?.passphrase };
  } catch (cause) {
    if (!(cause instanceof SapcertError)) throw cause;
    return { input: cause, inputName: name };
  }
}

async function* atMost(
  inputs: Iterable<FleetInput>,
  perSecond: number | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<FleetInput> {
  let next = performance.now();
  for (const input of inputs) {
    if (perSecond !== undefined) {
      const wait = next - performance.now();
      next = Math.max(next, performance.now()) + 1000 / perSecond;
      // An end that comes meanwhile is told by what runs on the inputs.
      if (wait > 0) await delay(wait, undefined, { signal }).catch(() => undefined);
    }
    yield input;
  }
}
