import { type Element, Tag } from './element.js';

/** Universal tag numbers of the other character string types (X.680 clause 8.6). */
const StringTag = {
  numericString: 18,
  printableString: 19,
  teletexString: 20,
  ia5String: 22,
  visibleString: 26,
  universalString: 28,
} as const;

/**
 * The text of a character string as certificates hold it (RFC 5280 section 4.1.2.4). A TeletexString is read as
 * Latin-1, as OpenSSL and everybody who writes one means it.
 *
 * @returns `undefined` where it is no character string, or one that its type does not allow
 */
export function readString({ tagClass, tag, content, children }: Element): string | undefined {
  if (tagClass !== 'universal' || children !== undefined) return undefined;
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  switch (tag) {
    case Tag.utf8String:
      return utf8(bytes);
    case StringTag.numericString:
    case StringTag.printableString:
    case StringTag.teletexString:
    case StringTag.ia5String:
    case StringTag.visibleString:
      return bytes.toString('latin1');
    case Tag.bmpString:
      return bytes.length % 2 === 0 ? Buffer.from(bytes).swap16().toString('utf16le') : undefined;
    case StringTag.universalString:
      return bytes.length % 4 === 0 ? utf32(bytes) : undefined;
    default:
      return undefined;
  }
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function utf32(bytes: Buffer): string | undefined {
  const points = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32BE(index * 4));
  if (points.some((point) => point > 0x10_ffff)) return undefined;
  return points.map((point) => String.fromCodePoint(point)).join('');
}
