import { createDecipheriv, timingSafeEqual } from 'node:crypto';
import { type BlockCipher, xor } from '../block-cipher.js';
import { nodeBlock } from './node-block.js';

/**
 * AES-SIV (RFC 5297) with a nonce and nothing else beside the plaintext. The first half of the key is for the
 * tag.
 *
 * @returns `undefined` where the tag does not fit
 */
export function openSiv(
  key: Uint8Array,
  nonce: Uint8Array,
  ciphertext: Uint8Array,
  tag: Uint8Array,
): Uint8Array | undefined {
  const half = key.length / 2;
  const name = `aes-${8 * half}`;
  const counter = Buffer.from(tag);
  counter.writeUInt8(counter.readUInt8(8) & 0x7f, 8);
  counter.writeUInt8(counter.readUInt8(12) & 0x7f, 12);
  const plain = createDecipheriv(`${name}-ctr`, key.subarray(half), counter).update(ciphertext);
  const expected = s2v(nodeBlock(name, 16, key.subarray(0, half)), nonce, plain);
  return timingSafeEqual(expected, tag) ? plain : undefined;
}

/** Section 2.4 */
function s2v(cipher: BlockCipher, nonce: Uint8Array, plain: Uint8Array): Uint8Array {
  const sum = xor(double(cmac(cipher, new Uint8Array(16))), cmac(cipher, nonce));
  if (plain.length < 16) return cmac(cipher, xor(padded(plain), double(sum)));
  const end = plain.length - 16;
  return cmac(cipher, Buffer.concat([plain.subarray(0, end), xor(plain.subarray(end), sum)]));
}

/** RFC 4493 section 2.4 */
function cmac(cipher: BlockCipher, message: Uint8Array): Uint8Array {
  const subkey = double(cipher.encrypt(new Uint8Array(16)));
  const start = Math.max(0, 16 * (Math.ceil(message.length / 16) - 1));
  const rest = message.subarray(start);
  const last = rest.length === 16 ? xor(rest, subkey) : xor(padded(rest), double(subkey));
  let state = new Uint8Array(16);
  for (let at = 0; at < start; at += 16) state = encrypted(cipher, message.subarray(at, at + 16), state);
  return encrypted(cipher, last, state);
}

function encrypted(cipher: BlockCipher, block: Uint8Array, state: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(cipher.encrypt(xor(block, state)));
}

function padded(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(16);
  block.set(bytes);
  block[bytes.length] = 0x80;
  return block;
}

/** Twice the value in GF(2^128). */
function double(block: Uint8Array): Uint8Array {
  const carry = (block[0] ?? 0) & 0x80 ? 0x87 : 0;
  return block.map((byte, index) => (byte << 1) ^ (index === 15 ? carry : (block[index + 1] ?? 0) >> 7));
}
