import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  createAuthority,
  sapIssuer,
  sapSubject,
  type Authority,
  type Credentials,
  type IssueOptions,
} from '../../src/pki/index.js';

/** What a server shows: its certificate with those above it, and its key, as PEM. */
export interface ServerIdentity {
  readonly cert: string;
  readonly key: string;
}

export type LeafOptions = Partial<IssueOptions> & { readonly issuer?: Authority };

/**
 * The authorities and certificates of the laboratory. Servers have a public-like root with an issuing CA below
 * it; devices have a root with an issuer of SAP's name below it, as gateways that trust only a root see them.
 */
export interface World {
  readonly serverRoot: Authority;
  readonly serverIssuer: Authority;
  readonly deviceRoot: Authority;
  readonly deviceIssuer: Authority;
  /** A hierarchy that nobody trusts. */
  readonly foreignRoot: Authority;
  readonly foreignIssuer: Authority;
  readonly deviceId: string;
  /** A valid device certificate of `deviceIssuer`. */
  readonly device: Credentials;
  /** A valid server certificate for localhost and both loopback addresses, sent with its issuer. */
  readonly server: ServerIdentity;
  /** Key, leaf and issuer of `device`: everything a gateway can ask for. */
  readonly bundle: string;
  /** Key and leaf of `device` alone, which is what SAP hands out. */
  readonly leafOnly: string;
  readonly makeDevice: (options?: LeafOptions) => Promise<Credentials>;
  readonly makeServer: (
    options?: LeafOptions & { readonly above?: readonly Credentials[] },
  ) => Promise<ServerIdentity>;
}

export const day = 86_400_000;
export const loopbackNames = ['localhost', '127.0.0.1', '::1'];
export const expired: Partial<IssueOptions> = { notBefore: new Date(Date.now() - 400 * day), days: 365 };
export const future: Partial<IssueOptions> = { notBefore: new Date(Date.now() + 30 * day), days: 365 };

export async function openWorld(): Promise<World> {
  const deviceId = 'lab-device-1';
  const deviceKey = rsaKey();
  const root = async (subject: string): Promise<Authority> =>
    createAuthority({ subject, keyKind: 'ec-p256' });
  const below = async (subject: string, parent: Authority): Promise<Authority> =>
    createAuthority({ subject, parent, keyKind: 'ec-p256' });

  const serverRoot = await root('C=DE, O=Lab Trust Services, CN=Lab Public Root G2');
  const serverIssuer = await below('C=DE, O=Lab Trust Services, CN=Lab Public Issuing CA 7', serverRoot);
  const deviceRoot = await root('C=DE, O=Lab Device Trust, CN=Lab Device Root');
  const deviceIssuer = await sapIssuer({ parent: deviceRoot, keyKind: 'ec-p256' });
  const foreignRoot = await root('C=FR, O=Somebody Else, CN=Foreign Root');
  const foreignIssuer = await below('C=FR, O=Somebody Else, CN=Foreign Issuing CA', foreignRoot);

  const makeDevice: World['makeDevice'] = async ({ issuer = deviceIssuer, ...rest } = {}) =>
    issuer.issue({
      subject: sapSubject({ deviceId }),
      key: rest.keyKind === undefined ? deviceKey : undefined,
      ...rest,
    });
  const makeServer: World['makeServer'] = async ({
    issuer = serverIssuer,
    above = [issuer],
    ...rest
  } = {}) => {
    const leaf = await issuer.issue({
      subject: 'CN=localhost',
      usage: 'server',
      altNames: loopbackNames,
      keyKind: 'ec-p256',
      ...rest,
    });
    return { cert: chain(leaf, ...above), key: keyPem(leaf.key) };
  };

  const device = await makeDevice();
  return {
    serverRoot,
    serverIssuer,
    deviceRoot,
    deviceIssuer,
    foreignRoot,
    foreignIssuer,
    deviceId,
    device,
    server: await makeServer(),
    bundle: bundleOf(device, deviceIssuer),
    leafOnly: bundleOf(device),
    makeDevice,
    makeServer,
  };
}

/** A PEM bundle as devices hold them: the key, then its certificate, then those above it. */
export function bundleOf(leaf: Credentials, ...above: readonly Credentials[]): string {
  return keyPem(leaf.key) + chain(leaf, ...above);
}

export function chain(...certificates: readonly Credentials[]): string {
  return certificates.map(({ pem }) => pem).join('');
}

export function keyPem(key: KeyObject, passphrase?: string): string {
  const cipher = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return String(key.export({ type: 'pkcs8', format: 'pem', ...cipher }));
}

export function rsaKey(modulusLength = 2048): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength }).privateKey;
}
