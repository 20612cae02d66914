import { X509Certificate } from 'node:crypto';
import type { Finding, ForeignIssuer, Inspection } from '../bundle/inspect/index.js';
import { SapcertError } from '../errors.js';
import { type FetchAttempt, type FetchedChain, fetchChain } from './fetch-chain.js';

export interface CompleteOptions {
  readonly signal: AbortSignal;
  /** Called before each address is asked. */
  readonly onFetch?: ((url: string) => void) | undefined;
}

/** An inspection with the issuers that could be fetched, and what is to be said about those that could not. */
export interface CompletedInspection {
  readonly inspection: Inspection;
  readonly attempts: readonly FetchAttempt[];
}

/**
 * Fetches what the chains of an inspected input lack, as far as the addresses in its certificates lead.
 *
 * @param look inspects the same input once more, with certificates from elsewhere
 * @throws SapcertError `interrupted`
 */
export async function completeInspection(
  inspection: Inspection,
  look: (issuers: readonly ForeignIssuer[]) => Promise<Inspection>,
  options: CompleteOptions,
): Promise<CompletedInspection> {
  const { issuers, attempts } = await fetchMissing(inspection, options);
  const completed = issuers.length === 0 ? inspection : await look(issuers);
  const { problems, warnings } = stillIncomplete(completed, attempts);
  return {
    inspection: {
      ...completed,
      problems: [...completed.problems, ...problems],
      warnings: [...completed.warnings, ...warnings],
    },
    attempts,
  };
}

/** More incomplete chains than this stand in no bundle; a CA file may have any number. */
const mostChains = 8;

/** The device's chain, or where there is none every chain. */
async function fetchMissing(inspection: Inspection, options: CompleteOptions): Promise<FetchedChain> {
  const x509 = new Map(inspection.certificates.map(({ number, pem }) => [number, new X509Certificate(pem)]));
  const parts: FetchedChain[] = [];
  for (const { certificates } of incompleteChains(inspection).slice(0, mostChains)) {
    const top = x509.get(certificates.at(-1) ?? 0);
    if (top === undefined) continue;
    const known = [
      ...x509.values(),
      ...parts.flatMap(({ issuers }) => issuers.map(({ certificate }) => new X509Certificate(certificate))),
    ];
    parts.push(await fetchChain(top, known, options));
  }
  if (options.signal.aborted)
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

interface Findings {
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
}

const nothing: Findings = { problems: [], warnings: [] };

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
