import { createDecipheriv, timingSafeEqual } from 'node:crypto';

/**
 * chacha20-poly1305@openssh.com (PROTOCOL.chacha20poly1305 of OpenSSH) under the sequence number 0. Of the two keys
 * the second is for the length of a packet, which a file does not have.
 *
 * @returns `undefined` where the tag does not fit
 */
export function openChacha(
  key: Uint8Array,
  _iv: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  const oneTimeKey = chacha20(key.subarray(0, 32), 0, new Uint8Array(32));
  if (!timingSafeEqual(poly1305(oneTimeKey, ciphertext), tag)) return undefined;
  return chacha20(key.subarray(0, 32), 1, ciphertext);
}

/** From one block of the key stream on; the nonce is zero. */
function chacha20(key: Uint8Array, block: number, data: Uint8Array): Uint8Array {
  const vector = new Uint8Array(16);
  vector[0] = block;
  return createDecipheriv('chacha20', key, vector).update(data);
}

const prime = (1n << 130n) - 5n;

/** The one-time authenticator (RFC 8439 section 2.5), which Node has only inside ChaCha20-Poly1305. */
export function poly1305(key: Uint8Array, message: Uint8Array): Uint8Array {
  const r = littleEndian(key.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  const s = littleEndian(key.subarray(16, 32));
  let sum = 0n;
  for (let start = 0; start < message.length; start += 16) {
    const block = Buffer.concat([message.subarray(start, start + 16), Buffer.of(1)]);
    sum = ((sum + littleEndian(block)) * r) % prime;
  }
  const tag = BigInt.asUintN(128, sum + s);
  return Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').toReversed();
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.toReversed()).toString('hex')}`);
}
