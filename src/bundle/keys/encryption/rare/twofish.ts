import type { BlockCipher } from '../block-cipher.js';
import { type Words, readWords, writeWords } from './words.js';

/** The permutations q0 and q1, made of four tables of 4 bits each (Schneier et al., 1998, section 4.3.5). */
const q0 = permutation('817d6f320b59eca4', 'ecb81235f4a6709d', 'ba5e6d90c8f32471', 'd7f4126e9b3085ca');
const q1 = permutation('28bdf76e31940ac5', '1e2b4c376da5f908', '4c75169a0ed82b3f', 'b951c3de647f208a');

/** Which permutation each byte of a word meets, the last one first (figure 2). */
const order = [
  [q1, q0, q0, q1, q1],
  [q0, q0, q1, q1, q0],
  [q1, q1, q0, q0, q0],
  [q0, q1, q1, q0, q1],
] as const;

/** Section 4.2, column by column. */
const mds = [
  [0x01, 0x5b, 0xef, 0xef],
  [0xef, 0xef, 0x5b, 0x01],
  [0x5b, 0xef, 0x01, 0xef],
  [0x5b, 0x01, 0xef, 0x5b],
] as const;

/** Section 4.3 */
const rs = [
  [0x01, 0xa4, 0x55, 0x87, 0x5a, 0x58, 0xdb, 0x9e],
  [0xa4, 0x56, 0x82, 0xf3, 0x1e, 0xc6, 0x68, 0xe5],
  [0x02, 0xa1, 0xfc, 0xc1, 0x47, 0xae, 0x3d, 0x19],
  [0xa4, 0x55, 0x87, 0x5a, 0x58, 0xdb, 0x9e, 0x03],
] as const;

/** Twofish with keys of up to 32 bytes; shorter ones are filled with zeros (section 4.3). */
export function twofish(key: Uint8Array): BlockCipher {
  const bytes = Buffer.concat([key, Buffer.alloc(32)]).subarray(
    0,
    Math.max(16, 8 * Math.ceil(key.length / 8)),
  );
  const k = subkeys(bytes);
  const boxes = keyedBoxes(bytes);
  return {
    blockBytes: 16,
    encrypt: (block) => encrypt(block, k, boxes),
    decrypt: (block) => decrypt(block, k, boxes),
  };
}

function encrypt(block: Uint8Array, k: Uint32Array, boxes: readonly Uint32Array[]): Uint8Array {
  let [a, b, c, d] = whiten(readWords(block), k, 0);
  for (let round = 0; round < 16; round += 1) {
    const [f0, f1] = roundFunction(a, b, k, round, boxes);
    [a, b, c, d] = [rotateLeft(c ^ f0, 31), rotateLeft(d, 1) ^ f1, a, b];
  }
  return writeWords(whiten([c, d, a, b], k, 4));
}

function decrypt(block: Uint8Array, k: Uint32Array, boxes: readonly Uint32Array[]): Uint8Array {
  let [c, d, a, b] = whiten(readWords(block), k, 4);
  for (let round = 15; round >= 0; round -= 1) {
    const [f0, f1] = roundFunction(c, d, k, round, boxes);
    [a, b, c, d] = [c, d, rotateLeft(a, 1) ^ f0, rotateLeft(b ^ f1, 31)];
  }
  return writeWords(whiten([a, b, c, d], k, 0));
}

function roundFunction(
  a: number,
  b: number,
  k: Uint32Array,
  round: number,
  boxes: readonly Uint32Array[],
): readonly [number, number] {
  const t0 = substitute(a, boxes);
  const t1 = substitute(rotateLeft(b, 8), boxes);
  return [(t0 + t1 + at(k, 2 * round + 8)) | 0, (t0 + 2 * t1 + at(k, 2 * round + 9)) | 0];
}

function substitute(word: number, boxes: readonly Uint32Array[]): number {
  return boxes.reduce((sum, box, byte) => sum ^ at(box, (word >>> (8 * byte)) & 0xff), 0);
}

/** Section 4.3.1: the even and the odd words of the key make the subkeys. */
function subkeys(key: Buffer): Uint32Array {
  const words = Array.from({ length: key.length / 4 }, (_, index) => key.subarray(4 * index, 4 * index + 4));
  const [even, odd] = [0, 1].map((rest) => words.filter((_, index) => index % 2 === rest));
  const k = new Uint32Array(40);
  for (let i = 0; i < 20; i += 1) {
    const a = h(2 * i, even ?? []);
    const b = rotateLeft(h(2 * i + 1, odd ?? []), 8);
    k[2 * i] = a + b;
    k[2 * i + 1] = rotateLeft((a + 2 * b) | 0, 9);
  }
  return k;
}

/** One word of four equal bytes through the permutations. */
function h(byte: number, list: readonly Uint8Array[]): number {
  return order.reduce((sum, _, position) => sum ^ column(position, chain(position, byte, list)), 0);
}

/** The S-boxes of this key: what each byte of a word adds to it. */
function keyedBoxes(key: Buffer): readonly Uint32Array[] {
  const vectors: Uint8Array[] = [];
  for (let start = 0; start < key.length; start += 8)
    vectors.unshift(reedSolomon(key.subarray(start, start + 8)));
  return order.map((_, position) =>
    Uint32Array.from({ length: 256 }, (_byte, x) => column(position, chain(position, x, vectors))),
  );
}

function chain(position: number, byte: number, list: readonly Uint8Array[]): number {
  const permutations = order[position] ?? [];
  let value = byte;
  for (let index = list.length - 1; index >= 0; index -= 1) {
    value = (permutations[index + 1]?.[value] ?? 0) ^ (list[index]?.[position] ?? 0);
  }
  return permutations[0]?.[value] ?? 0;
}

function column(position: number, byte: number): number {
  const factors = mds[position] ?? [];
  return factors.reduce<number>((word, factor, row) => word | (product(byte, factor, 0x169) << (8 * row)), 0);
}

function reedSolomon(bytes: Uint8Array): Uint8Array {
  const row = (factors: readonly number[]): number =>
    factors.reduce((sum, factor, index) => sum ^ product(bytes[index] ?? 0, factor, 0x14d), 0);
  return Uint8Array.from(rs, row);
}

/** In GF(2^8) modulo the polynomial. */
function product(a: number, b: number, polynomial: number): number {
  let [sum, power] = [0, a];
  for (let rest = b; rest > 0; rest >>= 1) {
    if (rest & 1) sum ^= power;
    power = (power << 1) ^ (power & 0x80 ? polynomial : 0);
  }
  return sum;
}

function permutation(t0: string, t1: string, t2: string, t3: string): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, x) => {
    const [a, b] = mixHalves(x >> 4, x & 15);
    const [c, d] = mixHalves(lookUp(t0, a), lookUp(t1, b));
    return (lookUp(t3, d) << 4) | lookUp(t2, c);
  });
}

function mixHalves(a: number, b: number): readonly [number, number] {
  const turned = (b >> 1) | ((b & 1) << 3);
  return [a ^ b, a ^ turned ^ ((a << 3) & 15)];
}

function lookUp(table: string, index: number): number {
  return Number.parseInt(table[index] ?? '0', 16);
}

function whiten([a, b, c, d]: Words, k: Uint32Array, from: number): Words {
  return [a ^ at(k, from), b ^ at(k, from + 1), c ^ at(k, from + 2), d ^ at(k, from + 3)];
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
