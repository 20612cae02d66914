import type { X509Certificate } from 'node:crypto';
import { type Bundle, type BundleOptions, openBundle, readBundle } from './bundle.js';
import type { Identity } from './identity.js';
import { type KeyFormat, exportKey, typeOf } from './keys/index.js';
import type { KeyEncryption, Warning } from './types.js';
import { isoTime, oneLine } from './x509/index.js';

export interface StripOptions extends BundleOptions {
  /**
   * How the private key is written: `pkcs8` (default) is what `openssl rsa` 3.x writes, `pkcs1` (RSA) and
   * `sec1` (EC), together `traditional`, what 1.1.1 writes.
   */
  readonly keyFormat?: KeyFormat | undefined;
  /** `all` (default): the leaf, then its chain. `leaf`: what `openssl x509` writes when the leaf stands first. */
  readonly certificates?: 'all' | 'leaf' | undefined;
}

/** The three texts that the three openssl steps give, and what is known about them. */
export interface StrippedBundle {
  /** `private.key`: PEM, not encrypted. Keep it as secret as the secret that opened it. */
  readonly privateKey: string;
  /** `certificate.crt`: PEM, the leaf first. */
  readonly certificate: string;
  /** `newcert.pem`: the private key, then the certificate. */
  readonly combined: string;
  readonly key: KeySummary;
  /** The device's own certificate. */
  readonly leaf: CertificateSummary;
  readonly chain: readonly CertificateSummary[];
  readonly warnings: readonly Warning[];
}

export interface KeySummary {
  /** As node:crypto names it: `rsa`, `rsa-pss`, `ec`, `ed25519`, … */
  readonly type: string;
  /** Bits of an RSA or DSA modulus, or the name of an EC curve. */
  readonly size: number | string | undefined;
  /** How it was protected in the input; `undefined` when it was not. */
  readonly encryption: KeyEncryption | undefined;
}

export interface CertificateSummary {
  /** RFC 4514-like, one line, in the order of the certificate. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal, as in the certificate. */
  readonly serial: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  /** ISO 8601, UTC. */
  readonly notAfter: string;
  /** SHA-256, hexadecimal with colons. */
  readonly fingerprint: string;
}

/**
 * Does the three openssl steps on a device bundle: decrypts the private key, takes the certificate that
 * belongs to it, and joins the two.
 *
 *     openssl rsa  -in device.pem -out private.key -passin pass:SECRET
 *     openssl x509 -in device.pem -out certificate.crt
 *     cat private.key certificate.crt > newcert.pem
 *
 * @param input the bundle: PEM, DER, PKCS#12 or a JSON download, as text or bytes
 * @throws SapcertError as {@link readBundle} and {@link openBundle}
 */
export async function stripBundle(
  input: string | Uint8Array,
  options: StripOptions = {},
): Promise<StrippedBundle> {
  const bundle = await readBundle(input, options);
  return writeIdentity(bundle, await openBundle(bundle, options), options);
}

/**
 * The parts of a bundle alone, without the combined text.
 *
 * @throws SapcertError as {@link stripBundle}
 */
export async function splitBundle(
  input: string | Uint8Array,
  options: StripOptions = {},
): Promise<Omit<StrippedBundle, 'combined'>> {
  const { combined: _, ...parts } = await stripBundle(input, options);
  return parts;
}

/** Renders an opened identity as PEM texts. */
export function writeIdentity(bundle: Bundle, identity: Identity, options: StripOptions): StrippedBundle {
  const { key, lockedKey, leaf, chain } = identity;
  const written = options.certificates === 'leaf' ? [leaf] : [leaf, ...chain];
  const privateKey = exportKey(key, options.keyFormat ?? 'pkcs8');
  const certificate = written.map(({ x509 }) => x509.toString()).join('');
  return {
    privateKey,
    certificate,
    combined: privateKey + certificate,
    key: {
      type: typeOf(key),
      size: keySize(identity.key),
      encryption: lockedKey.encryption,
    },
    leaf: summary(leaf.x509),
    chain: chain.map(({ x509 }) => summary(x509)),
    warnings: [...bundle.warnings, ...identity.warnings],
  };
}

export function summary(x509: X509Certificate): CertificateSummary {
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    serial: x509.serialNumber,
    notBefore: isoTime(x509.validFrom),
    notAfter: isoTime(x509.validTo),
    fingerprint: x509.fingerprint256,
  };
}

function keySize(key: Identity['key']): number | string | undefined {
  const details = key.asymmetricKeyDetails;
  return details?.modulusLength ?? details?.namedCurve;
}
