import { Tag } from './element.js';
import { encodeOid } from './oid.js';

/** DER writers (X.690 clause 10). Each returns one whole encoding. */
export const der = {
  sequence: (...parts: readonly Uint8Array[]) => encode(0x20 | Tag.sequence, Buffer.concat(parts)),
  /** SET OF: the encodings in ascending order (X.690 clause 11.6). */
  setOf: (...parts: readonly Uint8Array[]) =>
    encode(0x20 | Tag.set, Buffer.concat(parts.toSorted((a, b) => Buffer.compare(a, b)))),
  integer: (value: bigint | number) => encode(Tag.integer, integerContent(BigInt(value))),
  octets: (content: Uint8Array) => encode(Tag.octetString, content),
  bits: (content: Uint8Array) => encode(Tag.bitString, Buffer.concat([Buffer.of(0), content])),
  oid: (oid: string) => encode(Tag.oid, encodeOid(oid)),
  null: () => encode(Tag.null, new Uint8Array()),
  bmpString: (text: string) => encode(Tag.bmpString, Buffer.from(text, 'utf16le').swap16()),
  /** `[tag] IMPLICIT OCTET STRING` */
  implicitOctets: (tag: number, content: Uint8Array) => encode(0x80 | tag, content),
  /** `[tag] EXPLICIT` */
  explicit: (tag: number, inner: Uint8Array) => encode(0xa0 | tag, inner),
} as const;

function encode(identifier: number, content: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.of(identifier, ...lengthOctets(content.length)), content]);
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

/** Two's complement in as few bytes as possible. Only what is not negative is ever written here. */
function integerContent(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}
