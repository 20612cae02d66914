import { createHash } from 'node:crypto';
import type { CertificateSummary } from '../../bundle/strip.js';
import {
  type DerElement,
  elementAt,
  elementsIn,
  isOid,
  isShortestPositive,
  type RsaKey,
  tags,
  withoutSign,
} from '../../kdf/index.js';
import { readName } from './name.js';
import { readTime } from './time.js';

/** As much of a device certificate as strip needs, without the cost of `X509Certificate`. */
export interface HotCertificate {
  readonly publicKey: Pick<RsaKey, 'modulus' | 'publicExponent'>;
  readonly commonName: string | undefined;
  readonly summary: CertificateSummary;
}

/** Explicit tags of TBSCertificate (RFC 5280 section 4.1). */
const version = 0xa0;
const extensions = 0xa3;

/** INTEGER 2: version 3. */
const version3 = Buffer.from('020102', 'hex');
/** SEQUENCE { rsaEncryption, NULL } */
const rsaEncryption = Buffer.from('300d06092a864886f70d0101010500', 'hex');

/**
 * Reads a version 3 certificate with an RSA key and plain names, strictly by RFC 5280 section 4.1.
 *
 * @returns `undefined` for anything else, right or wrong
 */
export function readHotCertificate(der: Uint8Array): HotCertificate | undefined {
  const parts = fieldsOf(der, elementAt(der, 0, der.length), tags.sequence);
  const [tbs, algorithm, signature, ...more] = parts ?? [];
  if (tbs?.tag !== tags.sequence || algorithm?.tag !== tags.sequence || more.length > 0) return undefined;
  if (signature?.tag !== tags.bitString || der[signature.start] !== 0) return undefined;
  const [v, serial, inner, issuer, validity, subject, spki, ext, ...rest] = elementsIn(der, tbs) ?? [];
  if (v?.tag !== version || !same(der, v, version3) || rest.length > 0) return undefined;
  if (inner === undefined || !same(der, inner, content(der, algorithm))) return undefined;
  if (ext !== undefined && !areExtensions(der, ext)) return undefined;
  if (!isAlgorithm(der, inner)) return undefined;
  const publicKey = publicKeyOf(der, spki);
  const fields = summaryOf(der, { serial, issuer, validity, subject });
  return publicKey === undefined || fields === undefined ? undefined : { publicKey, ...fields };
}

interface SummaryFields {
  readonly serial: DerElement | undefined;
  readonly issuer: DerElement | undefined;
  readonly validity: DerElement | undefined;
  readonly subject: DerElement | undefined;
}

function summaryOf(der: Uint8Array, fields: SummaryFields): Omit<HotCertificate, 'publicKey'> | undefined {
  const issuer = readName(der, fields.issuer);
  const subject = readName(der, fields.subject);
  const [from, to, ...more] = fieldsOf(der, fields.validity, tags.sequence) ?? [];
  const [notBefore, notAfter] = [readTime(der, from), readTime(der, to)];
  const serial = serialOf(der, fields.serial);
  if (issuer === undefined || subject === undefined || serial === undefined) return undefined;
  if (notBefore === undefined || notAfter === undefined || more.length > 0) return undefined;
  return {
    commonName: subject.commonName,
    summary: {
      subject: subject.text,
      issuer: issuer.text,
      serial,
      notBefore,
      notAfter,
      fingerprint: fingerprintOf(der),
    },
  };
}

function serialOf(der: Uint8Array, element: DerElement | undefined): string | undefined {
  if (element?.tag !== tags.integer) return undefined;
  const bytes = content(der, element);
  if (!isShortestPositive(bytes) || bytes.every((byte) => byte === 0)) return undefined;
  return Buffer.from(withoutSign(bytes)).toString('hex').toUpperCase();
}

function fingerprintOf(der: Uint8Array): string {
  const digest = createHash('sha256').update(der).digest('hex').toUpperCase();
  return (digest.match(/../g) ?? []).join(':');
}

/** The key of a SubjectPublicKeyInfo with an RSA key (RFC 3279 section 2.3.1). */
function publicKeyOf(der: Uint8Array, spki: DerElement | undefined): HotCertificate['publicKey'] | undefined {
  const [algorithm, bits, ...more] = fieldsOf(der, spki, tags.sequence) ?? [];
  if (algorithm === undefined || bits?.tag !== tags.bitString || more.length > 0) return undefined;
  if (spki === undefined || !isRsa(der, spki) || der[bits.start] !== 0) return undefined;
  const key = elementAt(der, bits.start + 1, bits.end);
  const [n, e, ...others] = fieldsOf(der, key?.end === bits.end ? key : undefined, tags.sequence) ?? [];
  if (n?.tag !== tags.integer || e?.tag !== tags.integer || others.length > 0) return undefined;
  const [modulus, exponent] = [content(der, n), content(der, e)];
  if (!isShortestPositive(modulus) || !isShortestPositive(exponent)) return undefined;
  return { modulus: withoutSign(modulus), publicExponent: withoutSign(exponent) };
}

const isRsa = (der: Uint8Array, { start }: DerElement): boolean =>
  Buffer.compare(der.subarray(start, start + rsaEncryption.length), rsaEncryption) === 0;

/** Section 4.1.2.9: each an identifier, perhaps a BOOLEAN, and an OCTET STRING. */
function areExtensions(der: Uint8Array, element: DerElement): boolean {
  const [sequence, ...more] = element.tag === extensions ? (elementsIn(der, element) ?? []) : [];
  const list = more.length > 0 ? undefined : fieldsOf(der, sequence, tags.sequence);
  return list !== undefined && list.length > 0 && list.every((extension) => isExtension(der, extension));
}

function isExtension(der: Uint8Array, extension: DerElement): boolean {
  const [oid, ...rest] = fieldsOf(der, extension, tags.sequence) ?? [];
  if (oid?.tag !== tags.oid || !isOid(content(der, oid))) return false;
  const [critical, value] = rest.length === 1 ? [undefined, rest[0]] : rest;
  if (value?.tag !== tags.octetString || rest.length > 2) return false;
  return critical === undefined || (critical.tag === tags.boolean && critical.end - critical.start === 1);
}

/** AlgorithmIdentifier: an identifier, perhaps with parameters. */
function isAlgorithm(der: Uint8Array, element: DerElement): boolean {
  const [oid, ...parameters] = fieldsOf(der, element, tags.sequence) ?? [];
  return oid?.tag === tags.oid && isOid(content(der, oid)) && parameters.length < 2;
}

function fieldsOf(
  der: Uint8Array,
  element: DerElement | undefined,
  tag: number,
): readonly DerElement[] | undefined {
  return element?.tag === tag ? elementsIn(der, element) : undefined;
}

const content = (der: Uint8Array, { start, end }: DerElement): Uint8Array => der.subarray(start, end);

const same = (der: Uint8Array, element: DerElement, bytes: Uint8Array): boolean =>
  Buffer.compare(content(der, element), bytes) === 0;
