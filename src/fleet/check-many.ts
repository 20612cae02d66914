import { setTimeout as delay } from 'node:timers/promises';
import type { CheckOptions, CheckReport } from '../check/index.js';
import { readBundle } from '../bundle/bundle.js';
import { commonName } from '../bundle/identity.js';
import { maximumInputSize } from '../bundle/material.js';
import { SapcertError } from '../errors.js';
import { readInput } from '../files/index.js';
import { concurrently } from './concurrently.js';
import { findSecret } from './find-secret.js';
import type { FleetInput, FleetSecrets } from './types.js';

export interface CheckManyOptions extends FleetSecrets {
  /** What all devices have in common: host, CA, profile and so on. */
  readonly common: Omit<CheckOptions, 'input' | 'inputName' | 'passphrase'>;
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
    const device = await deviceOptions(input, options);
    return { input: input.name, report: await checkConnection({ ...common, ...device, signal }) };
  };
  const paced = atMost(inputs, options.perSecond, signal);
  yield* concurrently(paced, check, { concurrency, ordered: !unordered, signal });
  if (signal?.aborted === true) throw new SapcertError('interrupted', 'interrupted; not all was checked');
}

/** A bundle that cannot be read is a finding like any other. */
async function deviceOptions(input: FleetInput, options: CheckManyOptions): Promise<Partial<CheckOptions>> {
  const { name, path = name, error } = input;
  try {
    if (error !== undefined) throw new SapcertError(error.code, error.message, { hint: error.hint });
    const bytes = input.bytes ?? readInput(path, maximumInputSize);
    const { commonNames, own } = await peek(bytes);
    const secret = findSecret(input, commonNames, own, options);
    return { input: bytes, inputName: name, passphrase: secret?.passphrase };
  } catch (cause) {
    if (!(cause instanceof SapcertError)) throw cause;
    return { input: cause, inputName: name };
  }
}

/** What a bundle says about itself without its secret. */
async function peek(
  bytes: Uint8Array,
): Promise<{ readonly commonNames: readonly string[]; readonly own?: string | undefined }> {
  try {
    const { certificates, secret } = await readBundle(bytes);
    const names = certificates.map(({ x509 }) => commonName(x509.subject));
    return { commonNames: names.filter((name) => name !== undefined), own: secret };
  } catch (error) {
    if (error instanceof SapcertError) return { commonNames: [] }; // the check says what is wrong with it
    throw error;
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
