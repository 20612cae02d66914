import { SapcertError } from '../errors.js';
import type { Warning } from './types.js';

/** A passphrase with the place it came from, which may be named in messages; the passphrase itself never is. */
export interface FoundSecret {
  readonly passphrase: string;
  /** What completes "the secret from …". */
  readonly origin: string;
  readonly warnings: readonly Warning[];
}

/** @throws SapcertError `key.passphrase-missing` for an empty one */
export function foundSecret(
  passphrase: string,
  origin: string,
  warnings: readonly Warning[] = [],
): FoundSecret {
  if (passphrase !== '') return { passphrase, origin, warnings };
  throw new SapcertError('key.passphrase-missing', `the secret from ${origin} is empty`, {
    hint: 'the secret has to stand in the first line; SAP shows it once: issue a new certificate if it is lost',
  });
}

/** How a message calls a secret. */
export function nameOfSecret({ origin }: Pick<FoundSecret, 'origin'>): string {
  return origin.includes('pass:') ? 'the secret' : `the secret from ${origin}`;
}
