import { isForgeable } from '../bundle/x509/index.js';
import type { CertificateFacts } from './facts/index.js';

/** What makes a certificate too weak for many of today's TLS libraries; `undefined`: nothing does. */
export function weakness(certificate: CertificateFacts): string | undefined {
  return keyWeakness(certificate, 2048, 224) ?? hashWeakness(certificate);
}

/** What makes it too weak even for a TLS library at OpenSSL's security level 1. */
export function gravestWeakness(certificate: CertificateFacts): string | undefined {
  return keyWeakness(certificate, 1024, 160) ?? hashWeakness(certificate);
}

/** Fewer than 112 bits of security (RFC 9325 section 4.5 asks for 2048-bit RSA or 224-bit curves at least). */
export function keyWeakness({ key }: CertificateFacts, rsaBits = 2048, curveBits = 224): string | undefined {
  const { type, bits, curve } = key;
  if ((type === 'rsa' || type === 'rsa-pss' || type === 'dsa') && bits !== undefined && bits < rsaBits) {
    return `its ${type.toUpperCase()} key has only ${bits} bits`;
  }
  const size = Number(/\d{3}/.exec(curve ?? '')?.[0] ?? curveBits);
  return type === 'ec' && size < curveBits ? `its key is on the small curve ${curve ?? ''}` : undefined;
}

/** SHA-1 and MD5 signatures can be forged (RFC 9155, RFC 6151). A root's own signature proves nothing anyway. */
export function hashWeakness({ signature, selfIssued, isCa }: CertificateFacts): string | undefined {
  if (selfIssued && isCa) return undefined;
  return isForgeable(signature) ? `it is signed with ${signature}` : undefined;
}
