import {
  type Inspection,
  inspectBundle,
  type InspectOptions,
  inspectUnlocked,
  nameWrongSecret,
} from '../bundle/inspect/index.js';
import { maximumInputSize } from '../bundle/material.js';
import { readInput, sidecarSecret } from '../files/index.js';
import type { FetchAttempt } from '../net/index.js';
import { errorData } from './error-data.js';
import { listedSecret, mayKnowDevice, namesOf, namesOfDevice, sharedSecret } from './find-secret.js';
import type { FleetFailed, FleetInput, FleetSecrets } from './types.js';

/** How every input is inspected. */
export interface InspectTask
  extends
    FleetSecrets,
    Pick<InspectOptions, 'allowSlowKdf' | 'chain' | 'chainFile' | 'expiresWithin' | 'now'> {
  /** Fetch missing issuers from the addresses that the certificates name. */
  readonly fetchChain?: boolean | undefined;
  /** Called before an address is asked. */
  readonly onFetch?: ((url: string) => void) | undefined;
}

/** What came of one input. What is wrong with a certificate or a key stands in the inspection. */
export type InspectedInput = InspectedDone | FleetFailed;

export interface InspectedDone {
  readonly status: 'done';
  readonly input: string;
  readonly inspection: Inspection;
  /** What `fetchChain` tried. */
  readonly fetched?: readonly FetchAttempt[] | undefined;
}

/** Inspects one input of many. Never throws: one that cannot be read is a result. */
export async function inspectOne(
  input: FleetInput,
  task: InspectTask,
  signal: AbortSignal,
): Promise<InspectedInput> {
  const { name, error } = input;
  if (error !== undefined) return { status: 'failed', input: name, error };
  try {
    return { status: 'done', input: name, ...(await inspect(input, task, signal)) };
  } catch (cause) {
    return { status: 'failed', input: name, error: errorData(cause) };
  }
}

async function inspect(
  input: FleetInput,
  task: InspectTask,
  signal: AbortSignal,
): Promise<Omit<InspectedDone, 'status' | 'input'>> {
  const { name, path = name } = input;
  const bytes = input.bytes ?? readInput(path, maximumInputSize);
  const { allowSlowKdf, chain, chainFile, expiresWithin, now } = task;
  const options: InspectOptions = { file: name, allowSlowKdf, chain, chainFile, expiresWithin, now };
  // The table may know a bundle by its device, which an inspection without a secret shows.
  const first =
    listedSecret(namesOf(input), task) ?? (mayKnowDevice(input, task) ? undefined : sharedSecret(task));
  const { inspection, secret, again } = await inspectUnlocked(
    (more) => inspectBundle(bytes, { ...options, ...more }),
    first,
    [
      ({ certificates }) =>
        listedSecret(
          certificates.flatMap(({ commonName }) =>
            commonName === undefined ? [] : namesOfDevice(commonName),
          ),
          task,
        ),
      () => sharedSecret(task),
      () => (input.path === undefined ? undefined : sidecarSecret(input.path)),
    ],
  );
  if (task.fetchChain !== true) return { inspection: nameWrongSecret(inspection, secret) };
  const { completeInspection } = await import('../net/index.js');
  const completed = await completeInspection(inspection, again, { signal, onFetch: task.onFetch });
  return { inspection: nameWrongSecret(completed.inspection, secret), fetched: completed.attempts };
}
