import type { BlockCipher } from '../block-cipher.js';

const words = 8;
const rounds = 72;

/** Rotations of the eight rounds that repeat (Skein 1.3, table 4). */
const rotations = [
  [46, 36, 19, 37],
  [33, 27, 14, 42],
  [17, 49, 36, 39],
  [44, 9, 54, 56],
  [39, 30, 34, 24],
  [13, 50, 10, 17],
  [25, 29, 39, 43],
  [8, 35, 56, 22],
] as const;

/** Where the words go between two rounds (table 3). */
const permutation = [2, 1, 4, 7, 6, 5, 0, 3] as const;

/** Threefish-512 (Skein 1.3, section 3.3) without a tweak: blocks and keys of 64 bytes. */
export function threefish512(key: Uint8Array): BlockCipher {
  const k = read(key);
  k.push(k.reduce((sum, word) => sum ^ word, 0x1bd11bdaa9fc1a22n));
  return {
    blockBytes: 8 * words,
    encrypt: (block) => write(encrypt(read(block), k)),
    decrypt: (block) => write(decrypt(read(block), k)),
  };
}

function encrypt(block: bigint[], k: readonly bigint[]): bigint[] {
  let state = block;
  for (let round = 0; round < rounds; round += 1) {
    if (round % 4 === 0) state = addKey(state, k, round / 4, 1n);
    const mixed = [...state];
    for (let pair = 0; pair < words / 2; pair += 1) {
      const sum = BigInt.asUintN(64, at(state, 2 * pair) + at(state, 2 * pair + 1));
      mixed[2 * pair] = sum;
      mixed[2 * pair + 1] = rotateLeft(at(state, 2 * pair + 1), rotations[round % 8]?.[pair] ?? 0) ^ sum;
    }
    state = permutation.map((from) => at(mixed, from));
  }
  return addKey(state, k, rounds / 4, 1n);
}

function decrypt(block: bigint[], k: readonly bigint[]): bigint[] {
  let state = addKey(block, k, rounds / 4, -1n);
  for (let round = rounds - 1; round >= 0; round -= 1) {
    const mixed = [...state];
    permutation.forEach((to, from) => (mixed[to] = at(state, from)));
    for (let pair = 0; pair < words / 2; pair += 1) {
      const sum = at(mixed, 2 * pair);
      const second = rotateLeft(at(mixed, 2 * pair + 1) ^ sum, 64 - (rotations[round % 8]?.[pair] ?? 0));
      mixed[2 * pair] = BigInt.asUintN(64, sum - second);
      mixed[2 * pair + 1] = second;
    }
    state = round % 4 === 0 ? addKey(mixed, k, round / 4, -1n) : mixed;
  }
  return state;
}

/** Section 3.3.2: the words of the key turn by one each time, and the last counts; the tweak is zero. */
function addKey(state: readonly bigint[], k: readonly bigint[], subkey: number, sign: bigint): bigint[] {
  return state.map((word, index) => {
    const counter = index === words - 1 ? BigInt(subkey) : 0n;
    return BigInt.asUintN(64, word + sign * (at(k, (subkey + index) % (words + 1)) + counter));
  });
}

function read(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8 * words);
  return Array.from({ length: words }, (_, index) => view.getBigUint64(8 * index, true));
}

function write(values: readonly bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * words));
  values.forEach((word, index) => view.setBigUint64(8 * index, word, true));
  return new Uint8Array(view.buffer);
}

function at(values: readonly bigint[], index: number): bigint {
  return values[index] ?? 0n;
}

function rotateLeft(word: bigint, by: number): bigint {
  return BigInt.asUintN(64, word << BigInt(by)) | (word >> BigInt(64 - by));
}
