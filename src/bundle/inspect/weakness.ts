import { count } from '../../count.js';
import type { KeyEncryption } from '../types.js';
import type { DescribedCertificate } from './types.js';
import { isForgeable } from '../x509/index.js';

/** NIST SP 800-63B (revision 3) section 5.1.1.2 asks for this many iterations at least. */
const fewIterations = 10_000;

/** Keys of 40, 56 and 64 bits are found by trying them all; RC4 is broken besides (RFC 7465). */
const breakable = /^(?:rc2-40|rc2-64|rc4|des)(?:-|$)(?!ede)/;

/** Why the encryption of a key does not protect it well, where it does not. */
export function encryptionWeakness(encryption: KeyEncryption | undefined): string | undefined {
  if (encryption === undefined) return undefined;
  const { cipher, kdf, iterations, scheme } = encryption;
  if (breakable.test(cipher))
    return `the key is encrypted with ${cipher}, which can be broken without the secret`;
  if (scheme === 'DEK-Info') {
    return 'the secret is hashed only once: one that a person chose is soon guessed (PKCS#8 with PBES2 is better)';
  }
  if (scheme === 'OpenSSH' || iterations === undefined || iterations >= fewIterations) return undefined;
  const rounds = count(iterations, 'iteration');
  return `${rounds} of ${kdf} are few: a secret that a person chose is soon guessed (NIST SP 800-63B: 10000 at least)`;
}

/** RFC 9325 section 4.5: 2048 bits of RSA, 224 of a curve. */
const fewest = { modulus: 2048, curve: 224 } as const;

/** Why the key of a certificate is too small for many TLS libraries, where it is. */
export function keyWeakness({ key: { type, size } }: Pick<DescribedCertificate, 'key'>): string | undefined {
  if (typeof size === 'number')
    return size < fewest.modulus ? `its ${type.toUpperCase()} key has only ${size} bits` : undefined;
  // The names of curves hold their size: prime192v1, secp112r1, brainpoolP160r1, sect163k1.
  const bits = Number(/\d{3}/.exec(size ?? '')?.[0] ?? fewest.curve);
  return bits < fewest.curve ? `its key is on the small curve ${size}` : undefined;
}

/** A root's own signature proves nothing, so that its weakness harms nothing. */
export function signatureWeakness({
  signatureAlgorithm,
  selfIssued,
}: DescribedCertificate): string | undefined {
  if (selfIssued || !isForgeable(signatureAlgorithm)) return undefined;
  return `it is signed with ${signatureAlgorithm}, which can be forged and which many TLS libraries refuse`;
}

/** Why a TLS server must refuse it as a client's certificate (RFC 5280 sections 4.2.1.3 and 4.2.1.12). */
export function purposeFault({ keyUsage, extendedKeyUsage }: DescribedCertificate): string | undefined {
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.some((purpose) => clientPurposes.has(purpose))) {
    return `it is not meant for TLS clients: its extended key usage is ${extendedKeyUsage.join(', ')}`;
  }
  if (
    keyUsage !== undefined &&
    !keyUsage.some((usage) => usage === 'digitalSignature' || usage === 'keyAgreement')
  ) {
    return `its key must not sign, which a TLS client has to: its key usage is ${keyUsage.join(', ')}`;
  }
  return undefined;
}

const clientPurposes: ReadonlySet<string> = new Set(['clientAuth', 'anyExtendedKeyUsage']);
