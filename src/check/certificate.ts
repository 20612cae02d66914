import { X509Certificate, createHash } from 'node:crypto';
import { type Element, Tag, parseAsn1 } from '../bundle/asn1/index.js';
import { SapcertError } from '../errors.js';
import type { CertificateFacts } from './facts.js';
import { printable } from './printable.js';

/** What a diagnosis asks about a certificate. Never throws: what cannot be read is left out. */
export function certificateFacts(x509: X509Certificate): CertificateFacts {
  const details = readDetails(x509);
  const names = alternativeNames(x509.subjectAltName);
  const issuerUrls = caIssuers(x509.infoAccess);
  const usages = extendedKeyUsage(x509);
  return {
    subject: oneLine(x509.subject),
    issuer: oneLine(x509.issuer),
    serial: x509.serialNumber,
    notBefore: isoTime(x509.validFrom),
    notAfter: isoTime(x509.validTo),
    sha256: x509.fingerprint256,
    key: keyFacts(x509),
    signature: details.signature,
    isCa: x509.ca,
    selfIssued: x509.subject === x509.issuer,
    ...(usages === undefined ? {} : { extendedKeyUsage: usages }),
    ...(details.keyUsage === undefined ? {} : { keyUsage: details.keyUsage }),
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
  try {
    const tbs = readAsn1(x509).children?.[0]?.children ?? [];
    const fields = tbs[0]?.is(0, 'context') === true ? tbs.slice(1) : tbs;
    return Buffer.from(fields[2]?.bytes ?? new Uint8Array()).toString('base64');
  } catch {
    return '';
  }
}

/** SHA-256 of a certificate from the wire, as node:crypto writes it. */
export function fingerprint(base64: string): string {
  const hex = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex').toUpperCase();
  return (hex.match(/../g) ?? []).join(':');
}

/** Whether `issuer` signed `certificate`: names, key identifiers and signature fit (RFC 5280 section 6.1). */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

/** node:crypto writes a line an attribute. */
export function oneLine(name: string | undefined): string {
  return printable((name ?? '').split('\n').join(', '));
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

function isoTime(openssl: string): string {
  const time = Date.parse(openssl);
  return Number.isNaN(time) ? openssl : new Date(time).toISOString().replace('.000Z', 'Z');
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

const usageNames: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};

/** node:crypto calls the extended key usage `keyUsage`. */
function extendedKeyUsage(x509: X509Certificate): readonly string[] | undefined {
  const oids: readonly string[] | undefined = x509.keyUsage;
  return oids?.map((oid) => usageNames[oid] ?? oid);
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

interface Details {
  readonly signature: string;
  readonly keyUsage: readonly string[] | undefined;
}

const signatureNames: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'rsassaPss',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.10045.4.1': 'ecdsaWithSHA1',
  '1.2.840.10045.4.3.1': 'ecdsaWithSHA224',
  '1.2.840.10045.4.3.2': 'ecdsaWithSHA256',
  '1.2.840.10045.4.3.3': 'ecdsaWithSHA384',
  '1.2.840.10045.4.3.4': 'ecdsaWithSHA512',
  '1.2.840.10040.4.3': 'dsaWithSHA1',
  '2.16.840.1.101.3.4.3.2': 'dsaWithSHA256',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};

/** What node:crypto does not tell: RFC 5280 section 4.1. */
function readDetails(x509: X509Certificate): Details {
  try {
    const [tbs, algorithm] = readAsn1(x509).children ?? [];
    const oid = algorithm?.children?.[0]?.oid('signature algorithm') ?? 'unknown';
    const extensions =
      tbs?.children?.find((element) => element.is(3, 'context'))?.children?.[0]?.children ?? [];
    return { signature: signatureNames[oid] ?? oid, keyUsage: keyUsage(extensions) };
  } catch {
    return { signature: 'unknown', keyUsage: undefined };
  }
}

function readAsn1(x509: X509Certificate): Element {
  return parseAsn1(x509.raw, (message) => new SapcertError('file.not-a-certificate', message));
}

const keyUsageBits = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
] as const;

function keyUsage(extensions: readonly Element[]): readonly string[] | undefined {
  const extension = extensions.find((candidate) => candidate.children?.[0]?.oid('extension') === '2.5.29.15');
  const value = extension?.children?.find((element) => element.is(Tag.octetString));
  const bits = value?.content;
  // OCTET STRING around BIT STRING: 03 length unused bits...
  if (bits === undefined || bits[0] !== Tag.bitString) return undefined;
  const first = bits[3] ?? 0;
  return keyUsageBits.filter((_, index) => (first & (0x80 >> index)) !== 0);
}
