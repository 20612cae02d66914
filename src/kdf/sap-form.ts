import { createDecipheriv } from 'node:crypto';
import { type Engines, engines } from './engine.js';
import { type KeyRequest, bmpString, pkcs12KeySha1, pkcs12KeySha1Batch, purposes } from './pkcs12.js';
import { type RsaKey, readRsaKey } from './rsa.js';

/** A key in the form in which SAP issues it: pbeWithSHA1And3-KeyTripleDES-CBC (RFC 7292 appendix C). */
export interface SapForm {
  readonly ciphertext: Uint8Array;
  readonly salt: Uint8Array;
  /** At least 1; there is no upper limit here. SAP's files have 131,072. */
  readonly iterations: number;
  /** Bytes are UTF-8, or where they cannot be, Latin-1. */
  readonly passphrase: string | Uint8Array;
}

/**
 * Opens one key, in well under the time that `crypto.createPrivateKey` takes.
 *
 * @returns `undefined` on any doubt: a wrong secret, a key that is not RSA, an unusual encoding, a runtime
 *   without WebAssembly. It is no verdict; `crypto.createPrivateKey` is to give that.
 */
export function openSapForm(form: SapForm, on: Engines = engines): RsaKey | undefined {
  if (on.single === undefined) return undefined;
  return decrypt(form, pkcs12KeySha1(keyRequest(form), on));
}

/** The same for many keys, four at once where the processor can; the results in the order of the forms. */
export function openSapFormBatch(forms: readonly SapForm[], on: Engines = engines): (RsaKey | undefined)[] {
  if (on.single === undefined) return forms.map(() => undefined);
  const keys = pkcs12KeySha1Batch(forms.map(keyRequest), on);
  return forms.map((form, index) => decrypt(form, keys[index] ?? nothing));
}

/** The request that costs nothing is for what cannot be an RSA key. */
function keyRequest(form: SapForm): KeyRequest {
  const { passphrase, salt, iterations } = form;
  const password = bmpString(typeof passphrase === 'string' ? passphrase : decoded(passphrase));
  return { password, salt, iterations, purpose: purposes.key, length: canBeRsa(form) ? keyLength : 0 };
}

const nothing = new Uint8Array();
const keyLength = 24;
const blockLength = 8;
const smallestRsa = 0x104;
const largest = 0x10000;

function canBeRsa({ ciphertext: { length } }: SapForm): boolean {
  return length % blockLength === 0 && length > smallestRsa && length < largest;
}

function decoded(passphrase: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(passphrase);
  } catch {
    return Buffer.from(passphrase).toString('latin1');
  }
}

/**
 * Decrypts without the initialisation vector, whose derivation would be a third of all the work. In CBC it
 * touches the first block alone, and those eight bytes of a PrivateKeyInfo follow from its length.
 */
function decrypt({ ciphertext }: SapForm, key: Uint8Array): RsaKey | undefined {
  if (key.length < keyLength) return undefined;
  const plaintext = decryptBlocks(ciphertext, key);
  key.fill(0);
  const padding = plaintext?.at(-1) ?? 0;
  if (plaintext === undefined || padding < 1 || padding > blockLength) return undefined;
  if (plaintext.subarray(-padding).some((byte) => byte !== padding)) return undefined;
  const pkcs8 = plaintext.subarray(0, -padding);
  pkcs8.set(firstBytes(pkcs8.length));
  return readRsaKey(pkcs8);
}

function decryptBlocks(ciphertext: Uint8Array, key: Uint8Array): Buffer | undefined {
  try {
    const decipher = createDecipheriv('des-ede3-cbc', key, new Uint8Array(blockLength)).setAutoPadding(false);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    return undefined; // a crypto policy without 3DES
  }
}

/** SEQUENCE with a length of two digits, INTEGER 0, and the tag of the algorithm's SEQUENCE. */
function firstBytes(length: number): readonly number[] {
  const content = length - 4;
  return [0x30, 0x82, content >>> 8, content & 0xff, 0x02, 0x01, 0x00, 0x30];
}
