import { createAuthority } from '../../../src/pki/index.js';
import type { HealthyRow, Setup } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { requiring } from '../servers/tls.js';
import type { Stand } from '../stand.js';
import { chain, type ServerIdentity } from '../world.js';
import { below, localhost, ofRoot } from './issued.js';
import { device } from './support.js';

interface HealthyCase {
  readonly what: string;
  readonly identity: (stand: Stand) => ServerIdentity | Promise<ServerIdentity>;
  readonly options?: (stand: Stand) => Partial<Setup> | Promise<Partial<Setup>>;
  readonly warns?: readonly string[];
}

const healthyCases: readonly HealthyCase[] = [
  {
    what: 'that must be stapled (OCSP must-staple), and is not',
    identity: ofRoot(localhost, 'tlsfeature=status_request'),
  },
  { what: 'whose names are in capitals', identity: ofRoot('subjectAltName=DNS:LOCALHOST') },
  {
    what: 'with the address among its names, and the device is given the address',
    identity: ofRoot('subjectAltName=IP:127.0.0.1'),
    options: () => ({ host: '127.0.0.1' }),
  },
  {
    what: 'for a name with an umlaut, asked for as it is written',
    identity: ofRoot('subjectAltName=DNS:xn--mller-kva.lab.test'),
    options: () => ({ servername: 'müller.lab.test' }),
  },
  {
    what: 'that is sent twice',
    identity: async ({ world }) => {
      const { cert, key } = await world.makeServer();
      return { cert: cert + cert, key };
    },
  },
  {
    what: 'of an authority that is allowed this name (name constraints)',
    identity: below(
      'basicConstraints=critical,CA:TRUE',
      'nameConstraints=critical,permitted;DNS:localhost,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:0:0:0:0:0:0:0:1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ),
  },
  {
    what: 'that one wildcard covers, and the name ends in a dot',
    identity: ofRoot('subjectAltName=DNS:localhost'),
    options: () => ({ host: 'localhost.' }),
  },
  {
    what: 'whose root is in the CA file as it was issued before, with the same name and key',
    identity: async ({ world }) => world.server,
    options: async ({ world }) => {
      const { subject, key } = world.serverRoot;
      const notBefore = new Date(Date.now() - 1000 * 86_400_000);
      return { ca: (await createAuthority({ subject, key, notBefore })).pem };
    },
  },
  {
    what: 'whose root is in a CA file with a page of comments',
    identity: async ({ world }) => world.server,
    options: ({ world }) => ({
      ca: `# ours\n\nsubject=CN = x\nissuer=CN = y\n${world.serverRoot.pem}\nthat was it\n`,
    }),
  },
  {
    what: 'whose root is in a CA file with a device key and a leaf in it',
    identity: async ({ world }) => world.server,
    options: ({ world }) => ({ ca: chain(world.device, world.serverRoot) }),
  },
];

export const healthyIssued: readonly HealthyRow[] = healthyCases.map(
  ({ what, identity: make, options, warns }) => ({
    name: `server certificate ${what}`,
    needs: ['openssl'],
    ...(warns === undefined ? {} : { warns }),
    setup: async (stand) => {
      const tls = { ...requiring(stand.world.deviceRoot.pem), ...(await make(stand)) };
      return device(stand, await gateway(stand, { tls }), await options?.(stand));
    },
  }),
);
