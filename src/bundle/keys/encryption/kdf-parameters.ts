import { type Element, type Fields, Tag } from '../../asn1/index.js';
import { type Hash, hashByHmacOid, requireHash } from './hashes.js';
import type { Kdf } from './kdf.js';
import { longestSalt } from './limits.js';

/** A derivation as PBES2 and PBMAC1 name it, with the key length where the file fixes one. */
export type ReadKdf =
  | {
      readonly supported: true;
      readonly kdf: Kdf;
      readonly keyBytes: number | undefined;
      readonly name: string;
    }
  | {
      readonly supported: false;
      readonly name: string;
      readonly openedBy: string;
      readonly iterations?: number;
    };

const pbkdf2 = '1.2.840.113549.1.5.12';
const scrypt = '1.3.6.1.4.1.11591.4.11';

/** @param algorithm the AlgorithmIdentifier of the derivation (RFC 8018 appendix A.2, RFC 7914 section 7) */
export function readKdf(algorithm: Element): ReadKdf {
  const fields = algorithm.sequence('the key derivation algorithm');
  const oid = fields.next('its identifier').oid('the identifier of the key derivation');
  switch (oid) {
    case pbkdf2:
      return readPbkdf2(fields.next('the PBKDF2 parameters').sequence('the PBKDF2 parameters'));
    case scrypt:
      return readScrypt(fields.next('the scrypt parameters').sequence('the scrypt parameters'));
    default:
      return { supported: false, name: `the key derivation ${oid}`, openedBy: 'only what wrote the file' };
  }
}

function readPbkdf2(fields: Fields): ReadKdf {
  const salt = readSalt(fields);
  const iterations = readIterations(fields);
  const keyBytes = readKeyLength(fields);
  const prf = fields.peek() === undefined ? requireHash('sha1') : readPrf(fields.next('the PRF'));
  fields.end();
  if (typeof prf === 'string') {
    return {
      supported: false,
      name: `PBKDF2 with the PRF ${prf}`,
      openedBy: 'only what wrote the file',
      iterations,
    };
  }
  return {
    supported: true,
    name: `pbkdf2-${prf.name}`,
    keyBytes,
    kdf: { kind: 'pbkdf2', hash: prf, salt, iterations },
  };
}

/** @returns the identifier where it is not a known one */
function readPrf(algorithm: Element): Hash | string {
  const oid = algorithm.sequence('the PRF').next('its identifier').oid('the identifier of the PRF');
  return hashByHmacOid(oid) ?? oid;
}

function readScrypt(fields: Fields): ReadKdf {
  const salt = readSalt(fields);
  const N = fields.next('N').count('the scrypt cost N');
  const r = fields.next('r').count('the scrypt block size r');
  const p = fields.next('p').count('the scrypt parallelization p');
  const keyBytes = readKeyLength(fields);
  fields.end();
  // Infinity, a count beyond all limits, is left to the check of the cost.
  if (N < 2 || r < 1 || p < 1 || (N < Infinity && !Number.isInteger(Math.log2(N)))) {
    throw fields.refuse('the scrypt parameters are not ones that scrypt allows');
  }
  return { supported: true, name: 'scrypt', keyBytes, kdf: { kind: 'scrypt', salt, N, r, p } };
}

export function readSalt(fields: Fields): Uint8Array {
  const salt = fields.next('the salt').octets('the salt');
  if (salt.length > longestSalt)
    throw fields.refuse(`a salt of ${salt.length} bytes is not one that any program writes`);
  return salt;
}

export function readIterations(fields: Fields): number {
  const iterations = fields.next('the iteration count').count('the iteration count');
  if (iterations < 1) throw fields.refuse('the iteration count is 0');
  return iterations;
}

function readKeyLength(fields: Fields): number | undefined {
  return fields.optional(Tag.integer)?.count('the key length');
}
