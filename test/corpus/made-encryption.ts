import {
  createCipheriv,
  createHash,
  pbkdf2Sync,
  randomBytes,
  scryptSync,
  type CipherGCMTypes,
} from 'node:crypto';
import { der } from '../../src/bundle/asn1/index.js';

/** Encryption for what openssl cannot write, straight from the RFCs and without the code under test. */

const aes256Cbc = '2.16.840.1.101.3.4.1.42';

export interface Pbes2Choice {
  /** DER of the AlgorithmIdentifier of the derivation. */
  readonly kdf: Uint8Array;
  readonly key: Buffer;
}

export function pbkdf2(
  password: Uint8Array,
  prf: { readonly name: string; readonly oid: string },
  options: { readonly keyBytes?: number; readonly writeLength?: boolean; readonly iterations?: number } = {},
): Pbes2Choice {
  const { keyBytes = 32, writeLength = false, iterations = 1000 } = options;
  const salt = randomBytes(16);
  const length = writeLength ? [der.integer(keyBytes)] : [];
  const prfDer = der.sequence(der.oid(prf.oid), der.null());
  const parameters = der.sequence(der.octets(salt), der.integer(iterations), ...length, prfDer);
  return {
    kdf: der.sequence(der.oid('1.2.840.113549.1.5.12'), parameters),
    key: pbkdf2Sync(password, salt, iterations, keyBytes, prf.name),
  };
}

export function scrypt(password: Uint8Array, N: number, r: number, p: number): Pbes2Choice {
  const salt = randomBytes(16);
  const numbers = [N, r, p].map((number) => der.integer(number));
  const maxmem = 256 * N * r;
  return {
    kdf: der.sequence(der.oid('1.3.6.1.4.1.11591.4.11'), der.sequence(der.octets(salt), ...numbers)),
    key: scryptSync(password, salt, 32, { N, r, p, maxmem }),
  };
}

export interface Sealed {
  readonly algorithm: Uint8Array;
  readonly ciphertext: Uint8Array;
}

export function sealCbc(plaintext: Uint8Array, { kdf, key }: Pbes2Choice, oid = aes256Cbc): Sealed {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return { algorithm: pbes2(kdf, der.sequence(der.oid(oid), der.octets(iv))), ciphertext };
}

/** @param tagBytes 12 is the default that is left out (RFC 5084 section 3.2) */
export function sealGcm(
  plaintext: Uint8Array,
  { kdf, key }: Pbes2Choice,
  name: string,
  oid: string,
  tagBytes: number,
): Sealed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(name as CipherGCMTypes, key, nonce, { authTagLength: tagBytes });
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  const length = tagBytes === 12 ? [] : [der.integer(tagBytes)];
  const parameters = der.sequence(der.octets(nonce), ...length);
  return { algorithm: pbes2(kdf, der.sequence(der.oid(oid), parameters)), ciphertext };
}

/** pbeWithMD5AndDES-CBC (RFC 8018 section 6.1); three times the same DES key is one DES. */
export function sealPbes1(plaintext: Uint8Array, password: Uint8Array): Sealed {
  const salt = randomBytes(8);
  const iterations = 1000;
  let block = createHash('md5').update(password).update(salt).digest();
  for (let round = 1; round < iterations; round += 1) block = createHash('md5').update(block).digest();
  const key = block.subarray(0, 8);
  const cipher = createCipheriv('des-ede3-cbc', Buffer.concat([key, key, key]), block.subarray(8));
  return {
    algorithm: der.sequence(
      der.oid('1.2.840.113549.1.5.3'),
      der.sequence(der.octets(salt), der.integer(iterations)),
    ),
    ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final()]),
  };
}

export function sealTraditional(
  plaintext: Uint8Array,
  password: Uint8Array,
): { iv: Buffer; ciphertext: Buffer } {
  const iv = randomBytes(16);
  const salt = iv.subarray(0, 8);
  const key = createHash('md5').update(password).update(salt).digest();
  const cipher = createCipheriv('aes-128-cbc', key, iv);
  return { iv, ciphertext: Buffer.concat([cipher.update(plaintext), cipher.final()]) };
}

export function encryptedPrivateKeyInfo({ algorithm, ciphertext }: Sealed): Uint8Array {
  return der.sequence(algorithm, der.octets(ciphertext));
}

function pbes2(kdf: Uint8Array, scheme: Uint8Array): Uint8Array {
  return der.sequence(der.oid('1.2.840.113549.1.5.13'), der.sequence(kdf, scheme));
}

export const hmac = {
  sha1: { name: 'sha1', oid: '1.2.840.113549.2.7' },
  sha256: { name: 'sha256', oid: '1.2.840.113549.2.9' },
  sha512: { name: 'sha512', oid: '1.2.840.113549.2.11' },
  sha3_224: { name: 'sha3-224', oid: '2.16.840.1.101.3.4.2.13' },
  sha3_384: { name: 'sha3-384', oid: '2.16.840.1.101.3.4.2.15' },
  ripemd160: { name: 'ripemd160', oid: '1.3.6.1.5.5.8.1.4' },
  sm3: { name: 'sm3', oid: '1.2.156.10197.1.401.2' },
} as const;

export function pemText(label: string, bytes: Uint8Array, headers: readonly string[] = []): Buffer {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const head = headers.length === 0 ? [] : [...headers, ''];
  return Buffer.from(
    [`-----BEGIN ${label}-----`, ...head, ...lines, `-----END ${label}-----`, ''].join('\n'),
  );
}
