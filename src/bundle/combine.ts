import { SapcertError } from '../errors.js';
import { type BundleOptions, openBundle, readBundle } from './bundle.js';
import { type KeyFormat, sealKey } from './keys/index.js';
import { type StrippedBundle, writeIdentity } from './strip.js';

export interface CombineInput {
  /** The private key: PEM or DER, encrypted or not. */
  readonly key: string | Uint8Array;
  /** The device's certificate, alone or with its chain: PEM or DER. */
  readonly certificate: string | Uint8Array;
  /** More certificates of the chain: PEM or DER. */
  readonly chain?: string | Uint8Array | undefined;
}

export interface CombineOptions extends Omit<BundleOptions, 'key' | 'chain'> {
  /** How an unencrypted key is written. */
  readonly keyFormat?: KeyFormat | undefined;
  readonly certificates?: 'all' | 'leaf' | undefined;
  /**
   * `pem` (default): the private key, not encrypted, then the certificates. `encrypted-pem`: the same with the
   * key as PKCS#8 under PBES2 (AES-256-CBC, PBKDF2 with HMAC-SHA-256). `pkcs12`: one PKCS#12 file (AES-256,
   * MAC with SHA-256).
   */
  readonly format?: 'pem' | 'encrypted-pem' | 'pkcs12' | undefined;
  /** What protects the output; needed for `encrypted-pem` and `pkcs12`. */
  readonly outputPassphrase?: string | undefined;
  /** The name under which a PKCS#12 file shows the key; the leaf's CN when it is not given. */
  readonly friendlyName?: string | undefined;
}

/** What {@link combineBundle} returns. `combined` is bytes for PKCS#12, else text. */
export interface CombinedBundle extends Omit<StrippedBundle, 'combined' | 'privateKey' | 'certificate'> {
  readonly combined: string | Uint8Array;
}

/**
 * Puts a private key and its certificates, which lie apart, into one bundle.
 *
 * @throws SapcertError `key.certificate-mismatch` when they do not belong together, `usage.invalid` when a
 *   passphrase for the output is missing, and what `readBundle` and `openBundle` throw
 */
export async function combineBundle(
  input: CombineInput,
  options: CombineOptions = {},
): Promise<CombinedBundle> {
  const bundle = await readBundle(input.certificate, { ...options, key: input.key, chain: input.chain });
  const identity = await openBundle(bundle, options);
  const { privateKey: _, certificate, combined, ...rest } = writeIdentity(bundle, identity, options);
  switch (options.format ?? 'pem') {
    case 'pem':
      return { ...rest, combined };
    case 'encrypted-pem':
      return { ...rest, combined: (await sealKey(identity.key, outputPassphrase(options))) + certificate };
    case 'pkcs12': {
      const { writePkcs12 } = await import('./pkcs12/index.js');
      const chain = options.certificates === 'leaf' ? [] : identity.chain;
      const bytes = await writePkcs12({
        key: identity.key,
        certificates: [identity.leaf, ...chain].map(({ x509 }) => x509),
        passphrase: outputPassphrase(options),
        friendlyName: options.friendlyName,
      });
      return { ...rest, combined: bytes };
    }
  }
}

function outputPassphrase(options: CombineOptions): string {
  if (options.outputPassphrase !== undefined && options.outputPassphrase !== '')
    return options.outputPassphrase;
  throw new SapcertError('usage.invalid', 'an encrypted output needs a passphrase of its own', {
    hint: 'give outputPassphrase (on the command line: --passout)',
  });
}
