import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createAuthority,
  sapBundle,
  sapDevice,
  sapIssuer,
  type Credentials,
} from '../../../src/pki/index.js';

/** Certificates for one broker and one device, also as files for programs. */
export interface World {
  readonly dir: string;
  readonly path: (name: string) => string;
  /** PEM. */
  readonly ca: string;
  readonly server: { readonly key: string; readonly cert: string };
  /** SAP's form: encrypted key, one certificate. */
  readonly bundle: string;
  readonly secret: string;
  readonly deviceId: string;
  /** Issued by the same authority as the server, and valid from tomorrow on, or until yesterday. */
  readonly expiredServer: { readonly key: string; readonly cert: string };
  readonly otherHostServer: { readonly key: string; readonly cert: string };
}

const day = 86_400_000;

export async function makeWorld(dir: string, deviceId = 'pump-1'): Promise<World> {
  const path = (name: string): string => join(dir, name);
  const authority = await createAuthority({ subject: 'CN=Broker CA', keyKind: 'ec-p256' });
  const issuer = await sapIssuer();
  const server = { usage: 'server', keyKind: 'ec-p256', subject: 'CN=localhost' } as const;
  const local = { altNames: ['localhost', '127.0.0.1'] };
  const [good, expired, other, device] = await Promise.all([
    authority.issue({ ...server, ...local }),
    authority.issue({ ...server, ...local, notBefore: new Date(Date.now() - 3 * day), days: 1 }),
    authority.issue({ ...server, altNames: ['gateway.example'] }),
    sapDevice(issuer, { deviceId }),
  ]);
  const world = {
    dir,
    path,
    ca: authority.pem,
    server: texts(good),
    bundle: await sapBundle(device),
    secret: device.secret,
    deviceId,
    expiredServer: texts(expired),
    otherHostServer: texts(other),
  };
  const files = {
    'ca.crt': authority.pem,
    'device-ca.crt': issuer.pem,
    'server.key': world.server.key,
    'server.crt': world.server.cert,
    'device.key': texts(device).key,
    'device.crt': device.pem,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text, { mode: 0o600 });
  return world;
}

function texts({ key, pem }: Credentials): { readonly key: string; readonly cert: string } {
  return { key: key.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: pem };
}
