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
  const blocks: Uint8Array[] = [];
  for (let index = 1; Buffer.concat(blocks).length < keyBytes; index += 1) {
    let last = prf(salt, Buffer.of(0, 0, index >> 8, index & 0xff));
    let sum: Uint8Array = last;
    for (let round = 1; round < iterations; round += 1) {
      last = prf(last);
      sum = xor(sum, last);
      if (round % roundsAtOnce === 0) await otherWork();
    }
    blocks.push(sum);
  }
  return Buffer.concat(blocks).subarray(0, keyBytes);
}
