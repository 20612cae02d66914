import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  createAuthority,
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
  const [gatewayRoot, deviceRoot] = await Promise.all([
    createAuthority({ subject: subjects.gatewayRoot }),
    createAuthority({ subject: subjects.deviceRoot }),
  ]);
  const [gatewayIssuer, deviceIssuer] = await Promise.all([
    createAuthority({ subject: subjects.gatewayIssuer, parent: gatewayRoot, pathLength: 0 }),
    sapIssuer({ parent: deviceRoot, pathLength: 0 }),
  ]);
  return { gatewayRoot, gatewayIssuer, deviceRoot, deviceIssuer };
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
