import type { BlockCipher } from '../block-cipher.js';
import { type Words, readWords, writeWords } from './words.js';

/** The eight S-boxes (Anderson, Biham and Knudsen, 1998, appendix A.5), a hexadecimal digit for each input. */
const boxes = [
  '38f1a65bed42709c',
  'fc27905a1be86d34',
  '86793cafd1e40b52',
  '0fb8c963d124a75e',
  '1f83c0b6254a9e7d',
  'f52b4a9c03e8d671',
  '72c5846be91fd3a0',
  '1df0e82b74ca9356',
].map(digits);
const inverses = boxes.map((box) => box.map((_, value) => box.indexOf(value)));

const rounds = 32;

/** Serpent with keys of up to 32 bytes; shorter ones get a bit 1 and zeros behind them. */
export function serpent(key: Uint8Array): BlockCipher {
  const k = subkeys(key);
  return {
    blockBytes: 16,
    encrypt: (block) => writeWords(encrypt(readWords(block), k)),
    decrypt: (block) => writeWords(decrypt(readWords(block), k)),
  };
}

function encrypt(block: Words, k: readonly Words[]): Words {
  let words = block;
  for (let round = 0; round < rounds; round += 1) {
    words = substitute(xor(words, k[round]), boxes[round % 8]);
    if (round < rounds - 1) words = transform(words);
  }
  return xor(words, k[rounds]);
}

function decrypt(block: Words, k: readonly Words[]): Words {
  let words = xor(block, k[rounds]);
  for (let round = rounds - 1; round >= 0; round -= 1) {
    if (round < rounds - 1) words = transformBack(words);
    words = xor(substitute(words, inverses[round % 8]), k[round]);
  }
  return words;
}

/** 33 subkeys of four words: an affine recurrence, and its words through the S-boxes. */
function subkeys(key: Uint8Array): readonly Words[] {
  const padded = Buffer.concat([key, Buffer.of(1), Buffer.alloc(32)]).subarray(0, 32);
  const w = Array.from({ length: 8 }, (_, index) => padded.readInt32LE(4 * index));
  for (let index = 0; index < 4 * (rounds + 1); index += 1) {
    const at = (back: number): number => w[index + 8 - back] ?? 0;
    w.push(rotateLeft(at(8) ^ at(5) ^ at(3) ^ at(1) ^ 0x9e3779b9 ^ index, 11));
  }
  return Array.from({ length: rounds + 1 }, (_, index) => {
    const [a = 0, b = 0, c = 0, d = 0] = w.slice(8 + 4 * index);
    return substitute([a, b, c, d], boxes[(rounds + 3 - index) % 8]);
  });
}

/** The four words side by side are 32 inputs of four bits each. */
function substitute(words: Words, box: readonly number[] = []): Words {
  const output: [number, number, number, number] = [0, 0, 0, 0];
  for (let bit = 0; bit < 32; bit += 1) {
    const input = words.reduce((sum, word, index) => sum | (((word >>> bit) & 1) << index), 0);
    const value = box[input] ?? 0;
    for (const index of [0, 1, 2, 3] as const) output[index] |= ((value >> index) & 1) << bit;
  }
  return output;
}

function transform([x0, x1, x2, x3]: Words): Words {
  const [a, c] = [rotateLeft(x0, 13), rotateLeft(x2, 3)];
  const [b, d] = [rotateLeft(x1 ^ a ^ c, 1), rotateLeft(x3 ^ c ^ (a << 3), 7)];
  return [rotateLeft(a ^ b ^ d, 5), b, rotateLeft(c ^ d ^ (b << 7), 22), d];
}

function transformBack([x0, b, x2, d]: Words): Words {
  const [a, c] = [rotateLeft(x0, 27) ^ b ^ d, rotateLeft(x2, 10) ^ d ^ (b << 7)];
  const [x1, x3] = [rotateLeft(b, 31) ^ a ^ c, rotateLeft(d, 25) ^ c ^ (a << 3)];
  return [rotateLeft(a, 19), x1, rotateLeft(c, 29), x3];
}

function xor([a, b, c, d]: Words, [e, f, g, h]: Words = [0, 0, 0, 0]): Words {
  return [a ^ e, b ^ f, c ^ g, d ^ h];
}

function digits(text: string): readonly number[] {
  return Array.from(text, (digit) => Number.parseInt(digit, 16));
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
