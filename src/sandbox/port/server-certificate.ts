import type { KeyObject } from 'node:crypto';
import {
  beginning,
  createAuthority,
  ended,
  selfSigned,
  type Authority,
  type IssueOptions,
} from '../../pki/index.js';
import type { ServerCertificate } from '../behaviour.js';

export interface ServerCredentials {
  readonly key: KeyObject;
  /** PEM certificates, the server's own first. */
  readonly chain: readonly string[];
}

const local: IssueOptions = {
  subject: 'O=sapcert sandbox, CN=localhost',
  usage: 'server',
  altNames: ['localhost', '127.0.0.1', '::1'],
};
const elsewhere: Partial<IssueOptions> = {
  subject: 'O=sapcert sandbox, CN=gateway.example',
  altNames: ['gateway.example'],
};

const makers: Record<ServerCertificate, (issuer: Authority) => Promise<ServerCredentials>> = {
  good: async (issuer) => below(issuer),
  expired: async (issuer) => below(issuer, ended()),
  'not-yet-valid': async (issuer) => below(issuer, beginning()),
  'other-host': async (issuer) => below(issuer, elsewhere),
  'weak-key': async (issuer) => below(issuer, { keyKind: 'rsa-1024' }),
  'ec-key': async (issuer) => below(issuer, { keyKind: 'ec-p256' }),
  'foreign-authority': async () => below(await foreignAuthority()),
  'without-intermediate': async (issuer) => alone(await issuer.issue(local)),
  'self-signed': async () => alone(await selfSigned(local)),
};

/** The certificate and key with which the gateway shows itself, its key RSA-2048 unless the kind says otherwise. */
export async function serverCredentials(
  kind: ServerCertificate,
  issuer: Authority,
): Promise<ServerCredentials> {
  return makers[kind](issuer);
}

/** An intermediate authority of which nobody else in this sandbox knows anything. */
export async function foreignAuthority(): Promise<Authority> {
  const parent = await createAuthority({
    subject: 'O=Somebody else, CN=Somebody else root CA',
    keyKind: 'ec-p256',
  });
  return createAuthority({ subject: 'O=Somebody else, CN=Somebody else CA', keyKind: 'ec-p256', parent });
}

async function below(issuer: Authority, changes: Partial<IssueOptions> = {}): Promise<ServerCredentials> {
  const leaf = await issuer.issue({ ...local, ...changes });
  return { key: leaf.key, chain: [leaf.pem, issuer.pem] };
}

function alone(leaf: { readonly key: KeyObject; readonly pem: string }): ServerCredentials {
  return { key: leaf.key, chain: [leaf.pem] };
}
