import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import bcrypt from 'bcrypt-pbkdf';

const hashBytes = 32;

/**
 * bcrypt_pbkdf of OpenBSD, the key derivation of OpenSSH keys. The rounds are counted here and not by the package,
 * so that timers and other work get their turn: a round takes about ten milliseconds.
 */
export async function bcryptPbkdf(
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Promise<Uint8Array> {
  const hashedPassword = sha512(password);
  const blocks = Math.ceil(length / hashBytes);
  const key = new Uint8Array(length);
  for (let block = 0; block < blocks; block += 1) {
    const counted = Buffer.concat([salt, Buffer.of(0, 0, 0, block + 1)]);
    const output = await repeat(hashedPassword, counted, rounds);
    // The bytes of the blocks take turns in the key.
    for (let at = block, byte = 0; at < length; at += blocks, byte += 1) key[at] = output[byte] ?? 0;
  }
  return key;
}

async function repeat(password: Uint8Array, salt: Uint8Array, rounds: number): Promise<Uint8Array> {
  const sum = new Uint8Array(hashBytes);
  let last = salt;
  for (let round = 0; round < rounds; round += 1) {
    const hash = new Uint8Array(hashBytes);
    bcrypt.hash(password, sha512(last), hash);
    hash.forEach((byte, index) => (sum[index] = (sum[index] ?? 0) ^ byte));
    last = hash;
    await setImmediate();
  }
  return sum;
}

function sha512(bytes: Uint8Array): Uint8Array {
  return createHash('sha512').update(bytes).digest();
}
