import { setImmediate as otherWork } from 'node:timers/promises';
import type { Digest } from '../digest.js';
import { xor } from '../block-cipher.js';

/** So many rounds run before others, a signal among them, have their turn. */
const roundsAtOnce = 256;

/**
 * PBKDF2 (RFC 8018 section 5.2) with a pseudo-random function that Node does not have.
 *
 * @param prf already under its key, the passphrase
 */
export async function pbkdf2ByHand(
  prf: Digest,
  salt: Uint8Array,
  iterations: number,
  keyBytes: number,
): Promise<Uint8Array> {
  let derived = Buffer.alloc(0);
  for (let index = 1; derived.length < keyBytes; index += 1) {
    derived = Buffer.concat([derived, await block(prf, salt, iterations, index)]);
  }
  return derived.subarray(0, keyBytes);
}

async function block(prf: Digest, salt: Uint8Array, iterations: number, index: number): Promise<Buffer> {
  let last = prf(salt, Buffer.of(0, 0, index >> 8, index & 0xff));
  let sum = last;
  for (let round = 1; round < iterations; round += 1) {
    last = prf(last);
    sum = xor(sum, last);
    if (round % roundsAtOnce === 0) await otherWork();
  }
  return sum;
}
