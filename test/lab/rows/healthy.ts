import { createAuthority, sapBundle, sapDevice, sapSubject, selfSigned } from '../../../src/pki/index.js';
import type { HealthyRow, Setup } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { https } from '../servers/http.js';
import { mosquitto } from '../servers/mosquitto.js';
import { serveMqtt } from '../servers/mqtt.js';
import { blackHole, closedPort } from '../servers/raw.js';
import { slow } from '../servers/relay.js';
import { stack, stacks, type StackName } from '../servers/stacks.js';
import { asking, only12, only13, requiring, tlsServer } from '../servers/tls.js';
import type { Stand } from '../stand.js';
import { bundleOf, chain, expired, keyPem, rsaKey } from '../world.js';
import { device, fine, guest, resolvesTo } from './support.js';

/** A gateway that lets in only who has a valid chain, at TLS level. */
async function strict(stand: Stand): Promise<{ host: string; port: number }> {
  return stand.shared('strict gateway', async (common) =>
    gateway(common, { tls: requiring(common.world.deviceRoot.pem) }),
  );
}

/** The bundle in another dress: whatever a download or an editor makes of it. */
function dressed(
  name: string,
  dress: (bundle: string, stand: Stand) => string | Uint8Array,
  warns: readonly string[] = [],
): HealthyRow {
  return {
    name: `bundle: ${name}`,
    warns,
    setup: async (stand) => device(stand, await strict(stand), { input: dress(stand.world.bundle, stand) }),
  };
}

const keys = ['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'rsa-3072', 'rsa-pss-2048'] as const;
const measure = {
  capabilityAlternateId: 'temperature',
  sensorAlternateId: 's1',
  measures: [['25']],
  measureMessageId: 'm-1',
};

export const healthyRows: readonly HealthyRow[] = [
  dressed('as it comes', (bundle) => bundle),
  dressed('CRLF', (bundle) => bundle.replaceAll('\n', '\r\n')),
  dressed('a byte order mark', (bundle) => `\uFEFF${bundle}`),
  dressed('UTF-16', (bundle) => Buffer.from(`\uFEFF${bundle}`, 'utf16le')),
  dressed(
    'CRLF, a byte order mark, and no newline at the end',
    (bundle) => `\uFEFF${bundle.replaceAll('\n', '\r\n').trimEnd()}`,
  ),
  dressed(
    'text before and between the blocks',
    (bundle) =>
      `Bag Attributes\n    friendlyName: x\n${bundle.replaceAll('-----BEGIN C', 'subject=CN = x\n\n-----BEGIN C')}`,
  ),
  dressed('literal \\n in JSON', (bundle) => {
    const at = bundle.indexOf('-----BEGIN CERT');
    const literal = (text: string): string => text.replaceAll('\n', String.raw`\n`);
    return JSON.stringify({
      certificate: literal(bundle.slice(at)),
      key: literal(bundle.slice(0, at)),
      clientid: 'sb-1',
    });
  }),
  dressed(
    'leaf, root, intermediate',
    (_, { world }) => bundleOf(world.device, world.deviceRoot, world.deviceIssuer),
    ['chain.wrong-order'],
  ),
  dressed(
    'root first, leaf last',
    (_, { world }) => keyPem(world.device.key) + chain(world.deviceRoot, world.deviceIssuer, world.device),
  ),
  dressed(
    'certificates first, key last',
    (_, { world }) => chain(world.device, world.deviceIssuer) + keyPem(world.device.key),
  ),
  {
    name: 'bundle: a second private key, which is not the certificate’s',
    warns: ['bundle.several-keys'],
    setup: async (stand) =>
      device(stand, await strict(stand), { input: keyPem(rsaKey()) + stand.world.bundle }),
  },
  {
    name: 'bundle: sealed as SAP seals it, with its secret',
    setup: async (stand) => {
      const sealed = await sapDevice(stand.world.deviceIssuer, { deviceId: 'lab-device-9' });
      const at = await gateway(stand, {
        tls: requiring([stand.world.deviceIssuer.pem, stand.world.deviceRoot.pem]),
      });
      return device(stand, at, { input: await sapBundle(sealed), passphrase: sealed.secret });
    },
  },
  {
    name: 'bundle: the leaf alone, and the broker has the intermediate itself',
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { tls: requiring([stand.world.deviceIssuer.pem, stand.world.deviceRoot.pem]) }),
        {
          input: stand.world.leafOnly,
        },
      ),
  },
  {
    name: 'bundle: key, certificate and chain in three files',
    setup: async (stand) => {
      const { world } = stand;
      return device(stand, await strict(stand), {
        input: world.device.pem,
        key: keyPem(world.device.key),
        chain: world.deviceIssuer.pem,
      });
    },
  },
  {
    name: 'bundle: a self-signed certificate that the broker has pinned',
    setup: async (stand) => {
      const leaf = await selfSigned({
        subject: sapSubject({ deviceId: 'pinned-1' }),
        keyKind: 'ec-p256',
        usage: 'client-server',
      });
      return device(stand, await gateway(stand, { tls: requiring(leaf.pem) }), { input: bundleOf(leaf) });
    },
  },
  {
    name: 'bundle: a certificate that ends in five days',
    warns: ['certificate.expires-soon'],
    setup: async (stand) => {
      const leaf = await stand.world.makeDevice({ days: 5 });
      return device(stand, await strict(stand), { input: bundleOf(leaf, stand.world.deviceIssuer) });
    },
  },
  {
    name: 'bundle: expired, and the broker does not care',
    warns: ['certificate.expired'],
    setup: async (stand) =>
      device(stand, await fine(stand), {
        input: bundleOf(await stand.world.makeDevice(expired), stand.world.deviceIssuer),
      }),
  },
  {
    name: 'bundle: an RSA key of 1024 bits, and the broker takes it',
    warns: ['certificate.weak-key'],
    setup: async (stand) => {
      const leaf = await stand.world.makeDevice({ keyKind: 'rsa-1024' });
      return device(stand, await strict(stand), { input: bundleOf(leaf, stand.world.deviceIssuer) });
    },
  },
  ...keys.map((keyKind): HealthyRow => ({
    name: `device key: ${keyKind}`,
    setup: async (stand) => {
      const leaf = await stand.world.makeDevice({ keyKind });
      return device(stand, await strict(stand), { input: bundleOf(leaf, stand.world.deviceIssuer) });
    },
  })),
  {
    name: 'CA file: it holds only the intermediate',
    // What openssl and mosquitto_pub refuse: the report must not hide that.
    warns: ['ca-file.not-the-issuer'],
    setup: async (stand) => device(stand, await strict(stand), { ca: stand.world.serverIssuer.pem }),
  },
  {
    name: 'CA file: an expired root that has nothing to do with it stands beside the right one',
    setup: async (stand) => {
      const old = await createAuthority({ subject: 'CN=Old Root', keyKind: 'ec-p256', ...expired });
      return device(stand, await strict(stand), {
        ca: chain(old, stand.world.foreignRoot, stand.world.serverRoot),
      });
    },
  },
  {
    name: 'CA file: CRLF and a byte order mark',
    setup: async (stand) =>
      device(stand, await strict(stand), {
        ca: `\uFEFF${stand.world.serverRoot.pem.replaceAll('\n', '\r\n')}`,
      }),
  },
  {
    name: 'server: it sends its root too',
    setup: async (stand) => {
      const { world } = stand;
      const identity = await world.makeServer({ above: [world.serverIssuer, world.serverRoot] });
      return device(
        stand,
        await tlsServer(stand, { ...asking(world.deviceRoot.pem), ...identity }, (socket) =>
          serveMqtt(socket, {}),
        ),
      );
    },
  },
  {
    name: 'server: an issuer that has nothing to do with it stands between, in the wrong order',
    setup: async (stand) => {
      const { world } = stand;
      const identity = await world.makeServer({
        above: [world.foreignRoot, world.serverRoot, world.serverIssuer],
      });
      return device(
        stand,
        await tlsServer(stand, { ...asking(world.deviceRoot.pem), ...identity }, (socket) =>
          serveMqtt(socket, {}),
        ),
      );
    },
  },
  {
    name: 'server: a wildcard certificate',
    setup: async (stand) => {
      const { world } = stand;
      const identity = await world.makeServer({ subject: 'CN=*.iot.lab.test', altNames: ['*.iot.lab.test'] });
      const at = await tlsServer(stand, { ...asking(world.deviceRoot.pem), ...identity }, (socket) =>
        serveMqtt(socket, {}),
      );
      return device(stand, at, { host: 'Tenant.iot.lab.test.', lookup: resolvesTo('127.0.0.1') });
    },
  },
  {
    name: 'server: a certificate with a CN and no alternative names',
    setup: async (stand) => {
      const { world } = stand;
      const tls = { ...asking(world.deviceRoot.pem), ...(await world.makeServer({ altNames: [] })) };
      return device(stand, await tlsServer(stand, tls, (socket) => serveMqtt(socket, {})));
    },
  },
  {
    name: 'server: self-signed, and the CA file is that very certificate',
    setup: async (stand) => {
      const leaf = await selfSigned({
        subject: 'CN=localhost',
        usage: 'server',
        altNames: ['localhost'],
        keyKind: 'ec-p256',
      });
      const identity = { cert: leaf.pem, key: keyPem(leaf.key) };
      return device(stand, await tlsServer(stand, identity, (socket) => serveMqtt(socket, {})), {
        ca: leaf.pem,
      });
    },
  },
  {
    name: 'server: an RSA certificate of SAP’s kind, TLS 1.2 only',
    setup: async (stand) => {
      const { world } = stand;
      const identity = await world.makeServer({ keyKind: 'rsa-2048' });
      const tls = { ...only12, ...requiring(world.deviceRoot.pem), ...identity };
      return device(stand, await tlsServer(stand, tls, (socket) => serveMqtt(socket, {})));
    },
  },
  {
    name: 'server: TLS 1.3 only',
    setup: async (stand) =>
      device(stand, await gateway(stand, { tls: { ...only13, ...requiring(stand.world.deviceRoot.pem) } })),
  },
  {
    name: 'server: one curve that makes the client ask again (HelloRetryRequest)',
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, {
          tls: { ...only13, ...requiring(stand.world.deviceRoot.pem), ecdhCurve: 'secp521r1' },
        }),
      ),
  },
  {
    name: 'server: requires a protocol name, which the device gives',
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { tls: { ALPNProtocols: ['mqtt'], ...requiring(stand.world.deviceRoot.pem) } }),
        { alpn: ['mqtt'] },
      ),
  },
  {
    name: 'network: IPv6 only',
    setup: async (stand) => device(stand, await gateway(stand, { address: '::1' }), { host: '[::1]' }),
  },
  {
    name: 'network: an address for a host',
    setup: async (stand) => device(stand, await strict(stand), { host: '127.0.0.1' }),
  },
  {
    name: 'network: the first of three addresses is dead',
    setup: async (stand) =>
      device(stand, await strict(stand), {
        host: 'localhost',
        lookup: resolvesTo('127.0.0.3', '::1', '127.0.0.1'),
      }),
  },
  {
    name: 'network: the first address drops every packet, the second is well',
    setup: async (stand) => {
      const { world } = stand;
      const { port } = await blackHole(stand);
      await tlsServer(stand, { ...requiring(world.deviceRoot.pem), address: '::1', port }, (socket) =>
        serveMqtt(socket, {}),
      );
      return device(
        stand,
        { host: 'localhost', port },
        { lookup: resolvesTo('127.0.0.1', '::1'), timeout: 1500 },
      );
    },
  },
  {
    name: 'network: every answer comes 400 ms late',
    setup: async (stand) => device(stand, await slow(stand, await strict(stand), 400)),
  },
  {
    name: 'broker: it thinks 2.5 seconds before CONNACK',
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, {
          connect: async () => new Promise((done) => void setTimeout(() => done(0), 2500)),
        }),
      ),
  },
  {
    name: 'broker: refuses every client id but the CN’s, which is what it gets',
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { connect: ({ clientId }, { ownId }) => (clientId === ownId ? 0 : 2) }),
      ),
  },
  {
    name: 'broker: no client certificates, a user name and a password',
    setup: async (stand) =>
      guest(
        stand,
        await gateway(stand, {
          tls: {},
          connect: ({ username, password }) =>
            username === 'u' && String(password) === 'right-password' ? 0 : 4,
        }),
        {
          username: 'u',
          password: 'right-password',
          profile: 'generic',
        },
      ),
  },
  {
    name: 'broker: asks for a certificate, does not need one',
    setup: async (stand) => guest(stand, await fine(stand), { profile: 'generic' }),
  },
  {
    name: 'broker: MQTT 5 with properties',
    setup: async (stand) => {
      const answer = {
        code: 0,
        properties: { maximumPacketSize: 10_000, maximumQoS: 1, serverKeepAlive: 30, topicAliasMaximum: 5 },
      };
      return device(stand, await gateway(stand, { connect: () => answer }), {
        mqttVersion: '5',
        profile: 'generic',
      });
    },
  },
  ...([1, 0, 2] as const).map((qos): HealthyRow => ({
    name: `broker: a message with QoS ${qos}, and a subscription`,
    setup: async (stand) =>
      device(stand, await fine(stand), {
        publish: { topic: 'a/b', message: 'c', qos },
        subscribe: ['a/#'],
        profile: 'generic',
        until: 'ack',
      }),
  })),
  ...([200, 202] as const).map((code): HealthyRow => ({
    name: `broker: a measure, acknowledged with ${code}`,
    setup: async (stand) =>
      device(stand, await gateway(stand, { acknowledge: () => [{ id: 'm-1', code }] }), {
        measure,
        until: 'ack',
      }),
  })),
  {
    name: 'broker: stays connected while watched, with a slow PINGRESP',
    setup: async (stand) => device(stand, await slow(stand, await strict(stand), 150), { watch: 2500 }),
  },
  {
    name: 'broker: a device with a plain CN and the generic profile',
    setup: async (stand) => {
      const leaf = await stand.world.makeDevice({ subject: 'CN=pump-17' });
      return device(stand, await strict(stand), {
        input: bundleOf(leaf, stand.world.deviceIssuer),
        profile: 'generic',
      });
    },
  },
  ...(['1.2', '1.3'] as const).flatMap((version): readonly HealthyRow[] => [
    {
      name: `mosquitto, TLS ${version}, certificates required`,
      needs: ['mosquitto'],
      setup: async (stand) =>
        device(stand, await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem, tlsVersion: version })),
    },
    {
      name: `HTTPS endpoint, --until tls, TLS ${version}`,
      setup: async (stand) => {
        const only = version === '1.2' ? only12 : only13;
        const at = await https(stand, { ...only, ...requiring(stand.world.deviceRoot.pem) });
        return device(stand, at, { until: 'tls', profile: 'generic' } satisfies Partial<Setup>);
      },
    },
    ...(['Go', 'Java', 'Erlang', 'Python'] satisfies StackName[]).map((name): HealthyRow => ({
      name: `${name}, TLS ${version}, certificates required`,
      needs: [stacks[name].peer],
      setup: async (stand) => device(stand, await stack(stand, name, version)),
    })),
  ]),
  {
    name: 'nothing is there, and only the name was asked for',
    setup: async (stand) => device(stand, await closedPort(), { until: 'dns' }),
  },
];
