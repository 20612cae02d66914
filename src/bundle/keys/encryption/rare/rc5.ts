import type { BlockCipher } from '../block-cipher.js';

/** Odd((e - 2) * 2^32) and Odd((the golden ratio - 1) * 2^32) (RFC 2040 section 4.3). */
const [P, Q] = [0xb7e15163, 0x9e3779b9];

/** RC5-32 (RFC 2040): blocks of 64 bits. */
export function rc5(key: Uint8Array, rounds = 12): BlockCipher {
  const s = expand(key, 2 * (rounds + 1));
  const at = (index: number): number => s[index] ?? 0;
  return {
    blockBytes: 8,
    encrypt: (block) => {
      let [a, b] = read(block);
      a += at(0);
      b += at(1);
      for (let round = 1; round <= rounds; round += 1) {
        a = (rotateLeft(a ^ b, b) + at(2 * round)) | 0;
        b = (rotateLeft(b ^ a, a) + at(2 * round + 1)) | 0;
      }
      return write(a, b);
    },
    decrypt: (block) => {
      let [a, b] = read(block);
      for (let round = rounds; round >= 1; round -= 1) {
        b = rotateLeft((b - at(2 * round + 1)) | 0, -a) ^ a;
        a = rotateLeft((a - at(2 * round)) | 0, -b) ^ b;
      }
      return write(a - at(0), b - at(1));
    },
  };
}

function expand(key: Uint8Array, length: number): Int32Array {
  const words = Math.max(1, Math.ceil(key.length / 4));
  const bytes = Buffer.alloc(4 * words);
  bytes.set(key);
  const l = Int32Array.from({ length: words }, (_, index) => bytes.readInt32LE(4 * index));
  const s = Int32Array.from({ length }, (_, index) => (P + Math.imul(index, Q)) | 0);
  let [a, b] = [0, 0];
  for (let step = 0; step < 3 * Math.max(length, words); step += 1) {
    const [i, j] = [step % length, step % words];
    a = rotateLeft(((s[i] ?? 0) + a + b) | 0, 3);
    s[i] = a;
    b = rotateLeft(((l[j] ?? 0) + a + b) | 0, a + b);
    l[j] = b;
  }
  return s;
}

function read(block: Uint8Array): [number, number] {
  const view = new DataView(block.buffer, block.byteOffset, 8);
  return [view.getInt32(0, true), view.getInt32(4, true)];
}

function write(a: number, b: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, a, true);
  view.setInt32(4, b, true);
  return new Uint8Array(view.buffer);
}

/** By the lowest five bits of `by`, which are what the operators look at. */
function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> -by);
}
