import type { ConnectionHints } from '../bundle/index.js';
import { type DeviceName, parseDeviceName } from '../bundle/device-name.js';
import type { ConnectDeviceOptions } from './types.js';

/** What a device presents in the TLS handshake. In memory only. */
export interface TlsIdentity {
  /** PKCS#8, PEM, opened. */
  readonly key: string;
  /** PEM: the leaf, then its chain. */
  readonly cert: string;
  /** The CN of the leaf. */
  readonly commonName: string | undefined;
  /** What the CN says, where it is in SAP's form. */
  readonly deviceName: DeviceName | undefined;
}

export interface OpenedBundle {
  readonly identity: TlsIdentity | undefined;
  /** Host, port and ids, where the bundle names them. */
  readonly hints: ConnectionHints;
}

type BundleOptions = Pick<ConnectDeviceOptions, 'bundle' | 'passphrase' | 'key' | 'chain' | 'allowSlowKdf'>;

/**
 * Opens the bundle in memory. Node's TLS could take most encrypted bundles as they are, but mistakes a wrong
 * passphrase for an unsupported key now and then, and takes the first certificate for the leaf.
 *
 * @throws SapcertError as `readBundle` and `openBundle`
 */
export async function tlsIdentityOf(options: BundleOptions): Promise<OpenedBundle> {
  const { bundle: input, passphrase, key, chain, allowSlowKdf } = options;
  if (input === undefined) return { identity: undefined, hints: {} };
  const { openBundle, readBundle } = await import('../bundle/index.js');
  const bundle = await readBundle(input, { passphrase, key, chain, allowSlowKdf });
  const opened = await openBundle(bundle, { passphrase, allowSlowKdf });
  const commonName = commonNameOf(opened.leaf.x509.toLegacyObject().subject.CN);
  return {
    identity: {
      key: opened.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: [opened.leaf, ...opened.chain].map(({ x509 }) => x509.toString()).join(''),
      commonName,
      deviceName: commonName === undefined ? undefined : parseDeviceName(commonName),
    },
    hints: bundle.connection,
  };
}

/** A subject may hold several; the last one is the most specific. */
function commonNameOf(cn: unknown): string | undefined {
  const last: unknown = Array.isArray(cn) ? cn.at(-1) : cn;
  return typeof last === 'string' && last !== '' ? last : undefined;
}
