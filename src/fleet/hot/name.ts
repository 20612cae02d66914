import { type DerElement, elementsIn, tags } from '../../kdf/index.js';

export interface PlainName {
  /** As `X509Certificate` writes it, but on one line. */
  readonly text: string;
  readonly commonName: string | undefined;
}

/** The attribute types of SAP's names (X.520): the last byte of 2.5.4.x, with the names that OpenSSL uses. */
const attributeNames: ReadonlyMap<number, string> = new Map([
  [3, 'CN'],
  [6, 'C'],
  [7, 'L'],
  [8, 'ST'],
  [10, 'O'],
  [11, 'OU'],
]);

/** UTF8String, PrintableString and IA5String. */
const stringTags: ReadonlySet<number> = new Set([0x0c, 0x13, 0x16]);

/** What needs no escaping by RFC 4514 section 2.4. */
const plainText = /^(?![ #])[\x20-\x7e]+(?<! )$/;
const special = /[,+"\\<>;]/;

/** Reads a name of plain attributes, one in each RDN; `undefined` for any other. */
export function readName(der: Uint8Array, name: DerElement | undefined): PlainName | undefined {
  const sets = name?.tag === tags.sequence ? elementsIn(der, name) : undefined;
  if (sets === undefined || sets.length === 0) return undefined;
  const parts: string[] = [];
  let commonName: string | undefined;
  for (const set of sets) {
    const attribute = readAttribute(der, set);
    if (attribute === undefined) return undefined;
    parts.push(`${attribute.type}=${attribute.value}`);
    if (attribute.type === 'CN') commonName = attribute.value;
  }
  return { text: parts.join(', '), commonName };
}

function readAttribute(der: Uint8Array, set: DerElement): { type: string; value: string } | undefined {
  const [pair, ...others] = set.tag === tags.set ? (elementsIn(der, set) ?? []) : [];
  if (pair?.tag !== tags.sequence || others.length > 0) return undefined;
  const [oid, string, ...more] = elementsIn(der, pair) ?? [];
  if (oid?.tag !== tags.oid || string === undefined || more.length > 0) return undefined;
  const type = typeOf(der.subarray(oid.start, oid.end));
  if (type === undefined || !stringTags.has(string.tag)) return undefined;
  const value = Buffer.from(der.subarray(string.start, string.end)).toString('latin1');
  return plainText.test(value) && !special.test(value) ? { type, value } : undefined;
}

function typeOf(oid: Uint8Array): string | undefined {
  const [first, second, last] = oid;
  return oid.length === 3 && first === 0x55 && second === 0x04 ? attributeNames.get(last ?? 0) : undefined;
}
