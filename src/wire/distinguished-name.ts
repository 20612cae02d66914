import { ByteReader, harmless, hex, peerText, view } from './bytes.js';

/** Short names: those of RFC 4514 section 3, and the others that certificates really have. */
const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.17': 'postalCode',
  '2.5.4.42': 'GN',
  '2.5.4.43': 'initials',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
};

const Tag = {
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  explicitVersion: 0xa0,
} as const;

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag and length included. */
  readonly whole: Uint8Array;
}

/**
 * A DER-encoded Name as RFC 4514 text, most specific part first: `CN=Device CA,O=Example,C=DE`. What is not a
 * Name comes back as `#` and its bytes in hex.
 */
export function nameToString(der: Uint8Array): string {
  const [sequence] = elements(der) ?? [];
  const sets = sequence?.tag === Tag.sequence ? elements(sequence.content) : undefined;
  const parts = sets?.map(relativeName);
  if (parts === undefined || parts.includes(undefined)) return `#${hex(der)}`;
  return parts.toReversed().join(',');
}

/**
 * Whose certificate it is and who issued it, both as RFC 4514 text. Undefined for bytes that are no certificate.
 * Nothing else of the certificate is looked at.
 */
export function certificateNames(
  der: Uint8Array,
): { readonly subject: string; readonly issuer: string } | undefined {
  const [certificate] = elements(der) ?? [];
  const [body] = (certificate && elements(certificate.content)) ?? [];
  const fields = (body && elements(body.content)) ?? [];
  // Version, serial number, algorithm, issuer, validity, subject (RFC 5280 section 4.1); version 1 has no version.
  const start = fields[0]?.tag === Tag.explicitVersion ? 1 : 0;
  const [issuer, , subject] = fields.slice(start + 2);
  if (issuer?.tag !== Tag.sequence || subject?.tag !== Tag.sequence) return undefined;
  return { subject: nameToString(subject.whole), issuer: nameToString(issuer.whole) };
}

function relativeName(set: Element): string | undefined {
  if (set.tag !== Tag.set) return undefined;
  const parts = elements(set.content)?.map(attribute);
  if (parts === undefined || parts.includes(undefined)) return undefined;
  // Their order means nothing; OpenSSL turns it round with the rest.
  return parts.toReversed().join('+');
}

function attribute({ tag, content }: Element): string | undefined {
  const [type, value, more] = tag === Tag.sequence ? (elements(content) ?? []) : [];
  if (type?.tag !== Tag.objectIdentifier || value === undefined || more !== undefined) return undefined;
  const oid = dotted(type.content);
  const name = attributeNames[oid];
  const text = name === undefined ? undefined : stringValue(value);
  return text === undefined ? `${name ?? oid}=#${hex(value.whole)}` : `${name}=${escapeValue(text)}`;
}

function stringValue({ tag, content }: Element): string | undefined {
  switch (tag) {
    case Tag.utf8String:
      return peerText(content);
    case Tag.printableString:
    case Tag.ia5String:
    case Tag.numericString:
    case Tag.visibleString:
    case Tag.teletexString:
      return harmless(view(content).toString('latin1'));
    case Tag.bmpString:
      return content.length % 2 === 0
        ? harmless(view(Uint8Array.from(content)).swap16().toString('utf16le'))
        : undefined;
    case Tag.universalString:
      return universal(content);
    default:
      return undefined;
  }
}

function universal(content: Uint8Array): string | undefined {
  const points: number[] = [];
  const reader = new ByteReader(content);
  while (reader.more) points.push(reader.u32());
  if (reader.overrun || points.some((point) => point > 0x10_ff_ff)) return undefined;
  return harmless(String.fromCodePoint(...points.slice(0, 1024)));
}

/** RFC 4514 section 2.4. */
function escapeValue(text: string): string {
  return text
    .replace(/[\\",+;<>]/g, String.raw`\$&`)
    .replace(/^[ #]/, String.raw`\$&`)
    .replace(/ $/, String.raw`\ `);
}

function dotted(content: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...others] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...others].join('.');
}

/** The DER elements that lie one after another in `bytes`; undefined where that is not what they are. */
function elements(bytes: Uint8Array): Element[] | undefined {
  const found: Element[] = [];
  let start = 0;
  while (start < bytes.length) {
    const reader = new ByteReader(bytes.subarray(start));
    const tag = reader.u8();
    const first = reader.u8();
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    if (first === 0x80 || lengthBytes > 3) return undefined;
    const length = lengthBytes === 0 ? first : numberOf(reader.take(lengthBytes));
    const content = reader.take(length);
    if (reader.overrun) return undefined;
    const end = start + 2 + lengthBytes + length;
    found.push({ tag, content, whole: bytes.subarray(start, end) });
    start = end;
  }
  return found;
}

function numberOf(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
