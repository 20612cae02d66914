import { createHash, pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Argon2Cost, Argon2Variant } from './argon2.js';
import { digestOf } from './digest.js';
import type { Hash } from './hashes.js';
import { hmacOf } from './hmac.js';
import { derivePkcs12 } from './pkcs12-kdf.js';
import { repeatHash } from './repeat-hash.js';

/** A key derivation with its parameters as they stand in the file. */
export type Kdf =
  | { readonly kind: 'pbkdf2'; readonly hash: Hash; readonly salt: Uint8Array; readonly iterations: number }
  | {
      readonly kind: 'scrypt';
      readonly salt: Uint8Array;
      readonly N: number;
      readonly r: number;
      readonly p: number;
    }
  | { readonly kind: 'pkcs12'; readonly hash: Hash; readonly salt: Uint8Array; readonly iterations: number }
  | {
      readonly kind: 'pbkdf1';
      readonly hash: Hash;
      readonly salt: Uint8Array;
      readonly iterations: number;
      /** The vector is the end of the digest, whatever its length. */
      readonly ivAtEnd?: boolean;
    }
  | { readonly kind: 'bytes-to-key'; readonly hash: Hash; readonly salt: Uint8Array }
  | { readonly kind: 'bcrypt'; readonly salt: Uint8Array; readonly rounds: number }
  | ({ readonly kind: 'argon2'; readonly variant: Argon2Variant; readonly salt: Uint8Array } & Argon2Cost);

export interface KeyAndIv {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

const pbkdf2Async = promisify(pbkdf2);

/**
 * Derives a key and, where the scheme derives it as well, the initialisation vector. `ivBytes` is 0 where the
 * vector stands in the file.
 */
export async function deriveKey(
  kdf: Kdf,
  password: Uint8Array,
  keyBytes: number,
  ivBytes: number,
): Promise<KeyAndIv> {
  switch (kdf.kind) {
    case 'pbkdf2':
      return { key: await derivePbkdf2(kdf, password, keyBytes), iv: new Uint8Array() };
    case 'scrypt':
      return { key: await deriveScrypt(kdf, password, keyBytes), iv: new Uint8Array() };
    case 'pkcs12':
      return {
        key: await derivePkcs12(kdf.hash, kdf, 'key', password, keyBytes),
        iv: ivBytes === 0 ? new Uint8Array() : await derivePkcs12(kdf.hash, kdf, 'iv', password, ivBytes),
      };
    case 'pbkdf1': {
      // PBKDF1 (RFC 8018 section 5.1)
      const digest = await digestOf(kdf.hash);
      const block = repeatHash(kdf.hash.name, digest(password, kdf.salt), kdf.iterations - 1, digest);
      const end = kdf.ivAtEnd === true ? block.length : 16;
      return { key: block.subarray(0, keyBytes), iv: block.subarray(end - ivBytes, end) };
    }
    case 'bytes-to-key':
      return { key: bytesToKey(kdf, password, keyBytes), iv: new Uint8Array() };
    case 'bcrypt': {
      const { bcryptPbkdf } = await import('./bcrypt.js');
      const derived = await bcryptPbkdf(password, kdf.salt, kdf.rounds, keyBytes + ivBytes);
      return { key: derived.subarray(0, keyBytes), iv: derived.subarray(keyBytes) };
    }
    case 'argon2': {
      const { argon2 } = await import('./argon2.js');
      return { key: await argon2(kdf.variant, kdf, password, kdf.salt, keyBytes), iv: new Uint8Array() };
    }
    default:
      return kdf satisfies never;
  }
}

async function derivePbkdf2(
  { hash, salt, iterations }: Extract<Kdf, { kind: 'pbkdf2' }>,
  password: Uint8Array,
  keyBytes: number,
): Promise<Uint8Array> {
  if (hash.byHand === undefined) return pbkdf2Async(password, salt, iterations, keyBytes, hash.name);
  const { pbkdf2ByHand } = await import('./rare/index.js');
  return pbkdf2ByHand(await hmacOf(hash, password), salt, iterations, keyBytes);
}

async function deriveScrypt(
  kdf: Extract<Kdf, { kind: 'scrypt' }>,
  password: Uint8Array,
  keyBytes: number,
): Promise<Uint8Array> {
  const { N, r, p } = kdf;
  const maxmem = 128 * N * r + 128 * r * p + 64 * 1024;
  return new Promise((resolve, reject) => {
    scrypt(password, kdf.salt, keyBytes, { N, r, p, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** OpenSSL's EVP_BytesToKey with one iteration: D_i = hash(D_(i-1) || password || salt). */
function bytesToKey(
  { hash, salt }: Extract<Kdf, { kind: 'bytes-to-key' }>,
  password: Uint8Array,
  length: number,
): Uint8Array {
  let key = Buffer.alloc(0);
  let block = Buffer.alloc(0);
  while (key.length < length) {
    block = createHash(hash.name).update(block).update(password).update(salt).digest();
    key = Buffer.concat([key, block]);
  }
  return key.subarray(0, length);
}
