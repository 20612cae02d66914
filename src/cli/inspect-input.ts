import { X509Certificate } from 'node:crypto';
import {
  type Finding,
  type Inspection,
  type InspectOptions,
  inspectBundle,
} from '../bundle/inspect/index.js';
import type { Warning } from '../bundle/types.js';
import { SapcertError } from '../errors.js';
import type { FetchAttempt, FetchedChain } from '../net/index.js';
import { type BundleInput, displayName, libraryOptions } from './inputs.js';
import type { InspectReport } from './render-inspect-page.js';
import { type Secret, cutByShell, namedSecret, sidecarSecret } from './secret.js';
import { type Terminal, printable } from './terminal.js';

export interface InspectRequest {
  readonly input: BundleInput;
  /** The secret that was named for all inputs. */
  readonly secret: Secret | undefined;
  /** Whether the user may be asked for the secret of a PKCS#12 file. */
  readonly mayAsk: boolean;
  readonly fetchChain: boolean;
  readonly expiresWithin: number | undefined;
}

/** Inspects one input, with the secret that was named or found for it, and completes its chain if asked to. */
export async function inspectInput(request: InspectRequest, terminal: Terminal): Promise<InspectReport> {
  const { input, expiresWithin } = request;
  const look = (options: InspectOptions): Promise<Inspection> =>
    inspectBundle(input.bytes, { ...libraryOptions(input), now: terminal.now(), expiresWithin, ...options });

  let { secret, warnings } = foundSecret(request.secret ?? namedSecret(undefined, terminal));
  let inspection = await look({ passphrase: secret?.passphrase });
  if (isLocked(inspection)) {
    ({ secret, warnings } = lookBeside(input));
    if (secret !== undefined) inspection = await look({ passphrase: secret.passphrase });
  }
  let passphrase = secret?.passphrase;
  if (request.mayAsk && isSealed(inspection)) {
    passphrase = await askForStore(input, terminal);
    if (passphrase !== undefined) inspection = await look({ passphrase });
  }
  const fetched = request.fetchChain ? await completeChains(inspection, terminal) : undefined;
  if (fetched !== undefined && fetched.issuers.length > 0)
    inspection = await look({ passphrase, issuers: fetched.issuers });
  const incomplete = fetched === undefined ? nothing : stillIncomplete(inspection, fetched.attempts);
  return {
    input: displayName(input.name),
    ...inspection,
    ...(fetched === undefined ? {} : { fetched: fetched.attempts }),
    problems: [
      ...inspection.problems.map((problem) => explainWrong(problem, secret)),
      ...incomplete.problems,
    ],
    warnings: [...warnings, ...inspection.warnings, ...incomplete.warnings],
  };
}

type Findings = Pick<Inspection, 'problems' | 'warnings'>;
const nothing: Findings = { problems: [], warnings: [] };

interface Found {
  readonly secret: Secret | undefined;
  readonly warnings: readonly Warning[];
}

function foundSecret(secret: Secret | undefined): Found {
  return { secret, warnings: secret?.warnings ?? [] };
}

/** What was not asked for must not stop an inspection, which needs no secret. */
function lookBeside({ name }: BundleInput): Found {
  try {
    return foundSecret(sidecarSecret(name));
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
    return { secret: undefined, warnings: [{ code: 'passphrase.unused', message: error.message }] };
  }
}

/** Whether a secret is needed that neither was named nor came with the input. */
function isLocked(inspection: Inspection): boolean {
  return isSealed(inspection) || inspection.keys.some(({ state }) => state === 'locked');
}

/** A PKCS#12 file that only lacks its secret. */
function isSealed({ stores, problems }: Inspection): boolean {
  return stores.some(({ sealed }) => sealed) && problems.length === 0;
}

/** @returns `undefined` when there is nobody to ask, or the answer is empty: much is known without it */
async function askForStore({ name }: BundleInput, terminal: Terminal): Promise<string | undefined> {
  const [answer] =
    (await terminal.askSecrets?.(
      `secret of ${printable(displayName(name))} (none: look at the outside): `,
    )) ?? [];
  return answer === '' ? undefined : answer;
}

function explainWrong(problem: Finding, secret: Secret | undefined): Finding {
  if (problem.code !== 'key.passphrase-wrong' || secret === undefined) return problem;
  const origin = secret.origin.includes('pass:') ? 'the secret' : `the secret from ${secret.origin}`;
  return {
    ...problem,
    message: problem.message.replace('the passphrase', origin),
    hint: cutByShell(secret) ?? problem.hint,
  };
}

/** More incomplete chains than this stand in no bundle; a CA file may have any number. */
const mostChains = 8;

/** The device's chain, or where there is none every chain, as far as the addresses lead. */
async function completeChains(inspection: Inspection, terminal: Terminal): Promise<FetchedChain> {
  const { fetchChain } = await import('../net/index.js');
  const x509 = new Map(inspection.certificates.map(({ number, pem }) => [number, new X509Certificate(pem)]));
  const parts: FetchedChain[] = [];
  for (const { certificates } of incompleteChains(inspection).slice(0, mostChains)) {
    const top = x509.get(certificates.at(-1) ?? 0);
    if (top === undefined) continue;
    const known = [
      ...x509.values(),
      ...parts.flatMap(({ issuers }) => issuers.map(({ certificate }) => new X509Certificate(certificate))),
    ];
    const onFetch = (url: string): void => terminal.err(`sapcert: fetching ${printable(url)}\n`);
    parts.push(await fetchChain(top, known, { signal: terminal.signal, onFetch }));
  }
  if (terminal.signal.aborted)
    throw new SapcertError('interrupted', 'interrupted while a certificate was fetched');
  return {
    issuers: parts.flatMap(({ issuers }) => issuers),
    attempts: parts.flatMap(({ attempts }) => attempts),
  };
}

function incompleteChains({ chains, leaf }: Inspection): Inspection['chains'] {
  const wanted = leaf === undefined ? chains : chains.slice(0, 1);
  return wanted.filter(({ missing }) => missing !== undefined);
}

function stillIncomplete(inspection: Inspection, attempts: readonly FetchAttempt[]): Findings {
  const [chain] = incompleteChains(inspection);
  if (chain?.missing === undefined) return nothing;
  const { name, urls } = chain.missing;
  const certificate = chain.certificates.at(-1);
  if (urls.length === 0) {
    const message = `the certificate of ${name} cannot be fetched: certificate ${certificate} names no address for it`;
    return { ...nothing, warnings: [{ code: 'chain.incomplete', message, certificate }] };
  }
  const reason =
    attempts.find(({ url, outcome }) => outcome === 'refused' && urls.includes(url))?.reason ??
    'it was not tried';
  const message = `the certificate of ${name} could not be fetched: ${reason}`;
  return { ...nothing, problems: [{ code: 'chain.incomplete', message, certificate }] };
}
