import type { KeyObject } from 'node:crypto';

/**
 * A private key of a kind that sapcert knows by name and Node does not have (GOST R 34.10, DSTU 4145, in older releases
 * ML-DSA): it can be decrypted and written, and not be used.
 */
export class UnknownKey {
  /** As a KeyObject has it: of no kind that Node can name. */
  readonly asymmetricKeyType = undefined;

  constructor(
    /** What kind of key it is, in words. */
    readonly name: string,
    /** PKCS#8 PrivateKeyInfo (RFC 5958), DER, without attributes. */
    readonly pkcs8: Uint8Array,
  ) {}
}

/** A private key after it was opened. */
export type OpenedKey = KeyObject | UnknownKey;

/** As node:crypto names it, or in words where it does not. */
export function typeOf(key: OpenedKey): string {
  return key instanceof UnknownKey ? key.name : (key.asymmetricKeyType ?? 'unknown');
}
