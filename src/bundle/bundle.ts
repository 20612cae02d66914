import { SapcertError } from '../errors.js';
import { type Identity, findIdentity } from './identity.js';
import { exportKey, keyNotes, typeOf } from './keys/index.js';
import { type InputFormat, type Material, type ReadOptions, merge, readMaterial } from './material.js';
import type { FoundCertificate, LockedKey, PemBlock, Warning } from './types.js';
import type { ConnectionHints } from './wrapped.js';

/** A bundle as it was read: what is in it is known, nothing is opened yet (PKCS#12 excepted). */
export interface Bundle {
  readonly format: InputFormat;
  readonly keys: readonly LockedKey[];
  /** In the order of the input. */
  readonly certificates: readonly FoundCertificate[];
  readonly blocks: readonly Omit<PemBlock, 'der'>[];
  /** Host, port and client id, where the input names them (JSON downloads). */
  readonly connection: ConnectionHints;
  /** The secret, where the input brings it along (JSON downloads). Never print it. */
  readonly secret: string | undefined;
  readonly warnings: readonly Warning[];
}

export interface BundleOptions extends ReadOptions {
  /** The private key, where it lies in an input of its own. */
  readonly key?: string | Uint8Array | undefined;
  /** More certificates, where they lie in an input of their own. */
  readonly chain?: string | Uint8Array | undefined;
  /** The names of those inputs in messages. */
  readonly keyFile?: string | undefined;
  readonly chainFile?: string | undefined;
}

/**
 * Reads a device bundle of any kind: PEM, DER, PKCS#12, or a JSON download of the SAP IoT device management
 * API, agrirouter or SAP BTP.
 *
 * @param input the text or the bytes of the bundle
 * @param options `passphrase` is needed here only for PKCS#12, whose certificates are encrypted as well
 * @throws SapcertError `file.*` when the input is broken: `defects` has everything that was found;
 *   for PKCS#12 also `key.passphrase-missing`, `key.passphrase-wrong`, `key.unsupported-encryption`,
 *   `key.kdf-too-costly`
 */
export async function readBundle(input: string | Uint8Array, options: BundleOptions = {}): Promise<Bundle> {
  const main = await readMaterial(input, options);
  const opening = { ...options, passphrase: options.passphrase ?? main.secret };
  const key = options.key === undefined ? undefined : await readKeyPart(options.key, opening);
  const chain =
    options.chain === undefined
      ? []
      : [await readMaterial(options.chain, { ...opening, file: options.chainFile })];
  // A key that was named is the one that is meant, whatever keys lie in the bundle or with the chain.
  const { keys, ...rest } = merge([main, ...(key === undefined ? [] : [key]), ...chain]);
  return { ...rest, keys: key?.keys ?? keys };
}

/** @throws SapcertError `file.no-private-key`, `key.not-private` when the key that was named is none */
async function readKeyPart(input: string | Uint8Array, options: BundleOptions): Promise<Material> {
  const material = await readMaterial(input, { ...options, file: options.keyFile, keysOnly: true });
  refusePublicKey(material);
  if (material.keys.length > 0) return { ...material, certificates: [] };
  throw new SapcertError('file.no-private-key', 'there is no private key in it', {
    place: { file: options.keyFile },
    hint: 'name the file that holds the private key; are key and certificate swapped?',
  });
}

/**
 * Opens the private key of a bundle and finds the certificate that belongs to it, with its chain.
 *
 * @throws SapcertError `file.no-private-key`, `file.no-certificate`, `file.several-keys`, `key.not-private`,
 *   `key.certificate-mismatch`, `key.passphrase-missing`, `key.passphrase-wrong`,
 *   `key.unsupported-encryption`, `key.unsupported-type`, `key.kdf-too-costly`, `key.damaged`
 */
export async function openBundle(bundle: Bundle, options: ReadOptions = {}): Promise<Identity> {
  refusePublicKey(bundle);
  return findIdentity(bundle.keys, bundle.certificates, {
    ...options,
    passphrase: options.passphrase ?? bundle.secret,
  });
}

function refusePublicKey({ keys, blocks }: Pick<Material, 'keys' | 'blocks'>): void {
  const found = keys.length === 0 ? blocks.find(({ label }) => label.endsWith('PUBLIC KEY')) : undefined;
  if (found === undefined) return;
  throw new SapcertError('key.not-private', 'this is the public key, not the private one', {
    place: found.place,
    hint: 'the private key stands in a block that is labelled PRIVATE KEY; nobody can compute it from the public one',
  });
}

/** What {@link openPrivateKey} returns. */
export interface OpenedPrivateKey {
  /** PKCS#8, not encrypted. */
  readonly pem: string;
  /** As node:crypto names it (`rsa`, `ec`), or in words where it does not (`GOST R 34.10-2001`). */
  readonly type: string;
  /** How the key was protected; `undefined` when it was not. */
  readonly encryption: LockedKey['encryption'];
  /** What was mended in the input. */
  readonly warnings: readonly Warning[];
}

/**
 * Opens a private key in whatever container it lies; no certificate is needed. Of several keys the first that
 * opens is taken.
 *
 * @param input PEM, DER, PKCS#12 or a JSON download
 * @throws SapcertError as {@link openBundle}
 */
export async function openPrivateKey(
  input: string | Uint8Array,
  options: ReadOptions = {},
): Promise<OpenedPrivateKey> {
  const material = await readMaterial(input, { ...options, keysOnly: true });
  const passphrase = options.passphrase ?? material.secret;
  let failure: unknown = new SapcertError('file.no-private-key', 'there is no private key in it', {
    place: { file: options.file },
  });
  for (const [index, locked] of material.keys.entries()) {
    try {
      const key = await locked.open({ ...options, passphrase });
      const pem = exportKey(key, 'pkcs8');
      const warnings = [...material.warnings, ...keyNotes(key, locked.place)];
      return { pem, type: typeOf(key), encryption: locked.encryption, warnings };
    } catch (error) {
      if (index === 0) failure = error;
    }
  }
  throw failure;
}
