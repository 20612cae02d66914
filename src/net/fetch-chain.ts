import type { X509Certificate } from 'node:crypto';
import { isIssuedBy } from '../bundle/x509/index.js';
import { type ForeignIssuer, describeCertificate } from '../bundle/inspect/index.js';
import { SapcertError } from '../errors.js';
import { certificatesIn } from './certificates.js';
import { type DownloadLimits, download } from './download.js';

/** One address that was asked for the certificate of an issuer. */
export interface FetchAttempt {
  readonly url: string;
  readonly outcome: 'used' | 'refused';
  /** Why it was not used. It may quote the server. */
  readonly reason?: string | undefined;
  /** The subject of the certificate that was used. */
  readonly subject?: string | undefined;
}

export interface FetchedChain {
  /** What was fetched and did issue the certificate below it, from the bottom upwards. */
  readonly issuers: readonly ForeignIssuer[];
  readonly attempts: readonly FetchAttempt[];
}

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Called before each address is asked. */
  readonly onFetch?: ((url: string) => void) | undefined;
  readonly limits?: Partial<DownloadLimits> | undefined;
}

const defaultLimits: DownloadLimits = { bytes: 256 * 1024, milliseconds: 10_000, redirects: 5 };

/** No chain in use is longer, no certificate names more places than this in earnest. */
const mostIssuers = 8;
const mostUrls = 4;

/**
 * Completes a chain from the addresses that its certificates name for their issuers (RFC 5280 section 4.2.2.1).
 * What was fetched is used only where it issued the certificate below it, by name and signature; that makes it no
 * more trusted than it was.
 *
 * @param top the certificate whose issuer is missing
 * @param known certificates that are at hand; they are taken before anything is fetched
 */
export async function fetchChain(
  top: X509Certificate,
  known: readonly X509Certificate[],
  options: FetchOptions,
): Promise<FetchedChain> {
  const issuers: ForeignIssuer[] = [];
  const attempts: FetchAttempt[] = [];
  const seen = new Set([top.fingerprint256]);
  let current = top;
  while (!isRoot(current) && issuers.length < mostIssuers && !options.signal.aborted) {
    const from = current;
    let issuer = known.find((candidate) => isIssuedBy(from, candidate));
    if (issuer === undefined) {
      const fetched = await fetchIssuer(from, options);
      attempts.push(...fetched.attempts);
      issuer = fetched.issuer?.certificate;
      if (fetched.issuer !== undefined)
        issuers.push({ certificate: fetched.issuer.certificate.raw, from: fetched.issuer.url });
    }
    if (issuer === undefined || seen.has(issuer.fingerprint256)) break;
    seen.add(issuer.fingerprint256);
    current = issuer;
  }
  return { issuers, attempts };
}

interface FetchedIssuer {
  readonly issuer?: { readonly certificate: X509Certificate; readonly url: string };
  readonly attempts: readonly FetchAttempt[];
}

async function fetchIssuer(certificate: X509Certificate, options: FetchOptions): Promise<FetchedIssuer> {
  const attempts: FetchAttempt[] = [];
  for (const url of issuerUrls(certificate).slice(0, mostUrls)) {
    options.onFetch?.(url);
    const answer = await download(url, { ...defaultLimits, ...options.limits }, options.signal);
    const found = answer.kind === 'failed' ? answer : pick(answer.bytes, certificate);
    if (found.kind === 'issuer') {
      const { subject } = describeCertificate(found.certificate);
      return {
        issuer: { certificate: found.certificate, url },
        attempts: [...attempts, { url, outcome: 'used', subject }],
      };
    }
    attempts.push({ url, outcome: 'refused', reason: found.reason });
  }
  return { attempts };
}

type Picked =
  | { readonly kind: 'issuer'; readonly certificate: X509Certificate }
  | { readonly kind: 'failed'; readonly reason: string };

function pick(bytes: Uint8Array, certificate: X509Certificate): Picked {
  const found = certificatesIn(bytes);
  if (found.kind === 'none') return { kind: 'failed', reason: found.reason };
  const issuer = found.certificates.find(
    (candidate) => isIssuedBy(certificate, candidate) && isReadable(candidate),
  );
  if (issuer !== undefined) return { kind: 'issuer', certificate: issuer };
  const { length } = found.certificates;
  const reason =
    length === 1
      ? 'the certificate there did not sign it'
      : `none of the ${length} certificates there signed it`;
  return { kind: 'failed', reason };
}

function issuerUrls(certificate: X509Certificate): readonly string[] {
  try {
    return describeCertificate(certificate).caIssuers;
  } catch (error) {
    if (error instanceof SapcertError) return [];
    throw error;
  }
}

function isReadable(certificate: X509Certificate): boolean {
  try {
    describeCertificate(certificate);
    return true;
  } catch (error) {
    if (error instanceof SapcertError) return false;
    throw error;
  }
}

/** Told by the name alone: whatever bears its own name as issuer names no other place to look. */
function isRoot(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}
