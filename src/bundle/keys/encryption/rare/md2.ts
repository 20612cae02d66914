/** A permutation of the bytes made from the digits of pi (RFC 1319 section 3.2). */
const substitution = Uint8Array.from(
  Buffer.from(
    '292e43c9a2d87c013d3654a1ecf0061362a705f3c0c7738c98932bd9bc4c82ca1e9b573cfdd4e01667426f188a17e512' +
      'be4ec4d6da9ede49a0fbf58ebb2fee7aa968799115b2073f94c210890b225f21807f5d9a5a903227353ecce7bff79703' +
      'ff1930b348a5b5d1d75e922aac56aac64fb838d296a47db676fc6be29c7404f1459d705964718720865bcf65e62da802' +
      '1b6025adaeb0b9f61c46616934407e0f5547a323dd51af3ac35cf9cebac5ea262c530d6e85288409d3dfcdf441814d52' +
      '6adc37c86cc1abfa24e17b080cbdb14a7888958be363e86de9cbd5fe3b001d39f2efb70e6658d0e4a67772f8eb754b0a' +
      '314450b48fed1f1adb998d339f118314',
    'hex',
  ),
);

/** MD2 (RFC 1319), which Node's OpenSSL does not have. */
export function md2(...parts: readonly Uint8Array[]): Buffer {
  const message = padded(Buffer.concat(parts));
  const checksum = new Uint8Array(16);
  const state = new Uint8Array(48);
  for (let start = 0; start < message.length; start += 16) {
    absorb(state, message, start);
    addToChecksum(checksum, message, start);
  }
  absorb(state, checksum, 0);
  return Buffer.from(state.subarray(0, 16));
}

/** Section 3.1: n bytes of the value n fill the last block. */
function padded(message: Uint8Array): Uint8Array {
  const count = 16 - (message.length % 16);
  const whole = new Uint8Array(message.length + count).fill(count);
  whole.set(message);
  return whole;
}

/** Section 3.2; the last byte of the checksum is carried from block to block. */
function addToChecksum(checksum: Uint8Array, bytes: Uint8Array, start: number): void {
  let last = checksum[15] ?? 0;
  for (let at = 0; at < 16; at += 1) {
    last = (checksum[at] ?? 0) ^ (substitution[(bytes[start + at] ?? 0) ^ last] ?? 0);
    checksum[at] = last;
  }
}

/** Section 3.4 */
function absorb(state: Uint8Array, bytes: Uint8Array, start: number): void {
  for (let at = 0; at < 16; at += 1) {
    const byte = bytes[start + at] ?? 0;
    state[16 + at] = byte;
    state[32 + at] = byte ^ (state[at] ?? 0);
  }
  let t = 0;
  for (let round = 0; round < 18; round += 1) {
    for (let at = 0; at < 48; at += 1) {
      t = (state[at] ?? 0) ^ (substitution[t] ?? 0);
      state[at] = t;
    }
    t = (t + round) & 0xff;
  }
}
