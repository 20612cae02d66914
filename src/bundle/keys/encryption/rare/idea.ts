import type { BlockCipher } from '../block-cipher.js';

type Words = readonly [number, number, number, number];

const rounds = 8;

/** IDEA (Lai and Massey, 1991; ETH Zürich's reference). Node's OpenSSL is built without it. */
export function idea(key: Uint8Array): BlockCipher {
  const encryption = expand(key);
  const decryption = invert(encryption);
  return {
    blockBytes: 8,
    encrypt: (block) => crypt(block, encryption),
    decrypt: (block) => crypt(block, decryption),
  };
}

/** 52 subkeys: the key, and the key turned by 25 bits again and again. */
function expand(key: Uint8Array): readonly number[] {
  let value = BigInt(`0x${Buffer.from(key).toString('hex')}`);
  const subkeys: number[] = [];
  while (subkeys.length < 6 * rounds + 4) {
    for (let word = 7n; word >= 0n; word -= 1n) subkeys.push(Number((value >> (16n * word)) & 0xffffn));
    value = BigInt.asUintN(128, value << 25n) | (value >> 103n);
  }
  return subkeys.slice(0, 6 * rounds + 4);
}

/** The same steps undo themselves under the inverse subkeys in reverse order. */
function invert(subkeys: readonly number[]): readonly number[] {
  const at = (index: number): number => subkeys[index] ?? 0;
  const inverse: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const from = 6 * (rounds - round);
    const swapped = round > 0 && round < rounds;
    const [second, third] = [-at(from + 1) & 0xffff, -at(from + 2) & 0xffff];
    inverse.push(
      multiplicativeInverse(at(from)),
      swapped ? third : second,
      swapped ? second : third,
      multiplicativeInverse(at(from + 3)),
    );
    if (round < rounds) inverse.push(at(from - 2), at(from - 1));
  }
  return inverse;
}

function crypt(block: Uint8Array, subkeys: readonly number[]): Uint8Array {
  const view = new DataView(block.buffer, block.byteOffset, 8);
  let words: Words = [view.getUint16(0), view.getUint16(2), view.getUint16(4), view.getUint16(6)];
  for (let round = 0; round < rounds; round += 1)
    words = turn(words, subkeys.slice(6 * round, 6 * round + 6));
  const [a, b, c, d] = words;
  const [k1 = 0, k2 = 0, k3 = 0, k4 = 0] = subkeys.slice(6 * rounds);
  const output = new DataView(new ArrayBuffer(8));
  [multiply(a, k1), c + k2, b + k3, multiply(d, k4)].forEach((word, index) =>
    output.setUint16(2 * index, word),
  );
  return new Uint8Array(output.buffer);
}

function turn(
  [a, b, c, d]: Words,
  [k1 = 0, k2 = 0, k3 = 0, k4 = 0, k5 = 0, k6 = 0]: readonly number[],
): Words {
  const [w, x, y, z] = [multiply(a, k1), (b + k2) & 0xffff, (c + k3) & 0xffff, multiply(d, k4)];
  const p = multiply(w ^ y, k5);
  const q = multiply((p + (x ^ z)) & 0xffff, k6);
  const r = (p + q) & 0xffff;
  return [w ^ q, y ^ q, x ^ r, z ^ r];
}

/** Modulo 2^16 + 1, where 0 stands for 2^16. */
function multiply(a: number, b: number): number {
  return (((a === 0 ? 0x10000 : a) * (b === 0 ? 0x10000 : b)) % 0x10001) & 0xffff;
}

/** a^(p-2) for the prime p = 2^16 + 1 */
function multiplicativeInverse(value: number): number {
  let result = 1;
  for (let bit = 15; bit >= 0; bit -= 1) {
    result = multiply(result, result);
    if ((0xffff >> bit) & 1) result = multiply(result, value);
  }
  return result;
}
