// The only file that imports @peculiar/x509, which needs reflect-metadata before it. Importing the two costs
// 100 to 200 ms: whoever needs them imports `pki/` dynamically.
import 'reflect-metadata';
import { createPublicKey, webcrypto, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import { SapcertError } from '../errors.js';
import { encodeName, type DistinguishedName } from './names.js';

export type SignatureHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** What a certificate may be used for (extended key usage, RFC 5280 section 4.2.1.12). */
export type CertificateUsage = 'client' | 'server' | 'client-server' | 'code-signing' | 'unrestricted';

export interface CertificateFields {
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hexadecimal; 16 random bytes by default. */
  readonly serial?: string | undefined;
  readonly usage: CertificateUsage;
  readonly isCa: boolean;
  readonly pathLength?: number | undefined;
  /** Host names, IP addresses and URIs (`https://..`, `urn:..`) of the subject alternative name. */
  readonly altNames: readonly string[];
  readonly caIssuersUrl?: string | undefined;
  readonly crlUrl?: string | undefined;
}

export interface Signer {
  readonly key: KeyObject;
  readonly hash: SignatureHash;
}

const { clientAuth, serverAuth, codeSigning } = x509.ExtendedKeyUsage;

const extendedUsages: Record<CertificateUsage, x509.ExtendedKeyUsageType[]> = {
  client: [clientAuth],
  server: [serverAuth],
  'client-server': [clientAuth, serverAuth],
  'code-signing': [codeSigning],
  unrestricted: [],
};

const curves: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

/** PEM of a certificate for `publicKey` (any kind that node:crypto can export), signed with `signer`. */
export async function signCertificate(
  fields: CertificateFields,
  publicKey: KeyObject,
  signer: Signer,
): Promise<string> {
  const key = await signingKey(signer);
  const certificate = await x509.X509CertificateGenerator.create({
    ...(fields.serial === undefined ? {} : { serialNumber: fields.serial }),
    subject: new x509.Name(encodeName(fields.subject)),
    issuer: new x509.Name(encodeName(fields.issuer)),
    notBefore: fields.notBefore,
    notAfter: fields.notAfter,
    publicKey: spki(publicKey),
    signingKey: key,
    signingAlgorithm: { name: key.algorithm.name, hash: signer.hash },
    extensions: await extensionsOf(fields, publicKey, signer.key),
  });
  return withFinalNewline(certificate.toString('pem'));
}

async function extensionsOf(
  fields: CertificateFields,
  publicKey: KeyObject,
  issuerKey: KeyObject,
): Promise<x509.Extension[]> {
  const { isCa, pathLength, altNames, caIssuersUrl, crlUrl } = fields;
  const purposes = extendedUsages[fields.usage];
  return [
    new x509.BasicConstraintsExtension(isCa, pathLength, true),
    keyUsage(isCa, publicKey),
    ...(purposes.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(purposes)]),
    await x509.SubjectKeyIdentifierExtension.create(new x509.PublicKey(spki(publicKey))),
    await x509.AuthorityKeyIdentifierExtension.create(new x509.PublicKey(spki(issuerKey))),
    ...(altNames.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(altNames.map(generalName))]),
    ...(caIssuersUrl === undefined
      ? []
      : [new x509.AuthorityInfoAccessExtension({ caIssuers: [caIssuersUrl] })]),
    ...(crlUrl === undefined ? [] : [new x509.CRLDistributionPointsExtension([crlUrl])]),
  ];
}

/** RFC 5280 section 4.2.1.3, as the DER of its named bit list. */
function keyUsage(isCa: boolean, publicKey: KeyObject): x509.Extension {
  const keyCertSignAndCrlSign = [3, 2, 1, 0x06];
  const digitalSignatureAndKeyEncipherment = [3, 2, 5, 0xa0];
  const digitalSignature = [3, 2, 7, 0x80];
  const leaf = publicKey.asymmetricKeyType === 'rsa' ? digitalSignatureAndKeyEncipherment : digitalSignature;
  return new x509.Extension('2.5.29.15', true, new Uint8Array(isCa ? keyCertSignAndCrlSign : leaf));
}

function generalName(name: string): x509.JsonGeneralName {
  if (isIP(name) !== 0) return { type: 'ip', value: name };
  return /^[a-z][a-z0-9+.-]*:/i.test(name) ? { type: 'url', value: name } : { type: 'dns', value: name };
}

export interface CrlFields {
  readonly issuer: DistinguishedName;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly number: number;
  /** Serial numbers in hexadecimal. */
  readonly revoked: readonly { readonly serial: string; readonly at: Date }[];
}

/** PEM of a version 2 revocation list (RFC 5280 section 5). */
export async function signCrl(fields: CrlFields, signer: Signer): Promise<string> {
  const crl = await x509.X509CrlGenerator.create({
    issuer: new x509.Name(encodeName(fields.issuer)),
    thisUpdate: fields.thisUpdate,
    nextUpdate: fields.nextUpdate,
    entries: fields.revoked.map(({ serial, at }) => ({
      serialNumber: serial,
      revocationDate: at,
      reason: x509.X509CrlReason.keyCompromise,
    })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(new x509.PublicKey(spki(signer.key))),
      new x509.Extension('2.5.29.20', false, derInteger(fields.number)),
    ],
    signingKey: await signingKey(signer),
    signingAlgorithm: { ...signatureName(signer.key), hash: signer.hash },
  });
  // RFC 7468 section 6 wants this label; the library writes `CRL`, which openssl does not read.
  return withFinalNewline(crl.toString('pem').replaceAll(/(BEGIN|END) CRL/g, '$1 X509 CRL'));
}

/** X.690 section 8.3, for a whole number that is not negative. */
function derInteger(value: number): Uint8Array<ArrayBuffer> {
  const digits = value.toString(16);
  const content = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  const sign = (content[0] ?? 0) > 0x7f ? [0] : [];
  return new Uint8Array([2, sign.length + content.length, ...sign, ...content]);
}

/** Which keys an authority can have: those that WebCrypto signs with. */
export function canSign(key: KeyObject): boolean {
  return (
    key.asymmetricKeyType === 'rsa' ||
    key.asymmetricKeyType === 'ed25519' ||
    (key.asymmetricKeyType === 'ec' && curves.has(key.asymmetricKeyDetails?.namedCurve ?? ''))
  );
}

async function signingKey({ key, hash }: Signer): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, { ...signatureName(key), hash }, false, ['sign']);
}

function signatureName(key: KeyObject): { readonly name: string; readonly namedCurve?: string } {
  const curve = curves.get(key.asymmetricKeyDetails?.namedCurve ?? '');
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5' };
  if (key.asymmetricKeyType === 'ed25519') return { name: 'Ed25519' };
  if (key.asymmetricKeyType === 'ec' && curve !== undefined) return { name: 'ECDSA', namedCurve: curve };
  throw new SapcertError('key.unsupported-type', `an authority cannot sign with this kind of key`, {
    hint: 'give the authority an RSA, P-256, P-384, P-521 or Ed25519 key',
  });
}

/** The SubjectPublicKeyInfo of a public key or of a private key's public half. */
function spki(key: KeyObject): Uint8Array<ArrayBuffer> {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
}

function withFinalNewline(pem: string): string {
  return `${pem.replaceAll('\r\n', '\n').trimEnd()}\n`;
}
