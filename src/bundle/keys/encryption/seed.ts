import type { BlockCipher } from './block-cipher.js';

/** A block or a pair of round keys as 32-bit words, big endian. */
type Words = readonly [number, number, number, number];
type RoundKey = readonly [number, number];

/** SEED (RFC 4269): 16 Feistel rounds over two 64-bit halves. Node's OpenSSL has it in its legacy provider only. */
export function seed(key: Uint8Array): BlockCipher {
  const roundKeys = keySchedule(words(key));
  const reversed = roundKeys.toReversed();
  return {
    blockBytes: 16,
    encrypt: (block) => bytes(crypt(words(block), roundKeys)),
    decrypt: (block) => bytes(crypt(words(block), reversed)),
  };
}

function crypt([l0, l1, r0, r1]: Words, roundKeys: readonly RoundKey[]): Words {
  for (const roundKey of roundKeys) {
    const [f0, f1] = roundFunction(r0, r1, roundKey);
    [l0, l1, r0, r1] = [r0, r1, l0 ^ f0, l1 ^ f1];
  }
  return [r0, r1, l0, l1];
}

/** F (section 2.2) */
function roundFunction(r0: number, r1: number, [k0, k1]: RoundKey): RoundKey {
  let left = r0 ^ k0;
  let right = g(left ^ r1 ^ k1);
  left = g((left + right) | 0);
  right = g((left + right) | 0);
  return [(left + right) | 0, right];
}

/** Sections 2.4: the two halves of the key turn by a byte in alternate rounds. */
function keySchedule([a, b, c, d]: Words): readonly RoundKey[] {
  const roundKeys: RoundKey[] = [];
  for (let round = 0; round < 16; round += 1) {
    const constant = rotateLeft(0x9e3779b9, round);
    roundKeys.push([g((a + c - constant) | 0), g((b - d + constant) | 0)]);
    if (round % 2 === 0) [a, b] = [(a >>> 8) | (b << 24), (b >>> 8) | (a << 24)];
    else [c, d] = [(c << 8) | (d >>> 24), (d << 8) | (c >>> 24)];
  }
  return roundKeys;
}

const masks = [0xfc, 0xf3, 0xcf, 0x3f] as const;

/** G (section 2.3): the S-boxes in turn over the four bytes, each spread over the word through rotating masks. */
function g(word: number): number {
  let result = 0;
  for (let position = 0; position < 4; position += 1) {
    const byte = (word >>> (8 * position)) & 0xff;
    const substituted = (position % 2 === 0 ? s1 : s2)[byte] ?? 0;
    for (let target = 0; target < 4; target += 1) {
      result ^= (substituted & (masks[(position + target) % 4] ?? 0)) << (8 * target);
    }
  }
  return result;
}

/**
 * S_i(x) = A_i * x^n + b in GF(2)[x] / (x^8 + x^6 + x^5 + x + 1), the matrix A_i given by what it makes of each
 * bit, the lowest first. RFC 4269 appendix A prints the resulting tables.
 */
const s1 = substitution(247, [0x2c, 0xd0, 0x69, 0xc2, 0x41, 0x44, 0x58, 0xe2], 169);
const s2 = substitution(251, [0xd0, 0x2a, 0xe1, 0x2c, 0x21, 0x30, 0xa2, 0x6c], 56);

function substitution(exponent: number, images: readonly number[], constant: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, x) => {
    const power = fieldPower(x, exponent);
    return images.reduce((sum, image, bit) => ((power >> bit) & 1 ? sum ^ image : sum), constant);
  });
}

function fieldPower(base: number, exponent: number): number {
  let power = 1;
  for (let count = 0; count < exponent; count += 1) power = fieldProduct(power, base);
  return power;
}

function fieldProduct(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit += 1) {
    if ((b >> bit) & 1) product ^= a;
    a = (a << 1) ^ (a & 0x80 ? 0x163 : 0);
  }
  return product;
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function words(block: Uint8Array): Words {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  return [view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12)];
}

function bytes(block: Words): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  block.forEach((word, index) => view.setInt32(4 * index, word));
  return new Uint8Array(view.buffer);
}
