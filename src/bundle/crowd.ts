import { SapcertError } from '../errors.js';
import type { LockedKey } from './types.js';

/** A bundle has one key and a few certificates; opening and comparing more than this is work without end. */
const mostKeys = 32;
const mostCertificates = 1000;

/** What the keys of one file may ask for together: as much as one of them may alone. */
const mostIterations = 5_000_000;
const mostScryptWork = 2 ** 23;
/** 1,000 rounds are what one key may ask for. */
const iterationsOfRound = 5000;

export interface CrowdOptions {
  readonly file?: string | undefined;
  readonly allowSlowKdf?: boolean | undefined;
}

/**
 * Refuses an input that holds more keys or certificates than anybody puts into one file, before they are looked at.
 *
 * @throws SapcertError `file.several-keys`, `file.too-large`
 */
export function refuseCrowd(keys: number, certificates: number, { file }: CrowdOptions): void {
  const place = { file };
  if (keys > mostKeys) {
    const message = `${keys} private keys in one file; sapcert opens up to ${mostKeys}`;
    throw new SapcertError('file.several-keys', message, {
      place,
      hint: 'put each device into a file of its own',
    });
  }
  if (certificates > mostCertificates) {
    const message = `${certificates} certificates in one file; sapcert reads up to ${mostCertificates}`;
    throw new SapcertError('file.too-large', message, {
      place,
      hint: 'keep those of the device and its issuers',
    });
  }
}

/**
 * Refuses several keys that ask for more work together than one may ask for.
 *
 * @throws SapcertError `key.kdf-too-costly`
 */
export function refuseCostlyKeys(keys: readonly LockedKey[], { file, allowSlowKdf }: CrowdOptions): void {
  if (keys.length < 2 || allowSlowKdf === true || !asksTooMuch(keys)) return;
  const message = `the key derivations of its ${keys.length} private keys cost too much together`;
  throw new SapcertError('key.kdf-too-costly', message, {
    place: { file },
    hint: 'put each device into a file of its own; if you trust this one, allow slow key derivation (--allow-slow-kdf)',
  });
}

function asksTooMuch(keys: readonly LockedKey[]): boolean {
  let [iterations, work] = [0, 0];
  for (const { encryption } of keys) {
    iterations += (encryption?.iterations ?? 0) * (encryption?.kdf === 'bcrypt' ? iterationsOfRound : 1);
    const { N, r, p } = encryption?.scrypt ?? { N: 0, r: 0, p: 0 };
    work += N * r * p;
  }
  return iterations > mostIterations || work > mostScryptWork;
}
