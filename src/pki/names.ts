import { SapcertError } from '../errors.js';

/**
 * A distinguished name, most general part first. As text the parts are joined by `, ` and a comma, plus sign or
 * backslash inside a value stands behind a backslash: `C=DE, O=SAP Trust Community, CN=pump\, north`.
 */
export type DistinguishedName = string | readonly NamePart[];
export type NamePart = readonly [type: string, value: string];

/** Short names of RFC 4519, and the two of RFC 2985 and RFC 4519 that hold an IA5String. */
const attributeTypes: ReadonlyMap<string, string> = new Map([
  ['C', '2.5.4.6'],
  ['ST', '2.5.4.8'],
  ['L', '2.5.4.7'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
  ['CN', '2.5.4.3'],
  ['serialNumber', '2.5.4.5'],
  ['UID', '0.9.2342.19200300.100.1.1'],
  ['DC', '0.9.2342.19200300.100.1.25'],
  ['emailAddress', '1.2.840.113549.1.9.1'],
]);

const ia5Types: ReadonlySet<string> = new Set(['DC', 'emailAddress']);

/** PrintableString (X.680 section 41.4). */
const printable = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

export type EncodedName = Record<string, EncodedValue[]>[];
type EncodedValue = { printableString: string } | { ia5String: string } | { utf8String: string };

/**
 * One relative distinguished name a part. A value is a PrintableString where its characters allow it and a
 * UTF8String elsewhere, as most authorities encode them (RFC 5280 section 4.1.2.4).
 *
 * @throws SapcertError `usage.invalid` for a part without `=` or of an unknown type
 */
export function encodeName(name: DistinguishedName): EncodedName {
  const parts = typeof name === 'string' ? parseName(name) : name;
  return parts.map(([type, value]) => {
    const oid = attributeTypes.get(type) ?? (/^\d+(\.\d+)+$/.test(type) ? type : undefined);
    if (oid === undefined) throw new SapcertError('usage.invalid', `unknown part of a name: ${type}`);
    return { [oid]: [encodeValue(type, value)] };
  });
}

function encodeValue(type: string, value: string): EncodedValue {
  if (ia5Types.has(type)) return { ia5String: value };
  return printable.test(value) ? { printableString: value } : { utf8String: value };
}

export function parseName(text: string): NamePart[] {
  return splitUnescaped(text).map((part) => {
    const equals = part.indexOf('=');
    if (equals < 1) throw new SapcertError('usage.invalid', `not a part of a name: ${part.trim()}`);
    return [part.slice(0, equals).trim(), part.slice(equals + 1).replaceAll(/\\(.)/g, '$1')];
  });
}

function splitUnescaped(text: string): string[] {
  return text.match(/(?:\\.|[^,\\])+/g) ?? [];
}

/** The text form that `parseName` reads. */
export function formatName(parts: readonly NamePart[]): string {
  return parts.map(([type, value]) => `${type}=${value.replaceAll(/[,+\\]/g, String.raw`\$&`)}`).join(', ');
}
