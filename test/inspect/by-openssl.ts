import type { DescribedCertificate } from '../../src/bundle/inspect/index.js';
import { openssl } from './support.js';

/** What both say of a certificate. */
export type Fields = Omit<
  DescribedCertificate,
  'pem' | 'device' | 'selfIssued' | 'version' | 'otherCritical'
>;

/** What openssl says of a certificate, in sapcert's words where both mean the same. */
export function byOpenssl(pem: string): Fields {
  const ask = (...args: string[]): string[] => openssl(['x509', '-noout', ...args], pem).split('\n');
  const lines = ask(
    '-subject',
    '-issuer',
    '-serial',
    '-fingerprint',
    '-sha256',
    '-dates',
    '-dateopt',
    'iso_8601',
    '-nameopt',
    'sep_comma_plus_space,sname,utf8,esc_2253,esc_ctrl',
  );
  const value = (name: string): string => {
    const line = lines.find((candidate) => candidate.startsWith(`${name}=`)) ?? '';
    return line.slice(name.length + 1);
  };
  const commonNames = ask('-subject', '-issuer', '-nameopt', 'sep_multiline,sname,utf8');
  const issuerAt = commonNames.findIndex((line) => line.startsWith('issuer='));
  const text = ask('-text').join('\n');
  const urls = (pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, url = '']) => url);
  const extension = extensionsOf(ask('-ext', extensions.join(',')));
  const list = (name: string, names: Readonly<Record<string, string>>): string[] | undefined =>
    extension(name)
      ?.split(', ')
      .map((word) => names[word] ?? word);
  const basic = extension('X509v3 Basic Constraints') ?? '';
  const pathLength = /pathlen:(\d+)/.exec(basic)?.[1];
  return {
    subject: value('subject'),
    issuer: value('issuer'),
    commonName: lastCommonName(commonNames.slice(0, issuerAt)),
    issuerCommonName: lastCommonName(commonNames.slice(issuerAt)),
    serial: value('serial'),
    notBefore: value('notBefore').replace(' ', 'T'),
    notAfter: value('notAfter').replace(' ', 'T'),
    fingerprint: value('sha256 Fingerprint'),
    key: keyOf(text),
    signatureAlgorithm: signatureOf(text),
    isCa: basic.includes('CA:TRUE'),
    pathLength: pathLength === undefined ? undefined : Number(pathLength),
    keyUsage: list('X509v3 Key Usage', usageNames),
    extendedKeyUsage: list('X509v3 Extended Key Usage', purposeNames),
    alternativeNames: (list('X509v3 Subject Alternative Name', {}) ?? []).map((name) =>
      name.replace('IP Address:', 'IP:'),
    ),
    caIssuers: urls(/CA Issuers - URI:(.*)/g),
    ocsp: urls(/OCSP - URI:(.*)/g),
    crl: urls(/^\s+URI:(.*)/gm),
    subjectKeyIdentifier: extension('X509v3 Subject Key Identifier'),
    authorityKeyIdentifier: extension('X509v3 Authority Key Identifier')?.replace(/^keyid:/, ''),
  };
}

const extensions = [
  'keyUsage',
  'extendedKeyUsage',
  'subjectAltName',
  'basicConstraints',
  'subjectKeyIdentifier',
  'authorityKeyIdentifier',
];

/** `-ext` prints a heading a line, and the value in the next. */
function extensionsOf(lines: readonly string[]): (name: string) => string | undefined {
  return (name) => {
    const at = lines.findIndex((line) => line.startsWith(`${name}:`));
    return at < 0 ? undefined : lines[at + 1]?.trim();
  };
}

function lastCommonName(lines: readonly string[]): string | undefined {
  const values = lines.flatMap((line) => [...line.matchAll(/(?:^\s+|\+ )CN=(.*?)(?= \+ |$)/g)]);
  return values.at(-1)?.[1];
}

function keyOf(text: string): DescribedCertificate['key'] {
  const algorithm = /Public Key Algorithm: (.*)/.exec(text)?.[1] ?? '';
  const bits = Number(/Public-Key: \((\d+) bit\)/.exec(text)?.[1]);
  const curve = /ASN1 OID: (.*)/.exec(text)?.[1];
  const types: Readonly<Record<string, string>> = {
    rsaEncryption: 'rsa',
    rsassaPss: 'rsa-pss',
    'id-ecPublicKey': 'ec',
    ED25519: 'ed25519',
    ED448: 'ed448',
    dsaEncryption: 'dsa',
  };
  const type = types[algorithm] ?? algorithm;
  return { type, size: type === 'ec' ? curve : type.startsWith('ed') ? undefined : bits };
}

function signatureOf(text: string): string {
  const name = /Signature Algorithm: (.*)/.exec(text)?.[1]?.trim() ?? '';
  const hash = /Hash Algorithm: (\w+)/.exec(text)?.[1] ?? '';
  const names: Readonly<Record<string, string>> = {
    ED25519: 'Ed25519',
    ED448: 'Ed448',
    rsassaPss: `RSASSA-PSS with ${hash.toUpperCase()}`,
    dsa_with_SHA256: 'dsa-with-SHA256',
  };
  return names[name] ?? name;
}

const usageNames: Readonly<Record<string, string>> = {
  'Digital Signature': 'digitalSignature',
  'Non Repudiation': 'nonRepudiation',
  'Key Encipherment': 'keyEncipherment',
  'Data Encipherment': 'dataEncipherment',
  'Key Agreement': 'keyAgreement',
  'Certificate Sign': 'keyCertSign',
  'CRL Sign': 'cRLSign',
  'Encipher Only': 'encipherOnly',
  'Decipher Only': 'decipherOnly',
};

const purposeNames: Readonly<Record<string, string>> = {
  'TLS Web Server Authentication': 'serverAuth',
  'TLS Web Client Authentication': 'clientAuth',
  'Code Signing': 'codeSigning',
  'E-mail Protection': 'emailProtection',
  'Time Stamping': 'timeStamping',
  'OCSP Signing': 'OCSPSigning',
  'Any Extended Key Usage': 'anyExtendedKeyUsage',
};
