import { createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { SapcertError } from '../errors.js';
import { generateKey, type KeyKind } from './keys.js';
import type { DistinguishedName } from './names.js';
import {
  canSign,
  signCertificate,
  signCrl,
  type CertificateUsage,
  type SignatureHash,
  type Signer,
} from './x509.js';

/** A certificate and the private key that belongs to it. */
export interface Credentials {
  /** One PEM block with LF line ends, 64 columns and a final newline. */
  readonly pem: string;
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** Something that issues certificates: a root, or an intermediate below one. */
export interface Authority extends Credentials {
  readonly subject: DistinguishedName;
  /** Issues a certificate; makes its key where none is given. */
  readonly issue: (options: IssueOptions) => Promise<Credentials>;
  /** PEM of a revocation list. */
  readonly revoke: (revoked: readonly X509Certificate[], options?: CrlOptions) => Promise<string>;
}

export interface IssueOptions {
  readonly subject: DistinguishedName;
  /** `rsa-2048` by default. */
  readonly keyKind?: KeyKind | undefined;
  /** A private key to certify instead of a new one. */
  readonly key?: KeyObject | undefined;
  /** Now by default. */
  readonly notBefore?: Date | undefined;
  /** From `notBefore` on; 365 by default, fractions allowed. */
  readonly days?: number | undefined;
  /** `client` by default, `unrestricted` for an authority. */
  readonly usage?: CertificateUsage | undefined;
  /** Host names, IP addresses and URIs. */
  readonly altNames?: readonly string[] | undefined;
  /** Hexadecimal; 16 random bytes by default. */
  readonly serial?: string | undefined;
  /** `SHA-256` by default. An Ed25519 issuer has no choice. */
  readonly signatureHash?: SignatureHash | undefined;
  /** Authority information access, `caIssuers` (RFC 5280 section 4.2.2.1). */
  readonly caIssuersUrl?: string | undefined;
  /** CRL distribution point. */
  readonly crlUrl?: string | undefined;
  readonly isCa?: boolean | undefined;
  readonly pathLength?: number | undefined;
}

export interface AuthorityOptions extends Omit<IssueOptions, 'isCa' | 'usage'> {
  /** The authority that signs this one; without it the authority is a self-signed root. */
  readonly parent?: Authority | undefined;
}

export interface CrlOptions {
  readonly thisUpdate?: Date | undefined;
  /** Days until the next list; 30 by default. */
  readonly days?: number | undefined;
  readonly number?: number | undefined;
  readonly signatureHash?: SignatureHash | undefined;
}

const dayMs = 86_400_000;

/**
 * A new root or intermediate; valid for 10 years by default.
 *
 * @throws SapcertError `key.unsupported-type` when its key cannot sign certificates here (Ed448, DSA, RSA-PSS,
 *   secp256k1, brainpool: WebCrypto lacks them)
 */
export async function createAuthority(options: AuthorityOptions): Promise<Authority> {
  const { parent, ...rest } = options;
  const issued: IssueOptions = { days: 3650, ...rest, isCa: true, usage: 'unrestricted' };
  const credentials = parent === undefined ? await selfSigned(issued) : await parent.issue(issued);
  return openAuthority(credentials, options.subject);
}

/**
 * An authority from what was kept of it.
 *
 * @param subject its name exactly as the certificate has it: it becomes the issuer of what it signs
 */
export function openAuthority(credentials: Credentials, subject: DistinguishedName): Authority {
  if (!canSign(credentials.key)) {
    throw new SapcertError('key.unsupported-type', 'an authority cannot sign with this kind of key', {
      hint: 'give the authority an RSA, P-256, P-384, P-521 or Ed25519 key',
    });
  }
  const { pem, certificate, key } = credentials;
  return {
    pem,
    certificate,
    key,
    subject,
    issue: async (options) => issue(options, subject, key),
    revoke: async (revoked, options = {}) => revoke(revoked, options, { subject, key }),
  };
}

/** A certificate that its own key signed. */
export async function selfSigned(options: IssueOptions): Promise<Credentials> {
  const key = options.key ?? (await generateKey(options.keyKind ?? 'rsa-2048'));
  return issue({ ...options, key }, options.subject, key);
}

/** A year that ended yesterday. */
export function ended(): Pick<IssueOptions, 'notBefore' | 'days'> {
  return { notBefore: new Date(Date.now() - 366 * dayMs), days: 365 };
}

/** A year that begins tomorrow. */
export function beginning(): Pick<IssueOptions, 'notBefore' | 'days'> {
  return { notBefore: new Date(Date.now() + dayMs), days: 365 };
}

async function issue(
  options: IssueOptions,
  issuer: DistinguishedName,
  issuerKey: KeyObject,
): Promise<Credentials> {
  const key = options.key ?? (await generateKey(options.keyKind ?? 'rsa-2048'));
  const notBefore = options.notBefore ?? new Date();
  const pem = await signCertificate(
    {
      subject: options.subject,
      issuer,
      notBefore,
      notAfter: new Date(notBefore.getTime() + (options.days ?? 365) * dayMs),
      serial: options.serial,
      usage: options.usage ?? 'client',
      isCa: options.isCa ?? false,
      pathLength: options.pathLength,
      altNames: options.altNames ?? [],
      caIssuersUrl: options.caIssuersUrl,
      crlUrl: options.crlUrl,
    },
    createPublicKey(key),
    signerOf(issuerKey, options.signatureHash),
  );
  return { pem, certificate: new X509Certificate(pem), key };
}

async function revoke(
  revoked: readonly X509Certificate[],
  options: CrlOptions,
  issuer: { readonly subject: DistinguishedName; readonly key: KeyObject },
): Promise<string> {
  const thisUpdate = options.thisUpdate ?? new Date();
  return signCrl(
    {
      issuer: issuer.subject,
      thisUpdate,
      nextUpdate: new Date(thisUpdate.getTime() + (options.days ?? 30) * dayMs),
      number: options.number ?? 1,
      revoked: revoked.map(({ serialNumber }) => ({ serial: serialNumber, at: thisUpdate })),
    },
    signerOf(issuer.key, options.signatureHash),
  );
}

function signerOf(key: KeyObject, hash: SignatureHash = 'SHA-256'): Signer {
  return { key, hash };
}
