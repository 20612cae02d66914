import type { X509Certificate } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { TlsVersion } from '../../profiles.js';
import type { Behaviour, DeviceTrust, TlsLimit } from '../behaviour.js';
import type { Authorities } from '../folder/index.js';
import { foreignAuthority, serverCredentials } from './server-certificate.js';

/**
 * TLS as the gateway serves it: this version and no other is spoken (SAP's gateway speaks 1.2), and it asks for a client certificate and leaves it to the broker to refuse one.
 *
 * @param devices the certificates that stand on the revocation list, where the behaviour has one
 */
export async function tlsOptions(
  behaviour: Behaviour,
  version: TlsVersion,
  authorities: Authorities,
  devices: readonly X509Certificate[],
): Promise<TlsOptions> {
  const { key, chain } = await serverCredentials(behaviour.serverCertificate, authorities.gatewayIssuer);
  return {
    key: key.export({ type: 'pkcs8', format: 'pem' }),
    cert: chain.join(''),
    ca: await trusted[behaviour.deviceTrust](authorities),
    requestCert: behaviour.requestsCertificate,
    rejectUnauthorized: false,
    minVersion: `TLSv${version}`,
    maxVersion: `TLSv${version}`,
    ...(behaviour.revoked === 'crl' ? { crl: await revocationLists(authorities, devices) } : {}),
    ...limits[behaviour.tlsLimit],
  };
}

const trusted: Record<DeviceTrust, (authorities: Authorities) => Promise<string[]>> = {
  issuer: async ({ deviceIssuer, deviceRoot }) => [deviceIssuer.pem, deviceRoot.pem],
  'root-only': async ({ deviceRoot }) => [deviceRoot.pem],
  foreign: async () => [(await foreignAuthority()).pem],
};

/** OpenSSL wants the list of every authority in the chain. */
async function revocationLists(
  { deviceRoot, deviceIssuer }: Authorities,
  devices: readonly X509Certificate[],
): Promise<string[]> {
  return Promise.all([deviceRoot.revoke([]), deviceIssuer.revoke(devices)]);
}

const limits: Record<TlsLimit, TlsOptions> = {
  none: {},
  // Refused before TLS begins: see listener.ts.
  'server-name-refused': {},
  'old-version': { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' },
  'no-common-cipher': {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256',
  },
  'alpn-required': { ALPNProtocols: ['mqtt'] },
  'ec-signatures-only': { sigalgs: 'ECDSA+SHA256:ECDSA+SHA384' },
};
