import { type KeyObject, createPrivateKey } from 'node:crypto';
import { type Place, SapcertError } from '../../errors.js';
import type { Refuse } from '../asn1/index.js';
import type { LockedKey, OpenKeyOptions } from '../types.js';
import { type OpenedKey, UnknownKey } from './unknown-key.js';

/** OpenSSL takes no larger RSA modulus, and BigInt arithmetic on a hostile one must not take long. */
export const largestModulusBits = 16_384;

/**
 * Lets Node read a key whose structure was found right.
 *
 * @throws what `refuse` makes of a refusal
 */
export function createKey(key: Uint8Array, type: 'pkcs8' | 'pkcs1' | 'sec1', refuse: Refuse): KeyObject {
  const created = tryCreateKey(key, type);
  if (created === undefined)
    throw refuse('the private key has the right form, but its content is not a valid key');
  return created;
}

/**
 * Tries twice: Node takes an error that some earlier call (a scrypt beyond OpenSSL's memory limit, for one) left
 * in OpenSSL's queue for an error in the key, and clears the queue as it does so.
 */
export function tryCreateKey(key: Uint8Array, type: 'pkcs8' | 'pkcs1' | 'sec1'): KeyObject | undefined {
  return createOnce(key, type) ?? createOnce(key, type);
}

function createOnce(key: Uint8Array, type: 'pkcs8' | 'pkcs1' | 'sec1'): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(key), format: 'der', type });
  } catch {
    return undefined;
  }
}

/**
 * Opens a key that is to be used with TLS.
 *
 * @throws SapcertError as `LockedKey.open`, and `key.unsupported-type` for kinds that Node can hold and not use
 */
export async function openForTls(locked: LockedKey, options: OpenKeyOptions): Promise<KeyObject> {
  const key = await locked.open(options);
  if (!fitForTls(key)) throw unfitForTls(key, locked.place);
  return key;
}

/** Whether Node can use a key for TLS; one that it can hold and not name is of SM2 or X9.42 Diffie-Hellman. */
export function fitForTls(key: OpenedKey): key is KeyObject {
  return key.asymmetricKeyType !== undefined;
}

export function unfitForTls(key: OpenedKey, place: Place): SapcertError {
  const kind = key instanceof UnknownKey ? key.name : 'one of SM2 or of X9.42 Diffie-Hellman';
  const message = `the private key is ${kind}, which Node cannot use for TLS`;
  return new SapcertError('key.unsupported-type', message, { place, hint: tlsKeys });
}

const tlsKeys = 'a TLS client needs an RSA, EC, Ed25519 or Ed448 key';

/** An error at the place that `refuse` knows. */
export function unsupportedType(message: string, refuse: Refuse, hint?: string): SapcertError {
  const { place } = refuse(message);
  return new SapcertError('key.unsupported-type', message, {
    place,
    hint: hint ?? tlsKeys,
  });
}

/** base^exponent mod modulus */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

export function bitLength(value: bigint): number {
  return value.toString(16).length * 4;
}
