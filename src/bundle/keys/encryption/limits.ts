import { SapcertError, type Place } from '../../../errors.js';
import type { Kdf } from './kdf.js';

/**
 * What a file may ask for. A KDF that runs cannot be stopped, not even by ending its worker, so that the price is
 * known before anything is tried. JDK and Bouncy Castle refuse at the same number of iterations; the scrypt
 * limits leave room for the costliest vector of RFC 7914 (N = 2^20, r = 8). A round of bcrypt takes as long as
 * thousands of iterations; ssh-keygen's own number is 16 or 24, and 100 is what the careful ask for.
 */
export const kdfLimits = {
  iterations: 5_000_000,
  /** 128 * r * (N + p) bytes */
  scryptMemory: 2 ** 30 + 2 ** 20,
  /** N * r * p */
  scryptWork: 2 ** 23,
  bcryptRounds: 1000,
  /** KiB * passes; PuTTY asks for 8 MiB and as many passes as take a tenth of a second */
  argon2Work: 2 ** 20,
} as const;

/** Programs write a few dozen bytes of salt, and read any number; a salt is hashed once, however many rounds follow. */
export const longestSalt = 2 ** 20;

/** What OpenSSL and Node can be asked for at all. */
const mostIterations = 2 ** 31 - 1;
const mostMemory = 2 ** 36;

/**
 * @param kdfs all derivations that one file asks for; iterations and scrypt work count together
 * @throws SapcertError `key.kdf-too-costly`
 */
export function refuseCostly(kdfs: readonly Kdf[], allowSlowKdf: boolean, place: Place): void {
  const reason = tooCostly(kdfs, allowSlowKdf);
  if (reason === undefined) return;
  throw new SapcertError('key.kdf-too-costly', reason, {
    place,
    hint: allowSlowKdf
      ? 'no program can do this work: the file is damaged or was made to hang what opens it'
      : 'a genuine file does not ask for this much; if you trust it, allow slow key derivation (--allow-slow-kdf)',
  });
}

function tooCostly(kdfs: readonly Kdf[], allowSlowKdf: boolean): string | undefined {
  const limits = allowSlowKdf
    ? {
        iterations: mostIterations,
        scryptMemory: mostMemory,
        scryptWork: Infinity,
        bcryptRounds: mostIterations,
        argon2Work: mostIterations,
      }
    : kdfLimits;
  const iterations = sum(kdfs.map(iterationsOf));
  if (iterations > limits.iterations) {
    return `key derivation of ${iterations === Infinity ? 'more than 2^53' : iterations} iterations; the limit is ${limits.iterations}`;
  }
  const rounds = sum(kdfs.map((kdf) => (kdf.kind === 'bcrypt' ? kdf.rounds : 0)));
  if (rounds > limits.bcryptRounds) {
    return `key derivation of ${rounds} rounds of bcrypt; the limit is ${limits.bcryptRounds}`;
  }
  const argon2 = sum(kdfs.map((kdf) => (kdf.kind === 'argon2' ? kdf.memory * kdf.passes : 0)));
  if (argon2 > limits.argon2Work) {
    return `Argon2 with KiB * passes = ${argon2}; the limit is ${limits.argon2Work}`;
  }
  const scrypts = kdfs.filter((kdf) => kdf.kind === 'scrypt');
  const memory = Math.max(0, ...scrypts.map(({ N, r, p }) => 128 * r * (N + p)));
  if (memory > limits.scryptMemory) {
    return `scrypt that needs ${Math.ceil(memory / 2 ** 20)} MiB of memory; the limit is ${limits.scryptMemory / 2 ** 20} MiB`;
  }
  const work = sum(scrypts.map(({ N, r, p }) => N * r * p));
  if (work > limits.scryptWork) {
    return `scrypt with N * r * p = ${work}; the limit is ${limits.scryptWork}`;
  }
  return undefined;
}

/** A round in JavaScript takes as long as many in OpenSSL. */
function iterationsOf(kdf: Kdf): number {
  if (!('iterations' in kdf)) return 0;
  return kdf.kind === 'pbkdf2' && kdf.hash.byHand !== undefined ? 8 * kdf.iterations : kdf.iterations;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
