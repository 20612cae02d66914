import { SapcertError, type Place } from '../../../errors.js';
import type { KeyEncryption } from '../../types.js';
import type { Cipher } from './ciphers.js';
import { type CipherParameters, type Decrypted, decrypt, isAuthenticated, isPadded } from './decrypt.js';
import { deriveKey, type Kdf } from './kdf.js';
import { refuseCostly } from './limits.js';
import type { PasswordForm } from './passwords.js';

/** How something is encrypted, read out of the file and understood before any passphrase is tried. */
export type Encryption = SupportedEncryption | UnsupportedEncryption;

export interface SupportedEncryption {
  readonly supported: true;
  readonly facts: KeyEncryption;
  readonly kdf: Kdf;
  readonly cipher: Cipher;
  /** Bytes to derive; PBES2 may fix another length than the cipher's usual one. */
  readonly keyBytes: number;
  /** Bytes of the vector to derive; 0 where it stands in the file. */
  readonly derivedIvBytes: number;
  readonly parameters: CipherParameters;
  readonly passwordForm: PasswordForm;
  /** What some program does under the same identifiers; tried where this one does not open it. */
  readonly otherwise?: SupportedEncryption | undefined;
}

export interface UnsupportedEncryption {
  readonly supported: false;
  readonly facts: KeyEncryption;
  /** The algorithm by name and, where it has one, identifier. */
  readonly algorithm: string;
  /** What opens such a file. */
  readonly openedBy: string;
}

/** @throws SapcertError `key.unsupported-encryption` */
export function requireSupported(encryption: Encryption, place: Place): SupportedEncryption {
  if (encryption.supported) return encryption;
  throw new SapcertError('key.unsupported-encryption', `encrypted with ${encryption.algorithm}`, {
    place,
    hint: `sapcert cannot decrypt this; ${encryption.openedBy} can`,
  });
}

/**
 * Refuses a ciphertext that no key can fit.
 *
 * @throws SapcertError `key.damaged`
 */
export function checkCiphertext(
  { cipher, parameters }: SupportedEncryption,
  data: Uint8Array,
  place: Place,
): void {
  const least = isAuthenticated(cipher) ? (parameters.tagBytes ?? 16) + 1 : 1;
  if (data.length < least) {
    throw new SapcertError('key.damaged', 'the encrypted content is empty', { place });
  }
  const over = isPadded(cipher) ? data.length % cipher.blockBytes : 0;
  if (over > 0) {
    const message = `the encrypted content is not a whole number of ${cipher.blockBytes}-byte blocks: it was cut or changed`;
    throw new SapcertError('key.damaged', message, { place });
  }
}

/**
 * Decrypts with one password in the form that the scheme wants; the cost must have been checked.
 *
 * @throws SapcertError `key.unsupported-encryption` where this Node has not what it takes
 */
export async function decryptWith(
  encryption: SupportedEncryption,
  password: Uint8Array,
  ciphertext: Uint8Array,
  place: Place,
): Promise<Decrypted> {
  const { kdf, cipher, keyBytes, derivedIvBytes, parameters, facts } = encryption;
  return orUnsupported(`${facts.kdf} with ${facts.cipher}`, place, async () => {
    const { key, iv } = await deriveKey(kdf, password, keyBytes, derivedIvBytes);
    const vector = derivedIvBytes === 0 ? parameters.iv : iv;
    try {
      return await decrypt(cipher, key, { ...parameters, iv: vector }, ciphertext);
    } finally {
      key.fill(0);
    }
  });
}

/** Algorithms can be missing from a Node (in FIPS mode MD5 is), and so can the memory that scrypt asks for. */
export async function orUnsupported<T>(what: string, place: Place, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new SapcertError('key.unsupported-encryption', `this Node cannot run ${what}`, {
      place,
      hint: 'another build of Node, or a machine with more memory, may; openssl with its legacy provider can',
      cause,
    });
  }
}

/** @throws SapcertError `key.kdf-too-costly` */
export function checkCost(encryption: SupportedEncryption, allowSlowKdf: boolean, place: Place): void {
  refuseCostly([encryption.kdf], allowSlowKdf, place);
}
