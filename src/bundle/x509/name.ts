import { type Element, attributeNames, readString } from '../asn1/index.js';

/** One attribute of a name, such as the CN. */
export interface NameAttribute {
  readonly oid: string;
  /** As it stands in the certificate, without escapes; `#` and hexadecimal where it is no text. */
  readonly value: string;
  readonly isText: boolean;
}

/** Relative distinguished names in the order of the certificate; one with several attributes is multi-valued. */
export type Name = readonly (readonly NameAttribute[])[];

/** A Name (RFC 5280 section 4.1.2.4). Throws what the element refuses with when it is none. */
export function readName(element: Element): Name {
  return element.sequenceOf('a name').map((set) => set.setOf('a part of a name').map(readAttribute));
}

function readAttribute(element: Element): NameAttribute {
  const fields = element.sequence('an attribute of a name');
  const oid = fields.next('its type').oid('the type of an attribute');
  const value = fields.next('its value');
  fields.end();
  const text = readString(value);
  return text === undefined
    ? { oid, value: `#${Buffer.from(value.bytes).toString('hex')}`, isText: false }
    : { oid, value: text, isText: true };
}

/**
 * One line in the manner of RFC 4514, but in the order of the certificate: `C=DE, O=SAP, CN=pump\, north`.
 * What a terminal would obey and what reorders text is written as hexadecimal pairs. Empty for an empty name.
 */
export function formatName(name: Name): string {
  return name.map((attributes) => attributes.map(formatAttribute).join(' + ')).join(', ');
}

function formatAttribute({ oid, value, isText }: NameAttribute): string {
  return `${attributeNames[oid] ?? oid}=${isText ? escapeValue(value) : value}`;
}

/** Values of one attribute type, the most specific (last) first. */
export function valuesOf(name: Name, oid: string): readonly string[] {
  return name
    .flatMap((attributes) =>
      attributes.filter((attribute) => attribute.oid === oid).map(({ value }) => value),
    )
    .toReversed();
}

export const commonNameOid = '2.5.4.3';

/** What two formatted names share where RFC 5280 section 7.1 calls them the same: case and white space do not count. */
export function nameKey(formatted: string): string {
  return formatted.toLowerCase().replace(/\s+/g, ' ');
}

/** Control characters, line and paragraph separators, bidirectional marks, unpaired surrogates. */
const unprintable = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/gu;

/** What means something in the text of a name gets a backslash (RFC 4514 section 2.4). */
export function escapeReserved(value: string): string {
  return value.replace(/^[ #]|[\\",+;<>]| $/g, String.raw`\$&`);
}

function escapeValue(value: string): string {
  return escapeReserved(value).replace(unprintable, hexPairs);
}

function hexPairs(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `\\${byte.toString(16).padStart(2, '0').toUpperCase()}`)
    .join('');
}
