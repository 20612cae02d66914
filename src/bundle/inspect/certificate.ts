import type { X509Certificate } from 'node:crypto';
import { type Place, SapcertError } from '../../errors.js';
import { type Element, type Refuse, parseAsn1 } from '../asn1/index.js';
import { parseDeviceName } from '../device-name.js';
import { keyAlgorithm } from '../keys/index.js';
import type { DescribedCertificate } from './types.js';
import {
  type Name,
  commonNameOid,
  formatName,
  nameKey,
  readExtensions,
  readName,
  readSignatureAlgorithm,
  readTime,
  valuesOf,
} from '../x509/index.js';

/**
 * Reads all that a certificate says of itself.
 *
 * @throws SapcertError `file.not-a-certificate` where OpenSSL takes it for one, but a part of it is broken
 */
export function describeCertificate(x509: X509Certificate, place: Place = {}): DescribedCertificate {
  const refuse: Refuse = (message) =>
    new SapcertError('file.not-a-certificate', `a broken certificate (RFC 5280): ${message}`, { place });
  const read = readCertificate(x509.raw, refuse);
  const { extensions } = read;
  const [commonName] = valuesOf(read.subject, commonNameOid);
  const [subject, issuer] = [formatName(read.subject), formatName(read.issuer)];
  return {
    subject,
    issuer,
    commonName,
    issuerCommonName: valuesOf(read.issuer, commonNameOid)[0],
    device: commonName === undefined ? undefined : parseDeviceName(commonName),
    serial: x509.serialNumber,
    notBefore: isoTime(read.notBefore),
    notAfter: isoTime(read.notAfter),
    fingerprint: x509.fingerprint256,
    version: read.version,
    key: publicKeyOf(x509, read.keyOid),
    signatureAlgorithm: read.signatureAlgorithm,
    selfIssued: nameKey(subject) === nameKey(issuer),
    isCa: extensions.isCa,
    pathLength: extensions.pathLength,
    keyUsage: extensions.keyUsage,
    extendedKeyUsage: extensions.extendedKeyUsage,
    alternativeNames: (extensions.alternativeNames ?? []).map(({ kind, value }) => `${kind}:${value}`),
    caIssuers: extensions.caIssuers ?? [],
    ocsp: extensions.ocsp ?? [],
    crl: extensions.crl ?? [],
    subjectKeyIdentifier: extensions.subjectKeyIdentifier,
    authorityKeyIdentifier: extensions.authorityKeyIdentifier,
    otherCritical: extensions.otherCritical ?? [],
    pem: x509.toString(),
  };
}

/** RFC 5280 section 4.1. */
function readCertificate(bytes: Uint8Array, refuse: Refuse) {
  const certificate = parseAsn1(bytes, refuse).sequence('the certificate');
  const tbs = certificate.next('its content').sequence('its content');
  const signatureAlgorithm = readSignatureAlgorithm(certificate.next('the signature algorithm'));
  const version = tbs.optional(0, 'context')?.explicit('the version').count('the version') ?? 0;
  tbs.next('the serial number');
  tbs.next('the signature algorithm');
  const issuer = tbs.next('the issuer');
  const validity = tbs.next('the validity').sequence('the validity');
  const [notBefore, notAfter] = [validity.next('notBefore'), validity.next('notAfter')];
  const subject = tbs.next('the subject');
  const keyInfo = tbs.next('the public key').sequence('the public key');
  tbs.optional(1, 'context');
  tbs.optional(2, 'context');
  const extensions = tbs.optional(3, 'context')?.explicit('the extensions');
  return {
    version: version + 1,
    issuer: readName(issuer),
    subject: readName(subject),
    notBefore: requireTime(notBefore, 'notBefore', refuse),
    notAfter: requireTime(notAfter, 'notAfter', refuse),
    keyOid: keyInfo
      .next('its algorithm')
      .sequence('its algorithm')
      .next('its identifier')
      .oid('the key algorithm'),
    signatureAlgorithm,
    extensions: readExtensions(extensions, refuse),
  } satisfies { issuer: Name; subject: Name; [part: string]: unknown };
}

function requireTime(element: Element, what: string, refuse: Refuse): Date {
  const time = readTime(element);
  if (time === undefined) throw refuse(`${what} is no time`);
  return time;
}

function isoTime(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

/** Of a key that Node does not know, its algorithm in words, or by its identifier. */
function publicKeyOf(x509: X509Certificate, oid: string): DescribedCertificate['key'] {
  const kind = keyAlgorithm(oid)?.name ?? oid;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails: details } = x509.publicKey;
    return { type: asymmetricKeyType ?? kind, size: details?.modulusLength ?? details?.namedCurve };
  } catch {
    return { type: kind, size: undefined };
  }
}
