import {
  type Inspection,
  type InspectOptions,
  inspectBundle,
  inspectUnlocked,
  isSealed,
  nameWrongSecret,
} from '../bundle/inspect/index.js';
import type { FoundSecret } from '../bundle/secret.js';
import { sidecarSecret } from '../files/index.js';
import { type BundleInput, displayName, libraryOptions } from './inputs.js';
import type { InspectReport } from './render-inspect-page.js';
import { cutByShell, namedSecret } from './secret.js';
import { type Terminal, printable } from './terminal.js';

export interface InspectRequest {
  readonly input: BundleInput;
  /** The secret that was named. */
  readonly secret: FoundSecret | undefined;
  readonly fetchChain: boolean;
  readonly expiresWithin: number | undefined;
}

/** Inspects one input, with the secret that was named or found for it, and completes its chain if asked to. */
export async function inspectInput(request: InspectRequest, terminal: Terminal): Promise<InspectReport> {
  const { input, expiresWithin } = request;
  const options = { ...libraryOptions(input), now: terminal.now(), expiresWithin };
  const look = (more: InspectOptions): Promise<Inspection> =>
    inspectBundle(input.bytes, { ...options, ...more });
  const named = request.secret ?? namedSecret(undefined, terminal);
  const { inspection, secret, again } = await inspectUnlocked(look, named, [
    () => sidecarSecret(input.name),
    (locked) => (request.secret === undefined && isSealed(locked) ? askForStore(input, terminal) : undefined),
  ]);
  const report = { input: displayName(input.name) };
  const explained = (found: Inspection): Inspection =>
    nameWrongSecret(found, secret, secret && cutByShell(secret));
  if (!request.fetchChain) return { ...report, ...explained(inspection) };
  const { completeInspection } = await import('../net/index.js');
  const { signal } = terminal;
  const completed = await completeInspection(inspection, again, { signal, onFetch: sayFetching(terminal) });
  return { ...report, ...explained(completed.inspection), fetched: completed.attempts };
}

export function sayFetching(terminal: Terminal): (url: string) => void {
  return (url) => terminal.err(`sapcert: fetching ${printable(url)}\n`);
}

/** @returns `undefined` when there is nobody to ask, or the answer is empty: much is known without it */
async function askForStore({ name }: BundleInput, terminal: Terminal): Promise<FoundSecret | undefined> {
  const question = `secret of ${printable(displayName(name))} (none: look at the outside): `;
  const [passphrase = ''] = (await terminal.askSecrets?.(question)) ?? [];
  return passphrase === '' ? undefined : { passphrase, origin: 'the prompt', warnings: [] };
}
