import type { X509Certificate } from 'node:crypto';
import type { Place } from '../errors.js';
import type { OpenedKey } from './keys/unknown-key.js';

/** One PEM block (RFC 7468 textual encoding, or RFC 1421 with headers), decoded. */
export interface PemBlock {
  /** What stands between `-----BEGIN ` and `-----`. */
  readonly label: string;
  /** RFC 1421 headers such as `Proc-Type` and `DEK-Info`, in the order of the text. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly der: Uint8Array;
  readonly place: BlockPlace;
}

export interface BlockPlace extends Place {
  /** 1 for the first block of the input. */
  readonly block: number;
  /** The line of `-----BEGIN`. */
  readonly line: number;
  /** The line of `-----END`. */
  readonly lastLine: number;
}

/** Something that was mended, or that the user should know, and that stops nothing. */
export interface Warning {
  readonly code: WarningCode;
  /** Lower case, no full stop, no secret. */
  readonly message: string;
  readonly place?: Place | undefined;
}

export type WarningCode =
  | 'repaired.byte-order-mark'
  | 'repaired.utf-16'
  | 'repaired.literal-newlines'
  | 'repaired.indentation'
  | 'repaired.carriage-returns'
  | 'repaired.blank-lines'
  | 'repaired.long-lines'
  | 'repaired.trailing-spaces'
  | 'repaired.glued-boundary'
  | 'repaired.missing-boundaries'
  | 'repaired.der-named-pem'
  | 'repaired.explicit-curve'
  | 'repaired.trailing-bytes'
  | 'skipped.explanatory-text'
  | 'skipped.block'
  | 'passphrase.readable-by-others'
  | 'passphrase.unused'
  | 'bundle.several-keys'
  | 'bundle.unrelated-certificate'
  | 'bundle.duplicate-certificate'
  | 'bundle.leaf-not-first'
  | 'key.weak-encryption'
  | 'certificate.expired'
  | 'certificate.not-yet-valid'
  | 'chain.incomplete'
  | 'connection.warning'
  | 'capture.written'
  | 'report.written';

export type KeyType = 'rsa' | 'rsa-pss' | 'ec' | 'ed25519' | 'ed448' | 'x25519' | 'x448' | 'dsa' | 'dh';

/** How a private key is protected, known without any secret. */
export interface KeyEncryption {
  /** `PBES1`, `PBES2` (RFC 8018), `PKCS#12` (RFC 7292 appendix C) or `DEK-Info` (RFC 1421, OpenSSL's derivation). */
  readonly scheme: 'PBES1' | 'PBES2' | 'PKCS#12' | 'DEK-Info' | 'OpenSSH' | 'PuTTY' | 'unknown';
  /** For example `aes-256-cbc`, `des-ede3-cbc`, `rc2-40-cbc`. */
  readonly cipher: string;
  /** For example `pbkdf2-sha256`, `pkcs12-sha1`, `scrypt`, `md5` (OpenSSL's EVP_BytesToKey). */
  readonly kdf: string;
  readonly iterations?: number | undefined;
  readonly scrypt?: { readonly N: number; readonly r: number; readonly p: number } | undefined;
  /** Memory in KiB. */
  readonly argon2?:
    | { readonly memory: number; readonly passes: number; readonly parallelism: number }
    | undefined;
  /** The object identifier of the scheme or the cipher, where one stands in the file. */
  readonly oid?: string | undefined;
}

/** A private key as it was found, before any secret was tried. */
export interface LockedKey {
  readonly place: Place;
  /** The PEM label, or what the DER turned out to be, in the same words. */
  readonly label: string;
  /** `undefined`: not encrypted. */
  readonly encryption: KeyEncryption | undefined;
  /** The key's type where it can be told without a secret (traditional labels, keys that are not encrypted). */
  readonly type: KeyType | undefined;
  /**
   * Opens the key. A kind that Node does not have comes as an UnknownKey.
   *
   * @throws SapcertError `key.passphrase-missing`, `key.passphrase-wrong`, `key.unsupported-encryption`,
   *   `key.unsupported-type`, `key.kdf-too-costly`, `key.damaged`
   */
  readonly open: (options: OpenKeyOptions) => Promise<OpenedKey>;
}

export interface OpenKeyOptions {
  /** Text is tried as UTF-8, then as Latin-1; bytes are tried as they are. */
  readonly passphrase?: string | Uint8Array | undefined;
  /** Lifts the limits on KDF work, which are there because a running KDF cannot be stopped. */
  readonly allowSlowKdf?: boolean | undefined;
}

/** A certificate with the place where it stood. */
export interface FoundCertificate {
  readonly x509: X509Certificate;
  readonly place: Place;
  /** PKCS#12 friendlyName, where there was one. */
  readonly friendlyName?: string | undefined;
}
