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
