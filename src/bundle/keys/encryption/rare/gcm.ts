import { timingSafeEqual } from 'node:crypto';
import { type BlockCipher, xor } from '../block-cipher.js';

/**
 * Galois/Counter Mode (NIST SP 800-38D) over a block cipher of 16 bytes, for those that Node does not have in it.
 *
 * @returns `undefined` where the tag does not fit
 */
export function openGcm(
  cipher: BlockCipher,
  iv: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  const h = cipher.encrypt(new Uint8Array(16));
  const first = iv.length === 12 ? Buffer.concat([iv, Buffer.of(0, 0, 0, 1)]) : ghash(h, iv);
  const expected = xor(ghash(h, ciphertext), cipher.encrypt(first)).subarray(0, tag.length);
  if (!timingSafeEqual(expected, tag)) return undefined;
  return countedFrom(cipher, first, ciphertext);
}

/** The key stream begins with the counter after the first one, which is for the tag. */
function countedFrom(cipher: BlockCipher, first: Uint8Array, data: Uint8Array): Uint8Array {
  const output = new Uint8Array(data.length);
  const counter = Buffer.from(first);
  for (let start = 0; start < data.length; start += 16) {
    counter.writeUInt32BE((counter.readUInt32BE(12) + 1) >>> 0, 12);
    output.set(xor(data.subarray(start, start + 16), cipher.encrypt(counter)), start);
  }
  return output;
}

/** GHASH (section 6.4) of data that is filled with zeros, and of its length; nothing is authenticated beside it. */
function ghash(h: Uint8Array, data: Uint8Array): Buffer {
  const length = Buffer.alloc(16);
  length.writeBigUInt64BE(8n * BigInt(data.length), 8);
  let sum = new Uint8Array(16);
  for (let start = 0; start < data.length; start += 16) {
    const block = new Uint8Array(16);
    block.set(data.subarray(start, start + 16));
    sum = multiply(xor(block, sum), h);
  }
  return Buffer.from(multiply(xor(length, sum), h));
}

/** In GF(2^128), whose bits stand in the order of section 6.3. */
function multiply(x: Uint8Array, y: Uint8Array): Uint8Array<ArrayBuffer> {
  const [view, output] = [new DataView(y.buffer, y.byteOffset, 16), new DataView(new ArrayBuffer(16))];
  let [a, b, c, d] = [view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12)];
  let [p, q, r, s] = [0, 0, 0, 0];
  for (let bit = 0; bit < 128; bit += 1) {
    if (((x[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) [p, q, r, s] = [p ^ a, q ^ b, r ^ c, s ^ d];
    const carry = d & 1;
    d = (d >>> 1) | (c << 31);
    c = (c >>> 1) | (b << 31);
    b = (b >>> 1) | (a << 31);
    a = (a >>> 1) ^ (carry ? 0xe1000000 : 0);
  }
  [p, q, r, s].forEach((word, index) => output.setInt32(4 * index, word));
  return new Uint8Array(output.buffer);
}
