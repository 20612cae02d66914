import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type { KeyRequest } from '../../src/kdf/index.js';

/** RFC 7292 appendix B.2 word by word, on big numbers: slow and plain. */
export function referenceKey({ password, salt, iterations, purpose, length }: KeyRequest): Buffer {
  const v = 64;
  const D = Buffer.alloc(v, purpose);
  const stretch = (bytes: Uint8Array): Buffer =>
    bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(v * Math.ceil(bytes.length / v), bytes);
  let I = Buffer.concat([stretch(salt), stretch(password)]);
  let A = Buffer.alloc(0);
  while (A.length < length) {
    let Ai = Buffer.concat([D, I]);
    for (let round = 0; round < iterations; round++) Ai = createHash('sha1').update(Ai).digest();
    A = Buffer.concat([A, Ai]);
    const B = Buffer.alloc(v, Ai);
    const blocks = [];
    for (let start = 0; start < I.length; start += v) {
      const sum = (number(I.subarray(start, start + v)) + number(B) + 1n) % (1n << 512n);
      blocks.push(Buffer.from(sum.toString(16).padStart(2 * v, '0'), 'hex'));
    }
    I = Buffer.concat(blocks);
  }
  return A.subarray(0, length);
}

const number = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** Few iterations often (the first hash is another code path), and more than one call's worth. */
const iterations = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 700 }));

export const keyRequest: fc.Arbitrary<KeyRequest> = fc.record({
  password: fc.uint8Array({ maxLength: 150 }),
  // Salts of all ones make the addition carry.
  salt: fc.oneof(
    fc.uint8Array({ maxLength: 150 }),
    fc.integer({ max: 70, min: 1 }).map((n) => new Uint8Array(n).fill(255)),
  ),
  iterations,
  purpose: fc.constantFrom(1 as const, 2 as const, 3 as const),
  length: fc.integer({ min: 0, max: 90 }),
});
