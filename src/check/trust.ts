import type { X509Certificate } from 'node:crypto';
import { checkServerIdentity } from 'node:tls';
import { isIssuedBy, isSelfIssued, verifies } from '../bundle/x509/index.js';
import { attribute, printableName, relatedNames } from './certificate.js';
import type { ServerVerdict } from './facts/index.js';

/** More certificates than this no server sends in earnest. */
const longestChain = 32;

export interface TrustQuestion {
  /** As on the wire, the server's own first. */
  readonly chain: readonly X509Certificate[];
  readonly trusted: readonly X509Certificate[];
  /** The name or address that the certificate must be for. */
  readonly name: string;
  /** The certificates of the device's bundle: one of them may be what the server leaves out. */
  readonly bundle: readonly X509Certificate[];
  /** Whether `trusted` came from a CA file that the user gave. */
  readonly fromCaFile: boolean;
}

type Verdict = Omit<ServerVerdict, 'trusted' | 'error' | 'defaultRootsAccept'>;

/**
 * Finds on our own how the server's chain stands to what is trusted, in order to say what is wrong with it.
 * Whether the server is trusted is decided by the TLS library, never here.
 */
export function judgeServer({
  chain,
  trusted,
  name,
  bundle,
  fromCaFile,
}: TrustQuestion): Verdict | undefined {
  const [leaf] = chain;
  if (leaf === undefined) return undefined;
  const distinct = [...new Map(chain.map((one) => [one.fingerprint256, one])).values()];
  const path = walk(leaf, chain.slice(0, longestChain));
  const top = path.at(-1) ?? leaf;
  const anchor = path
    .map((certificate) => anchorOf(certificate, trusted))
    .find((found) => found !== undefined);
  const base = {
    nameMatches: matchesName(leaf, name),
    certificateNames: certificateNames(leaf),
    outOfOrder: distinct.slice(1).some((certificate, index) => {
      const before = distinct[index];
      return (
        before !== undefined && before.subject !== before.issuer && before.issuer !== certificate.subject
      );
    }),
    leafIsInCaFile: fromCaFile && trusted.some((known) => known.fingerprint256 === leaf.fingerprint256),
  };
  if (anchor !== undefined) {
    const found = {
      anchored: true,
      anchor: printableName(anchor.subject),
      anchorSha256: anchor.fingerprint256,
    };
    return {
      ...base,
      ...found,
      completedByBundle: false,
      sameNameOtherKey: false,
      issuerOfSameOrganisation: false,
    };
  }
  return {
    ...base,
    anchored: false,
    ...(isSelfIssued(top) ? {} : { missingIssuer: printableName(top.issuer) }),
    completedByBundle: completes(top, bundle, trusted),
    sameNameOtherKey: trusted.some((known) => known.subject === top.issuer),
    issuerOfSameOrganisation: trusted.some((known) =>
      relatedNames(printableName(known.subject), printableName(top.issuer)),
    ),
  };
}

/** From the leaf upwards through the certificates of the wire, in whatever order they came. */
export function walk(leaf: X509Certificate, others: readonly X509Certificate[]): readonly X509Certificate[] {
  const path = [leaf];
  const used = new Set([leaf.fingerprint256]);
  for (let current = leaf; !isSelfIssued(current);) {
    const issuer = issuerAmong(
      current,
      others.filter((other) => !used.has(other.fingerprint256)),
    );
    if (issuer === undefined) break;
    path.push(issuer);
    used.add(issuer.fingerprint256);
    current = issuer;
  }
  return path;
}

function anchorOf(
  certificate: X509Certificate,
  trusted: readonly X509Certificate[],
): X509Certificate | undefined {
  const itself = trusted.find((known) => known.fingerprint256 === certificate.fingerprint256);
  return itself ?? issuerAmong(certificate, trusted);
}

function completes(
  top: X509Certificate,
  bundle: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): boolean {
  const path = walk(top, bundle);
  return path.length > 1 && path.slice(1).some((certificate) => anchorOf(certificate, trusted) !== undefined);
}

function matchesName(leaf: X509Certificate, name: string): boolean {
  return checkServerIdentity(name.replace(/%.*$/, ''), leaf.toLegacyObject()) === undefined;
}

function certificateNames(leaf: X509Certificate): readonly string[] {
  const alternative = printableName(leaf.subjectAltName)
    .split(', ')
    .filter((part) => /^(?:DNS|IP Address):/.test(part));
  const names = alternative.map((part) => part.replace(/^[^:]*:/, ''));
  const common = attribute(printableName(leaf.subject), 'CN');
  return names.length > 0 || common === undefined ? names.slice(0, 50) : [common];
}

/**
 * The one that may have issued `certificate`; else the one that signed it although it may not: without keyCertSign, or
 * where the key identifiers name another. The chain has no gap there, it is at fault.
 */
function issuerAmong(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
): X509Certificate | undefined {
  return (
    candidates.find((candidate) => isIssuedBy(certificate, candidate)) ??
    candidates.find(
      (candidate) => certificate.issuer === candidate.subject && verifies(certificate, candidate),
    )
  );
}
