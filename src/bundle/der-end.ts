import { SapcertError } from '../errors.js';
import { parseLeading } from './asn1/index.js';

/**
 * How many bytes follow the end of the one DER element that should fill these bytes; negative when bytes are
 * missing, `undefined` when the length is not a definite one (X.690 section 8.1.3).
 */
export function trailingBytes(der: Uint8Array): number | undefined {
  const first = der[1];
  if (first === undefined || first === 0x80) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4) return undefined;
  let length = first < 0x80 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (der[2 + i] ?? 0);
  return der.length - (2 + lengthBytes + length);
}

/** The DER (or BER) element that these bytes begin with; all of them where they begin with none. */
export function withoutTrailing(bytes: Uint8Array): Uint8Array {
  try {
    return parseLeading(bytes, (message) => new SapcertError('file.malformed', message)).bytes;
  } catch (error) {
    if (error instanceof SapcertError) return bytes;
    throw error;
  }
}
