import { X509Certificate, createHash } from 'node:crypto';
import { type Element, Tag, parseAsn1 } from '../bundle/asn1/index.js';
import {
  isSelfIssued,
  isoTime,
  oneLine,
  purposeName,
  readKeyUsage,
  readSignatureAlgorithm,
} from '../bundle/x509/index.js';
import { SapcertError } from '../errors.js';
import type { CertificateFacts } from './facts/index.js';
import { printable } from './printable.js';

/** What a diagnosis asks about a certificate. Never throws: what cannot be read is left out. */
export function certificateFacts(x509: X509Certificate): CertificateFacts {
  const certificate = readAsn1(x509);
  const usage = keyUsage(certificate);
  const names = alternativeNames(x509.subjectAltName);
  const issuerUrls = caIssuers(x509.infoAccess);
  const usages = extendedKeyUsage(x509);
  return {
    subject: printableName(x509.subject),
    issuer: printableName(x509.issuer),
    serial: x509.serialNumber,
    notBefore: isoTime(x509.validFrom),
    notAfter: isoTime(x509.validTo),
    sha256: x509.fingerprint256,
    key: keyFacts(x509),
    signature: signatureAlgorithm(certificate),
    isCa: x509.ca || (isSelfIssued(x509) && isVersion1(certificate)),
    selfIssued: isSelfIssued(x509),
    ...(usages === undefined ? {} : { extendedKeyUsage: usages }),
    ...(usage === undefined ? {} : { keyUsage: usage }),
    ...(names.length === 0 ? {} : { names }),
    ...(issuerUrls.length === 0 ? {} : { issuerUrls }),
  };
}

/** A certificate from the wire; `undefined` when it is none. */
export function parseCertificate(base64: string): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

/** The issuer's Name as DER, base64: what the names of a CertificateRequest are compared with. */
export function issuerName(x509: X509Certificate): string {
  const tbs = readAsn1(x509)?.children?.[0]?.children ?? [];
  const fields = tbs[0]?.is(0, 'context') === true ? tbs.slice(1) : tbs;
  return Buffer.from(fields[2]?.bytes ?? new Uint8Array()).toString('base64');
}

/** SHA-256 of a certificate from the wire, as node:crypto writes it. */
export function fingerprint(base64: string): string {
  const hex = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex').toUpperCase();
  return (hex.match(/../g) ?? []).join(':');
}

/** A name as node:crypto writes it, on one line and fit to print. */
export function printableName(name: string | undefined): string {
  return printable(oneLine(name));
}

/** The CN of a one-line name, else all of it. */
export function commonName(name: string): string {
  return attribute(name, 'CN') ?? name;
}

/** The value of an attribute such as `O` in a one-line name. */
export function attribute(name: string, type: string): string | undefined {
  return new RegExp(`(?:^|,\\s*)${type}=((?:\\\\.|[^,\\\\])*)`).exec(name)?.[1];
}

/** Words that stand in the names of authorities everywhere. */
const common =
  /^(?:root|ca|intermediate|issuing|issuer|sub|subordinate|authority|certificate|certification|trust|network|services?|global|public|private|class|tls|ssl|rsa|ecc|ecdsa|sha\d*|cn|inc|gmbh|ltd|ag|the|and|of|for|test|device|server|client|internet|things|iot|\d+|[a-z]\d*)$/;

/** Whether two names of authorities look like the same organisation's: a hint, never a proof. */
export function relatedNames(a: string, b: string): boolean {
  const [first, second] = [attribute(a, 'O'), attribute(b, 'O')];
  if (first !== undefined && second !== undefined) return first === second;
  const known = new Set(distinctiveWords(a));
  return distinctiveWords(b).some((word) => known.has(word));
}

function distinctiveWords(name: string): readonly string[] {
  const words = commonName(name)
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.filter((word) => word !== '' && !common.test(word));
}

function keyFacts(x509: X509Certificate): CertificateFacts['key'] {
  try {
    const { asymmetricKeyType: type = 'unknown', asymmetricKeyDetails: details = {} } = x509.publicKey;
    return {
      type,
      ...(details.modulusLength === undefined ? {} : { bits: details.modulusLength }),
      ...(details.namedCurve === undefined ? {} : { curve: details.namedCurve }),
    };
  } catch {
    return { type: 'unknown' };
  }
}

/** node:crypto calls the extended key usage `keyUsage`. */
function extendedKeyUsage(x509: X509Certificate): readonly string[] | undefined {
  const oids: readonly string[] | undefined = x509.keyUsage;
  return oids?.map(purposeName);
}

/** `DNS:a, IP Address:1.2.3.4`; names with special characters are quoted as JSON strings. */
function alternativeNames(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const found = text.matchAll(/(DNS|IP Address|URI|email):("(?:\\.|[^"\\])*"|[^,]*)/g);
  return [...found].slice(0, 100).map(([, type = '', value = '']) => {
    const bare = value.startsWith('"') ? value.slice(1, -1) : value;
    return printable(`${type === 'IP Address' ? 'IP' : type}:${bare.trim()}`);
  });
}

function caIssuers(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(/^CA Issuers - URI:(.*)$/gm)].map(([, url = '']) => printable(url));
}

/** What node:crypto does not tell: RFC 5280 section 4.1. */
function signatureAlgorithm(certificate: Element | undefined): string {
  try {
    const [, algorithm] = certificate?.children ?? [];
    return algorithm === undefined ? 'unknown' : readSignatureAlgorithm(algorithm);
  } catch {
    return 'unknown';
  }
}

/** Roots from before version 3 have no basic constraints; OpenSSL takes them for authorities all the same. */
function isVersion1(certificate: Element | undefined): boolean {
  return certificate?.children?.[0]?.children?.[0]?.is(0, 'context') === false;
}

/** RFC 5280 section 4.2.1.3. */
function keyUsage(certificate: Element | undefined): readonly string[] | undefined {
  try {
    const [tbs] = certificate?.children ?? [];
    const extensions =
      tbs?.children?.find((element) => element.is(3, 'context'))?.children?.[0]?.children ?? [];
    const found = extensions.find((candidate) => candidate.children?.[0]?.oid('extension') === '2.5.29.15');
    const value = found?.children?.find((element) => element.is(Tag.octetString));
    return value === undefined ? undefined : readKeyUsage(parseAsn1(value.content, refuse));
  } catch {
    return undefined;
  }
}

function readAsn1(x509: X509Certificate): Element | undefined {
  try {
    return parseAsn1(x509.raw, refuse);
  } catch {
    return undefined;
  }
}

function refuse(message: string): SapcertError {
  return new SapcertError('file.not-a-certificate', message);
}
