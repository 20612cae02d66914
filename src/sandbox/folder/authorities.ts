import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  createAuthority,
  generateKey,
  openAuthority,
  sapIssuer,
  sapIssuerSubject,
  type Authority,
} from '../../pki/index.js';

/** The four authorities of a sandbox. */
export interface Authorities {
  /** What a device has to trust. */
  readonly gatewayRoot: Authority;
  /** Issues the gateway's own certificate, below the root. */
  readonly gatewayIssuer: Authority;
  readonly deviceRoot: Authority;
  /** Has the name of SAP's and issues the device certificates, below the root. */
  readonly deviceIssuer: Authority;
}

export type AuthorityName = keyof Authorities;

const subjects = {
  gatewayRoot: 'O=sapcert sandbox, CN=sapcert sandbox gateway root CA',
  gatewayIssuer: 'O=sapcert sandbox, CN=sapcert sandbox gateway CA',
  deviceRoot: 'O=sapcert sandbox, CN=sapcert sandbox device root CA',
  deviceIssuer: sapIssuerSubject,
} as const;

export const authorityNames = ['gatewayRoot', 'gatewayIssuer', 'deviceRoot', 'deviceIssuer'] as const;

export async function makeAuthorities(): Promise<Authorities> {
  // The keys take the time: made all at once, they use every core.
  const [rootKey, issuerKey, deviceRootKey, deviceIssuerKey] = await Promise.all([
    generateKey('rsa-2048'),
    generateKey('rsa-2048'),
    generateKey('rsa-2048'),
    generateKey('rsa-2048'),
  ]);
  const gatewayRoot = await createAuthority({ subject: subjects.gatewayRoot, key: rootKey });
  const deviceRoot = await createAuthority({ subject: subjects.deviceRoot, key: deviceRootKey });
  return {
    gatewayRoot,
    gatewayIssuer: await createAuthority({
      subject: subjects.gatewayIssuer,
      key: issuerKey,
      parent: gatewayRoot,
      pathLength: 0,
    }),
    deviceRoot,
    deviceIssuer: await sapIssuer({ key: deviceIssuerKey, parent: deviceRoot, pathLength: 0 }),
  };
}

/** Certificate and key of an authority as one PEM text. The key of a sandbox protects nothing: it is not encrypted. */
export function authorityText({ pem, key }: Authority): string {
  return pem + String(key.export({ type: 'pkcs8', format: 'pem' }));
}

export function readAuthority(name: AuthorityName, text: string): Authority {
  const certificate = new X509Certificate(text);
  return openAuthority(
    { pem: certificate.toString(), certificate, key: createPrivateKey(text) },
    subjects[name],
  );
}
