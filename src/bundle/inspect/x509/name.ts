import type { Element } from '../../asn1/index.js';
import { readString } from './text.js';

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

/** RFC 4514 section 2.4. */
function escapeValue(value: string): string {
  return value.replace(/^[ #]|[\\",+;<>]| $/g, String.raw`\$&`).replace(unprintable, hexPairs);
}

function hexPairs(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `\\${byte.toString(16).padStart(2, '0').toUpperCase()}`)
    .join('');
}

/** Short names as OpenSSL writes them; RFC 4519 has most, RFC 2985, RFC 3739 and the CA/Browser Forum the rest. */
const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.13': 'description',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.20': 'telephoneNumber',
  '2.5.4.41': 'name',
  '2.5.4.42': 'GN',
  '2.5.4.43': 'initials',
  '2.5.4.44': 'generationQualifier',
  '2.5.4.45': 'x500UniqueIdentifier',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '1.2.840.113549.1.9.2': 'unstructuredName',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionL',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
};
