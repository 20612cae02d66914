import type { BlockCipher } from '../block-cipher.js';
import { castBoxes } from './cast5-boxes.js';

const empty = new Uint32Array(256);
const [s1 = empty, s2 = empty, s3 = empty, s4 = empty, s5 = empty, s6 = empty, s7 = empty, s8 = empty] =
  castBoxes;

/** The masking and the rotating key of one round. */
type RoundKey = readonly [mask: number, rotation: number];

/** CAST-128 (RFC 2144). Keys of up to 80 bits have 12 rounds instead of 16 (section 2.5). */
export function cast5(key: Uint8Array): BlockCipher {
  const roundKeys = keySchedule(Buffer.concat([key, Buffer.alloc(16)]).subarray(0, 16));
  const rounds = [...roundKeys.entries()].slice(0, key.length > 10 ? 16 : 12);
  const reversed = rounds.toReversed();
  return {
    blockBytes: 8,
    encrypt: (block) => crypt(block, rounds),
    decrypt: (block) => crypt(block, reversed),
  };
}

function crypt(block: Uint8Array, rounds: readonly (readonly [number, RoundKey])[]): Uint8Array {
  const view = new DataView(block.buffer, block.byteOffset, 8);
  let [left, right] = [view.getUint32(0), view.getUint32(4)];
  for (const [round, key] of rounds) [left, right] = [right, left ^ f(round % 3, right, key)];
  const output = new DataView(new ArrayBuffer(8));
  output.setUint32(0, right);
  output.setUint32(4, left);
  return new Uint8Array(output.buffer);
}

/** The three functions of section 2.2 in turn. */
function f(type: number, data: number, [mask, rotation]: RoundKey): number {
  const mixed = type === 0 ? mask + data : type === 1 ? mask ^ data : mask - data;
  const i = rotateLeft(mixed | 0, rotation);
  const a = at(s1, i >>> 24);
  const b = at(s2, (i >>> 16) & 0xff);
  const c = at(s3, (i >>> 8) & 0xff);
  const d = at(s4, i & 0xff);
  if (type === 0) return (((a ^ b) - c) | 0) + d;
  return type === 1 ? ((((a - b) | 0) + c) | 0) ^ d : (((a + b) | 0) ^ c) - d;
}

/**
 * Section 2.4: the key x0..xF becomes z0..zF and x again, four times in all; each time four round keys are read
 * out of it. A row is which word is made of which, by bytes of which box; the digits from 16 on are z.
 */
const mixing = [
  ['4 0 13 15 12 14 8', '5 2 16 18 17 19 10', '6 3 23 22 21 20 9', '7 1 26 25 27 24 11'],
  ['0 6 21 23 20 22 16', '1 4 0 2 1 3 18', '2 5 7 6 5 4 17', '3 7 10 9 11 8 19'],
].map((rows) => rows.map(numbers));

const reading = [
  ['24 25 23 22 18', '26 27 21 20 22', '28 29 19 18 25', '30 31 17 16 28'],
  ['3 2 12 13 8', '1 0 14 15 13', '7 6 8 9 3', '5 4 10 11 7'],
  ['19 18 28 29 25', '17 16 30 31 28', '23 22 24 25 18', '21 20 26 27 22'],
  ['8 9 7 6 3', '10 11 5 4 7', '12 13 3 2 8', '14 15 1 0 13'],
].map((rows) => rows.map(numbers));

function numbers(row: string): number[] {
  return row.split(' ').map(Number);
}

function keySchedule(key: Uint8Array): readonly RoundKey[] {
  const state = new DataView(new ArrayBuffer(32));
  key.forEach((byte, index) => state.setUint8(index, byte));
  const box = (table: Uint32Array, index = 0): number => at(table, state.getUint8(index));
  const words: number[] = [];
  for (let step = 0; step < 8; step += 1) {
    for (const [row, [target = 0, source = 0, a, b, c, d, e]] of (mixing[step % 2] ?? []).entries()) {
      const last = [s7, s8, s5, s6][row] ?? s5;
      const mixed = box(s5, a) ^ box(s6, b) ^ box(s7, c) ^ box(s8, d) ^ box(last, e);
      state.setUint32(4 * target, state.getUint32(4 * source) ^ mixed);
    }
    for (const [row, [a, b, c, d, e]] of (reading[step % 4] ?? []).entries()) {
      const last = [s5, s6, s7, s8][row] ?? s5;
      words.push(box(s5, a) ^ box(s6, b) ^ box(s7, c) ^ box(s8, d) ^ box(last, e));
    }
  }
  return Array.from(
    { length: 16 },
    (_, round) => [words[round] ?? 0, (words[16 + round] ?? 0) & 31] as const,
  );
}

function at(table: Uint32Array, index: number): number {
  return table[index] ?? 0;
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
