import type { FoundCertificate, Warning } from './types.js';
import { isIssuedBy, isSelfIssued } from './x509/index.js';

export interface OrderedChain {
  /** The issuers of the leaf that were found: its own issuer first, a root last. */
  readonly chain: readonly FoundCertificate[];
  readonly warnings: readonly Warning[];
}

/**
 * Orders the certificates of an input from the leaf upwards, by issuer name, key identifier and signature
 * (RFC 5280 section 6.1; RFC 5246 section 7.4.2 wants this order on the wire). What does not lead from the leaf
 * to its root is left out, with a warning.
 */
export function orderChain(leaf: FoundCertificate, certificates: readonly FoundCertificate[]): OrderedChain {
  const chain: FoundCertificate[] = [];
  const used = new Set([leaf.x509.fingerprint256]);
  for (let current = leaf.x509; !isSelfIssued(current);) {
    const issuer = certificates.find(
      ({ x509 }) => !used.has(x509.fingerprint256) && isIssuedBy(current, x509),
    );
    if (issuer === undefined) break;
    chain.push(issuer);
    used.add(issuer.x509.fingerprint256);
    current = issuer.x509;
  }
  return { chain, warnings: [...orderWarnings(leaf, certificates), ...leftOut(certificates, used)] };
}

function orderWarnings(leaf: FoundCertificate, certificates: readonly FoundCertificate[]): Warning[] {
  if (certificates[0]?.x509.fingerprint256 === leaf.x509.fingerprint256) return [];
  const message = 'the device certificate does not stand first in the input; it does in the output';
  return [{ code: 'bundle.leaf-not-first', message, place: leaf.place }];
}

function leftOut(certificates: readonly FoundCertificate[], used: ReadonlySet<string>): Warning[] {
  return certificates
    .filter(({ x509 }) => !used.has(x509.fingerprint256))
    .map(({ x509, place }) => ({
      code: 'bundle.unrelated-certificate',
      message: `a certificate that does not lead from the device's to its root is left out: ${x509.subject.split('\n').join(', ')}`,
      place,
    }));
}
