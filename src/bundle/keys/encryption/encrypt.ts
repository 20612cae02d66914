import { createCipheriv, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { der } from '../../asn1/index.js';
import { cipherByName } from './ciphers.js';
import { requireHash } from './hashes.js';
import { passwordCandidates } from './passwords.js';
import { sapScheme } from './pbes1.js';
import { pbes2 } from './pbes2.js';
import { derivePkcs12 } from './pkcs12-kdf.js';

/** An AlgorithmIdentifier (DER) and the ciphertext that goes with it. */
export interface Encrypted {
  readonly algorithm: Uint8Array;
  readonly ciphertext: Uint8Array;
}

const pbkdf2Async = promisify(pbkdf2);

/** PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256, the salt and the vector fresh. */
export async function encryptPbes2(
  plaintext: Uint8Array,
  passphrase: string | Uint8Array,
  iterations: number,
): Promise<Encrypted> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await pbkdf2Async(Buffer.from(passphrase), salt, iterations, 32, 'sha256');
  const hmac = requireHash('sha256').hmacOids[0] ?? '';
  const prf = der.sequence(der.oid(hmac), der.null());
  const derivation = der.sequence(
    der.oid('1.2.840.113549.1.5.12'),
    der.sequence(der.octets(salt), der.integer(iterations), prf),
  );
  const scheme = der.sequence(der.oid(cipherByName('aes-256-cbc')?.oid ?? ''), der.octets(iv));
  return {
    algorithm: der.sequence(der.oid(pbes2), der.sequence(derivation, scheme)),
    ciphertext: encrypt('aes-256-cbc', key, iv, plaintext),
  };
}

/** pbeWithSHA1And3-KeyTripleDES-CBC with 8 bytes of fresh salt, as SAP encrypts the keys it issues. */
export async function encryptSapForm(
  plaintext: Uint8Array,
  passphrase: string | Uint8Array,
  iterations: number,
): Promise<Encrypted> {
  const sha1 = requireHash('sha1');
  const salt = randomBytes(8);
  const [password = new Uint8Array()] = passwordCandidates('bmp-string', passphrase);
  const key = await derivePkcs12(sha1, { salt, iterations }, 'key', password, 24);
  const iv = await derivePkcs12(sha1, { salt, iterations }, 'iv', password, 8);
  return {
    algorithm: der.sequence(der.oid(sapScheme), der.sequence(der.octets(salt), der.integer(iterations))),
    ciphertext: encrypt('des-ede3-cbc', key, iv, plaintext),
  };
}

function encrypt(name: string, key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv(name, key, iv);
  return Buffer.concat([cipher.update(plaintext), cipher.final()]);
}
