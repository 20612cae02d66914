import { type Place, SapcertError } from '../../../errors.js';
import type { OpenKeyOptions } from '../../types.js';
import type { Decrypted } from './decrypt.js';
import { checkCiphertext, decryptWith, type SupportedEncryption } from './encryption.js';
import { passwordCandidates } from './passwords.js';

/** What a plaintext turned out to be. */
export type Verdict<T> =
  | { readonly kind: 'right'; readonly value: T }
  /** Noise: the passphrase is not the right one. */
  | { readonly kind: 'wrong' }
  /** The passphrase is right, but what it opens is broken or of no use. */
  | { readonly kind: 'unusable'; readonly error: SapcertError };

/** What is to be opened, in the words of messages. */
export interface Locked {
  readonly place: Place;
  readonly what: 'private key' | 'PKCS#12 file';
}

export interface Unlocked<T> {
  readonly value: T;
  /** The byte form of the passphrase that opened it. */
  readonly password: Uint8Array;
}

/**
 * Tries every byte form of the passphrase; the cost must have been checked before.
 *
 * @param judge tells right from wrong: a CBC padding comes out sound for one wrong passphrase in 256
 * @throws SapcertError `key.passphrase-missing`, `key.passphrase-wrong`, `key.damaged`, or the judge's error
 */
export async function unlock<T>(
  encryption: SupportedEncryption,
  ciphertext: Uint8Array,
  { passphrase }: OpenKeyOptions,
  judge: (decrypted: Decrypted) => Verdict<T>,
  locked: Locked,
): Promise<Unlocked<T>> {
  checkCiphertext(encryption, ciphertext, locked.place);
  if (passphrase === undefined) throw missingPassphrase(locked);
  let unusable: SapcertError | undefined;
  const ways = [encryption, ...(encryption.otherwise === undefined ? [] : [encryption.otherwise])];
  for (const password of passwordCandidates(encryption.passwordForm, passphrase)) {
    for (const way of ways) {
      const verdict = judge(await decryptWith(way, password, ciphertext, locked.place));
      if (verdict.kind === 'right') return { value: verdict.value, password };
      if (verdict.kind === 'unusable') unusable ??= verdict.error;
    }
  }
  throw unusable ?? wrongPassphrase(locked);
}

export function missingPassphrase({ place, what }: Locked): SapcertError {
  return new SapcertError('key.passphrase-missing', `the ${what} is encrypted and no passphrase was given`, {
    place,
    hint: 'give the secret that was shown when the file was issued',
  });
}

export function wrongPassphrase({ place, what }: Locked): SapcertError {
  return new SapcertError('key.passphrase-wrong', `the passphrase does not open the ${what}`, {
    place,
    hint: 'the secret belongs to exactly one file: one issued later has another',
  });
}
