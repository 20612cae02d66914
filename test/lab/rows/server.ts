import { generateKeyPairSync } from 'node:crypto';
import { createSecureContext, type SecureContext, type TlsOptions } from 'node:tls';
import { createAuthority, selfSigned } from '../../../src/pki/index.js';
import { anyOf, named, oneOf, proven, type Expectation, type FailureRow, type Setup } from '../row.js';
import { sServer } from '../servers/openssl.js';
import { serveMqtt } from '../servers/mqtt.js';
import { asking, only12, only13, tlsServer } from '../servers/tls.js';
import type { At, Stand } from '../stand.js';
import { bundleOf, chain, expired, future, keyPem, type ServerIdentity } from '../world.js';
import { device, resolvesTo } from './support.js';

type Identity = (stand: Stand) => Promise<ServerIdentity>;

/** A broker with this certificate, at which everything else goes well. */
async function broker(stand: Stand, identity: ServerIdentity, tls: TlsOptions = {}): Promise<At> {
  const { deviceRoot } = stand.world;
  return tlsServer(stand, { ...asking(deviceRoot.pem), ...tls, ...identity }, (socket) =>
    serveMqtt(socket, {}),
  );
}

interface ServerFault {
  readonly what: string;
  readonly expect: Expectation;
  readonly named: RegExp;
  readonly identity: Identity;
  readonly tls?: TlsOptions;
  readonly options?: (stand: Stand) => Promise<Partial<Setup>> | Partial<Setup>;
}

const untrusted =
  /unable to (?:get local issuer|verify)|self[- ]signed|unknown ca|not trusted|certificate verify failed/i;

const faults: readonly ServerFault[] = [
  {
    what: 'expired',
    expect: proven('tls.server-expired', { never: ['clock.wrong', 'tls.server-untrusted'] }),
    named: /expired/i,
    identity: async ({ world }) => world.makeServer(expired),
  },
  {
    what: 'not yet valid',
    expect: proven('tls.server-not-yet-valid', { never: ['clock.wrong'] }),
    named: /not yet valid/i,
    identity: async ({ world }) => world.makeServer(future),
  },
  {
    what: 'for another host',
    expect: proven('tls.server-wrong-host', { never: ['tls.wrong-virtual-host', 'tls.intercepted'] }),
    named: /host ?name|altnames|doesn'?t match|does not match/i,
    identity: async ({ world }) =>
      world.makeServer({
        subject: 'CN=broker.example.net',
        altNames: ['broker.example.net', '*.iot.example.net'],
      }),
  },
  {
    what: 'self-signed',
    expect: proven('tls.server-self-signed'),
    named: /self[- ]signed/i,
    identity: async () => {
      const leaf = await selfSigned({
        subject: 'CN=localhost',
        usage: 'server',
        altNames: ['localhost'],
        keyKind: 'ec-p256',
      });
      return { cert: leaf.pem, key: keyPem(leaf.key) };
    },
  },
  {
    what: 'sent without its issuer',
    // The root of the CA file could stand above the unseen issuer or not: only the operator's chain tells.
    expect: oneOf(['tls.server-chain-incomplete', 'ca-file.not-the-issuer'], {
      never: ['tls.server-self-signed'],
    }),
    named: /unable to get local issuer|unable to verify the first/i,
    identity: async ({ world }) => world.makeServer({ above: [] }),
  },
  {
    what: 'sent without its issuer, which stands in the device’s own file',
    expect: proven('tls.server-chain-incomplete', { never: ['ca-file.not-the-issuer'] }),
    named: /unable to get local issuer|unable to verify the first/i,
    identity: async ({ world }) => world.makeServer({ issuer: await shared(world.deviceRoot), above: [] }),
    options: async ({ world }) => {
      const issuer = await shared(world.deviceRoot);
      return { ca: world.deviceRoot.pem, input: bundleOf(await world.makeDevice({ issuer }), issuer) };
    },
  },
  {
    what: 'of a root that the CA file does not hold',
    expect: proven('ca-file.not-the-issuer', { never: ['tls.server-chain-incomplete', 'tls.intercepted'] }),
    named: untrusted,
    identity: async ({ world }) => world.makeServer({ above: [world.serverIssuer, world.serverRoot] }),
    options: ({ world }) => ({ ca: world.foreignRoot.pem }),
  },
  {
    what: 'checked against the CA of the device certificates',
    // The chain that came ends below a root that is not shown, and nothing of it is in the file.
    expect: named('ca-file.not-the-issuer'),
    named: untrusted,
    identity: async ({ world }) => world.server,
    options: ({ world }) => ({ ca: chain(world.deviceIssuer, world.deviceRoot) }),
  },
  {
    what: 'of a root with the name of ours and another key',
    expect: named('ca-file.not-the-issuer'),
    named: /signature|unable to get local issuer|unknown ca/i,
    identity: async ({ world }) => world.server,
    options: async ({ world }) => ({
      ca: (await createAuthority({ subject: world.serverRoot.subject, keyKind: 'ec-p256' })).pem,
    }),
  },
  {
    what: 'of a private root, and no CA file given',
    expect: named('tls.server-untrusted', { never: ['ca-file.not-the-issuer', 'tls.intercepted'] }),
    named: untrusted,
    identity: async ({ world }) => world.makeServer({ above: [world.serverIssuer, world.serverRoot] }),
    options: () => ({ ca: undefined }),
  },
  {
    what: 'sent without its issuer, and no CA file given',
    expect: oneOf(['tls.server-chain-incomplete', 'tls.server-untrusted'], {
      never: ['ca-file.not-the-issuer'],
    }),
    named: untrusted,
    identity: async ({ world }) => world.makeServer({ above: [] }),
    options: () => ({ ca: undefined }),
  },
  {
    what: 'issued for clients only',
    expect: proven('tls.server-wrong-purpose'),
    named: /purpose/i,
    identity: async ({ world }) => world.makeServer({ usage: 'client' }),
  },
  {
    what: 'below an issuer that has expired',
    expect: named('tls.server-expired', {
      never: ['tls.server-untrusted', 'clock.wrong'],
      says: [/Old Issuing CA/],
    }),
    named: /expired/i,
    identity: async ({ world }) => {
      const subject = 'C=DE, O=Lab Trust Services, CN=Old Issuing CA';
      const issuer = await createAuthority({
        subject,
        parent: world.serverRoot,
        keyKind: 'ec-p256',
        ...expired,
      });
      return world.makeServer({ issuer });
    },
  },
  {
    what: 'below a root of the CA file that has expired',
    // The server is well: what has to be replaced is the device's file.
    expect: anyOf(['ca-file.unusable', 'ca-file.not-the-issuer'], {
      certainty: ['proven', 'likely'],
      never: ['tls.server-untrusted', 'tls.server-expired', 'clock.wrong'],
      says: [/expired/, /Old External Root/],
    }),
    named: /expired/i,
    identity: async ({ world }) => world.makeServer({ issuer: await oldRoot(), above: [] }),
    options: async () => ({ ca: (await oldRoot()).pem }),
  },
  {
    what: 'signed with SHA-1',
    expect: named('tls.server-weak-key', { never: ['tls.server-untrusted'] }),
    named: /weak|md too/i,
    identity: async ({ world }) => {
      const issuer = await createAuthority({ subject: 'CN=Lab RSA CA', parent: world.serverRoot });
      return world.makeServer({ issuer, signatureHash: 'SHA-1' });
    },
    // Node's own TLS shows such a certificate only at the lowest security level.
    tls: { ciphers: 'DEFAULT@SECLEVEL=0' },
  },
  {
    what: 'not yet valid, like the device’s own: the clock is behind',
    expect: named('clock.wrong'),
    named: /clock|not yet valid/i,
    identity: async ({ world }) => world.makeServer(future),
    options: async ({ world }) => ({ input: bundleOf(await world.makeDevice(future), world.deviceIssuer) }),
  },
  {
    what: 'expired, like the device’s own: the clock is ahead, or both were forgotten',
    expect: oneOf(['clock.wrong', 'tls.server-expired']),
    named: /clock|expired/i,
    identity: async ({ world }) => world.makeServer(expired),
    options: async ({ world }) => ({ input: bundleOf(await world.makeDevice(expired), world.deviceIssuer) }),
  },
];

const made = new Map<unknown, ReturnType<typeof createAuthority>>();

/** An authority that a row's server and device both need, made once. */
async function once(
  key: unknown,
  make: () => ReturnType<typeof createAuthority>,
): ReturnType<typeof createAuthority> {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

const oldRoot = async (): ReturnType<typeof createAuthority> =>
  once('old', async () =>
    createAuthority({ subject: 'C=SE, O=Lab Trust, CN=Old External Root', keyKind: 'ec-p256', ...expired }),
  );

const shared = async (
  parent: Awaited<ReturnType<typeof createAuthority>>,
): ReturnType<typeof createAuthority> =>
  once(parent, async () =>
    createAuthority({ subject: 'O=Lab Device Trust, CN=Lab Common Issuer', parent, keyKind: 'ec-p256' }),
  );

export const serverRows: readonly FailureRow[] = [
  ...faults.flatMap(({ what, expect, named, identity, options, tls }) =>
    (
      [
        ['1.2', only12],
        ['1.3', only13],
      ] as const
    ).map(([version, only]): FailureRow => ({
      name: `server certificate ${what}, TLS ${version}`,
      expect,
      named,
      setup: async (stand) =>
        device(
          stand,
          await broker(stand, await identity(stand), { ...only, ...tls }),
          await options?.(stand),
        ),
    })),
  ),
  {
    name: 'server certificate: a name, and the device is given an address',
    expect: proven('tls.server-wrong-host', { says: [/127\.0\.0\.1/], never: ['tls.wrong-virtual-host'] }),
    named: /host ?name|altnames|doesn'?t match|does not match|IP/i,
    setup: async (stand) => {
      const at = await broker(stand, await stand.world.makeServer({ altNames: ['gateway.lab.test'] }));
      return device(stand, at, { host: '127.0.0.1' });
    },
  },
  {
    name: 'server certificate: a wildcard does not stand for two labels',
    expect: proven('tls.server-wrong-host'),
    named: /host ?name|altnames|doesn'?t match|does not match/i,
    setup: async (stand) => {
      const at = await broker(
        stand,
        await stand.world.makeServer({ subject: 'CN=*.lab.test', altNames: ['*.lab.test'] }),
      );
      return device(stand, at, { host: 'a.b.lab.test', lookup: resolvesTo('127.0.0.1') });
    },
  },
  {
    name: 'server certificate: an RSA key of 512 bits, TLS 1.2',
    needs: ['openssl'],
    expect: named('tls.server-weak-key', { never: ['tls.handshake-failed', 'tls.no-common-cipher'] }),
    named: /key too small|weak/i,
    setup: async (stand) => {
      const key = generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey;
      const identity = await stand.world.makeServer({ key });
      return device(
        stand,
        await sServer(stand, { identity, args: ['-tls1_2', '-cipher', 'ALL:@SECLEVEL=0'] }),
      );
    },
  },
  {
    name: 'virtual hosts: the name asked for is none of the server’s, and it shows its default certificate',
    // Asked without a name it shows the same: it has no certificate for this name.
    expect: named('tls.server-wrong-host'),
    named: /host ?name|altnames|doesn'?t match|does not match/i,
    setup: async (stand) =>
      device(stand, await virtualHosts(stand, 'default.hosting.example'), {
        host: 'gateway.lab.test',
        lookup: resolvesTo('127.0.0.1'),
      }),
  },
  {
    name: 'virtual hosts: a wrong server name is sent to a server that has the right certificate',
    expect: named('tls.wrong-virtual-host', { never: ['ca-file.not-the-issuer'] }),
    named: /SNI|server ?name|host ?name/i,
    setup: async (stand) =>
      device(stand, await virtualHosts(stand, 'localhost'), { servername: 'known.lab.test.wrong.example' }),
  },
];

/** Shows another certificate to `known.*` names; everybody else gets the default one. */
async function virtualHosts(stand: Stand, byDefault: string): Promise<At> {
  const { makeServer } = stand.world;
  const fallback = await makeServer({ subject: `CN=${byDefault}`, altNames: [byDefault] });
  const other = createSecureContext(
    await makeServer({ subject: 'CN=other.hosting.example', altNames: ['other.hosting.example'] }),
  );
  return broker(stand, fallback, {
    SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void) =>
      done(null, name.startsWith('known.') ? other : undefined),
  });
}
