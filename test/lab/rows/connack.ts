import { anyOf, likely, named, oneOf, proven, type Expectation, type FailureRow } from '../row.js';
import { gateway, untrustedGets, type GatewaySetup } from '../servers/gateway.js';
import { mosquitto } from '../servers/mosquitto.js';
import { only12, only13 } from '../servers/tls.js';
import { bundleOf, chain, expired } from '../world.js';
import { device, guest, impatient } from './support.js';

const rc3 = /server unavailable|broker unavailable|unavailable/i;
const rc5 = /not authori[sz]ed/i;

/** Return code 3 and its like, behind which something else hides. */
const hidden = (['1.2', '1.3'] as const).flatMap((version): readonly FailureRow[] => {
  const only = version === '1.2' ? only12 : only13;
  const behaves = (code: number | 'close'): GatewaySetup => ({ ...untrustedGets(code) });
  return [
    ...([3, 5, 'close'] as const).map((code): FailureRow => ({
      name: `SAP-like gateway, TLS ${version}: ${code === 'close' ? 'closes' : `return code ${code}`} because the intermediate is missing, which the CA file has`,
      expect: proven('tls.client-certificate-chain-incomplete', {
        experiments: { 'chain-added': 'accepted' },
        never: [
          'mqtt.server-unavailable',
          'mqtt.not-authorized',
          'tls.client-certificate-issuer-not-accepted',
        ],
        says: [/SAP Internet of Things CA/, /accepted/],
      }),
      named: /chain|intermediate/i,
      setup: async (stand) => {
        const { world } = stand;
        const tls = { ...only, requestCert: true, rejectUnauthorized: false, ca: world.deviceRoot.pem };
        const at = await gateway(stand, { ...behaves(code), tls });
        return device(stand, at, { input: world.leafOnly, ca: chain(world.serverRoot, world.deviceIssuer) });
      },
    })),
    {
      name: `SAP-like gateway, TLS ${version}: return code 3 because no certificate was sent`,
      expect: named('tls.client-certificate-missing', { never: ['tls.client-certificate-not-requested'] }),
      named:
        /certificate required|(?:no|missing|without a?) ?(?:client )?certificate|did not (?:send|return) a cert/i,
      setup: async (stand) => {
        const tls = { ...only, requestCert: true, rejectUnauthorized: false, ca: stand.world.deviceRoot.pem };
        return guest(stand, await gateway(stand, { ...untrustedGets(3), tls }), {
          clientId: stand.world.deviceId,
        });
      },
    },
    {
      name: `SAP-like gateway, TLS ${version}: return code 3 because the certificate has expired`,
      expect: named('tls.client-certificate-expired', {
        never: ['tls.client-certificate-issuer-not-accepted', 'clock.wrong'],
      }),
      named: /expired/i,
      setup: async (stand) => {
        const tls = { ...only, requestCert: true, rejectUnauthorized: false, ca: stand.world.deviceRoot.pem };
        const input = bundleOf(await stand.world.makeDevice(expired), stand.world.deviceIssuer);
        return device(stand, await gateway(stand, { ...untrustedGets(3), tls }), { input });
      },
    },
  ];
});

export const hiddenRows: readonly FailureRow[] = [
  ...hidden,
  {
    name: 'SAP-like gateway: return code 3 because the intermediate is missing, which is nowhere at hand',
    // A gateway that is really unavailable says the same. The names that it asks for are no proof.
    expect: oneOf(['tls.client-certificate-chain-incomplete', 'mqtt.server-unavailable']),
    named: /chain|intermediate/i,
    setup: async (stand) =>
      device(stand, await gateway(stand, untrustedGets(3)), { input: stand.world.leafOnly }),
  },
  {
    name: 'SAP-like gateway: return code 3 because the certificate is of another authority',
    expect: oneOf(['tls.client-certificate-issuer-not-accepted', 'mqtt.server-unavailable'], {
      never: ['tls.client-certificate-chain-incomplete'],
    }),
    named: /issuer|authority|unknown ca/i,
    setup: async (stand) => {
      const { world } = stand;
      const leaf = await world.makeDevice({ issuer: world.foreignIssuer });
      const input = bundleOf(leaf, world.foreignIssuer, world.foreignRoot);
      return device(stand, await gateway(stand, untrustedGets(3)), { input });
    },
  },
  {
    name: 'SAP-like gateway: return code 3 because the client id is not the CN’s',
    expect: proven('mqtt.client-id-refused', {
      experiments: { 'own-client-id': 'accepted' },
      never: ['mqtt.server-unavailable'],
    }),
    named: /client ?id|identifier/i,
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { connect: ({ clientId }, { ownId }) => (clientId === ownId ? 0 : 3) }),
        { clientId: 'my-laptop' },
      ),
  },
  {
    name: 'SAP-like gateway: return code 3 because the device was deleted',
    // Nothing that the device can see tells why: the answer is what to send to the operator.
    expect: anyOf(['mqtt.server-unavailable'], {
      never: [
        'tls.client-certificate-chain-incomplete',
        'tls.client-certificate-missing',
        'mqtt.client-id-refused',
      ],
      says: [/operator|broker side|broker's side|provider/i, /[0-9A-F]{2}(:[0-9A-F]{2}){10}/i],
    }),
    named: rc3,
    setup: async (stand) => device(stand, await gateway(stand, { connect: () => 3 })),
  },
  {
    name: 'SAP-like gateway: return code 3 to an EC key that the gateway’s RSA list lets nobody send',
    needs: [],
    // Node cannot narrow the list of a CertificateRequest to RSA: TLS 1.3 has no scheme for secp256k1, which has the same effect.
    expect: named('tls.client-certificate-unusable-key-type', {
      never: ['mqtt.server-unavailable', 'tls.client-certificate-missing'],
    }),
    named: /key type|signature alg|no suitable signature/i,
    setup: async (stand) => {
      const { world } = stand;
      const tls = { ...only13, requestCert: true, rejectUnauthorized: false, ca: world.deviceRoot.pem };
      const input = bundleOf(await world.makeDevice({ keyKind: 'ec-secp256k1' }), world.deviceIssuer);
      return device(stand, await gateway(stand, { ...untrustedGets(3), tls }), { input });
    },
  },
  {
    name: 'AWS-like broker: closes without a word because the policy does not know the client id',
    expect: proven('mqtt.client-id-refused', {
      experiments: { 'own-client-id': 'accepted' },
      never: ['mqtt.closed-before-connack'],
    }),
    named: /client ?id|identifier/i,
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { connect: ({ clientId }, { ownId }) => (clientId === ownId ? 0 : 'close') }),
        { clientId: 'my-laptop' },
      ),
  },
  ...([3, 4, 5] as const).map((code): FailureRow => ({
    name: `a broker that never asks for the certificate, and answers return code ${code}`,
    expect: named('tls.client-certificate-not-requested', {
      never: ['tls.client-certificate-missing', 'tls.client-certificate-refused'],
    }),
    named:
      /(?:never|not) (?:asked|requested)|(?:asks?|requests?) (?:for )?no (?:client )?certificate|no client certificate CA/i,
    setup: async (stand) =>
      device(stand, await gateway(stand, { tls: {}, connect: () => code }), { profile: 'generic' }),
  })),
  {
    name: 'mosquitto with passwords on a listener without client certificates',
    needs: ['mosquitto'],
    expect: named('tls.client-certificate-not-requested', { never: ['tls.client-certificate-refused'] }),
    named:
      /(?:never|not) (?:asked|requested)|(?:asks?|requests?) (?:for )?no (?:client )?certificate|no client certificate CA/i,
    setup: async (stand) => device(stand, await mosquitto(stand, { users: { alice: 'wonder' } })),
  },
  {
    name: 'mosquitto wants a password, no certificate, and gets neither',
    needs: ['mosquitto'],
    expect: named('mqtt.not-authorized', {
      never: ['tls.client-certificate-missing', 'tls.client-certificate-not-requested'],
      says: [/user ?name/i],
    }),
    named: rc5,
    setup: async (stand) =>
      guest(stand, await mosquitto(stand, { users: { alice: 'wonder' } }), { profile: 'generic' }),
  },
  {
    name: 'mosquitto and a wrong password',
    needs: ['mosquitto'],
    // mosquitto answers 5 where the specification has 4 for this: both are what a refused login looks like.
    expect: named('mqtt.not-authorized', {
      never: ['tls.client-certificate-not-requested', 'tls.client-certificate-missing'],
    }),
    named: rc5,
    setup: async (stand) =>
      guest(stand, await mosquitto(stand, { users: { alice: 'wonder' } }), {
        username: 'alice',
        password: 'wonderland-7',
        profile: 'generic',
      }),
  },
  {
    name: 'mosquitto takes the CN as user name, and the certificate has none',
    needs: ['mosquitto'],
    expect: anyOf(['mqtt.bad-credentials', 'mqtt.not-authorized'], {
      certainty: ['proven', 'likely'],
      never: ['tls.client-certificate-not-requested', 'mqtt.client-id-refused'],
    }),
    named: /user ?name or password|not authori[sz]ed|bad user/i,
    setup: async (stand) => {
      const { world } = stand;
      const input = bundleOf(await world.makeDevice({ subject: 'O=Pumps' }), world.deviceIssuer);
      const lines = ['use_identity_as_username true'];
      const at = await mosquitto(stand, { clientCa: world.deviceRoot.pem, lines });
      return device(stand, at, { input, clientId: 'pump-1', profile: 'generic' });
    },
  },
];

/** What a code means by itself, whatever the certificate is like: nothing that is varied changes it. */
const plain: readonly (readonly [code: number, what: string, expect: Expectation, named: RegExp])[] = [
  [1, 'unacceptable protocol version', named('mqtt.protocol-version-refused'), /protocol version/i],
  [2, 'identifier rejected', named('mqtt.client-id-refused'), /identifier/i],
  [4, 'bad user name or password', named('mqtt.bad-credentials'), /user ?name or password|bad user/i],
  [5, 'not authorized', named('mqtt.not-authorized'), rc5],
];

export const connackRows: readonly FailureRow[] = [
  ...plain.map(([code, what, expect, named]): FailureRow => ({
    name: `CONNACK ${code}: ${what}`,
    expect,
    named,
    setup: async (stand) =>
      device(stand, await gateway(stand, { connect: () => code }), {
        username: 'u',
        password: 'hidden-password',
      }),
  })),
  {
    name: 'CONNACK 3 with user name and password, from a broker that asks for no certificate',
    expect: anyOf(['mqtt.server-unavailable'], {
      never: ['tls.client-certificate-missing', 'tls.client-certificate-not-requested'],
    }),
    named: rc3,
    setup: async (stand) =>
      guest(stand, await gateway(stand, { tls: {}, connect: () => 3 }), {
        username: 'u',
        password: 'hidden-password',
        profile: 'generic',
      }),
  },
  {
    name: 'CONNACK 4 without a certificate, from a broker that asks for none',
    expect: named('mqtt.bad-credentials', {
      never: ['tls.client-certificate-missing', 'tls.client-certificate-not-requested'],
    }),
    named: /user ?name or password|bad user/i,
    setup: async (stand) =>
      guest(stand, await gateway(stand, { tls: {}, connect: () => 4 }), {
        username: 'u',
        password: 'hidden-password',
        profile: 'generic',
      }),
  },
  {
    name: 'CONNACK 9, which MQTT 3.1.1 does not know',
    expect: named('mqtt.refused', { never: ['mqtt.closed-before-connack'] }),
    named: /\b9\b|unknown (?:return|reason)|reserved/i,
    setup: async (stand) => device(stand, await gateway(stand, { connect: () => 9 })),
  },
  {
    name: 'MQTT 5 to a broker of 3.1.1, which answers 1',
    tools: 'mqtt5',
    expect: proven('mqtt.protocol-version-refused', { experiments: { 'mqtt-3.1.1': 'accepted' } }),
    named: /protocol version/i,
    setup: async (stand) => {
      const at = await gateway(stand, {
        connect: ({ protocolVersion }) => (protocolVersion === 5 ? Uint8Array.of(0x20, 2, 0, 1) : 0),
      });
      return device(stand, at, { mqttVersion: '5' });
    },
  },
  {
    name: 'MQTT 5 to a broker that answers 0x84',
    tools: 'mqtt5',
    expect: proven('mqtt.protocol-version-refused'),
    named: /protocol version/i,
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { connect: ({ protocolVersion }) => (protocolVersion === 5 ? 0x84 : 0) }),
        { mqttVersion: '5' },
      ),
  },
  {
    name: 'MQTT 5 to a broker of 3.1.1, which closes without a word',
    tools: 'mqtt5',
    expect: proven('mqtt.protocol-version-refused', {
      experiments: { 'mqtt-3.1.1': 'accepted' },
      never: ['mqtt.closed-before-connack'],
    }),
    named: /protocol version/i,
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { connect: ({ protocolVersion }) => (protocolVersion === 5 ? 'close' : 0) }),
        { mqttVersion: '5' },
      ),
  },
  {
    name: 'MQTT 3.1.1 to a broker that speaks only 5',
    expect: proven('mqtt.protocol-version-refused', { experiments: { 'mqtt-5': 'accepted' } }),
    named: /protocol version/i,
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { connect: ({ protocolVersion }) => (protocolVersion === 5 ? 0 : 1) }),
        { profile: 'generic' },
      ),
  },
  ...(
    [
      [0x80, 'unspecified error', 'mqtt.refused'],
      [0x81, 'malformed packet', 'mqtt.refused'],
      [0x82, 'protocol error', 'mqtt.refused'],
      [0x83, 'implementation specific error', 'mqtt.refused'],
      [0x85, 'client identifier not valid', 'mqtt.client-id-refused'],
      [0x86, 'bad user name or password', 'mqtt.bad-credentials'],
      [0x87, 'not authorized', 'mqtt.not-authorized'],
      [0x88, 'server unavailable', 'mqtt.server-unavailable'],
      [0x89, 'server busy', 'mqtt.refused'],
      [0x8a, 'banned', 'mqtt.refused'],
      [0x8c, 'bad authentication method', 'mqtt.bad-credentials'],
      [0x95, 'packet too large', 'mqtt.packet-too-large'],
      [0x97, 'quota exceeded', 'mqtt.refused'],
      [0x9b, 'QoS not supported', 'mqtt.qos-refused'],
      [0x9f, 'connection rate exceeded', 'mqtt.refused'],
    ] as const
  ).map(([code, what, diagnosis]): FailureRow => ({
    name: `MQTT 5 CONNACK 0x${code.toString(16)}: ${what}`,
    tools: 'mqtt5',
    expect: named(diagnosis, { says: [/the tale of the broker/] }),
    named: new RegExp(`${what}|tale of the broker`, 'i'),
    setup: async (stand) => {
      const answer = { code, properties: { reasonString: 'the tale of the broker' } };
      return device(stand, await gateway(stand, { connect: () => answer }), {
        mqttVersion: '5',
        profile: 'generic',
        username: 'u',
        password: 'hidden-password',
      });
    },
  })),
  ...([0x9c, 0x9d] as const).map((code): FailureRow => ({
    name: `MQTT 5 CONNACK 0x${code.toString(16)}: another server, which it names`,
    tools: 'mqtt5',
    expect: named('mqtt.refused', { says: [/other\.lab\.test:8883/] }),
    named: /use another server|server moved|other\.lab\.test/i,
    setup: async (stand) => {
      const answer = { code, properties: { serverReference: 'other.lab.test:8883' } };
      return device(stand, await gateway(stand, { connect: () => answer }), {
        mqttVersion: '5',
        profile: 'generic',
      });
    },
  })),
  {
    name: 'CONNECT is answered with the end of the connection',
    expect: named('mqtt.closed-before-connack', {
      never: ['tls.client-certificate-refused', 'tls.client-certificate-chain-incomplete'],
    }),
    named: /before (?:the )?connack|closed|connection lost/i,
    setup: async (stand) => device(stand, await gateway(stand, { connect: () => 'close' })),
  },
  {
    name: 'CONNECT is answered with a reset',
    expect: named('mqtt.closed-before-connack', { never: ['tcp.reset'] }),
    named: /reset|connection lost/i,
    setup: async (stand) => device(stand, await gateway(stand, { connect: () => 'reset' })),
  },
  {
    name: 'CONNECT is answered with nothing',
    expect: named('mqtt.no-connack', { never: ['tls.silent', 'tls.partial-then-silent'] }),
    named: /connack|no (?:answer|reply)/i,
    setup: async (stand) =>
      device(stand, await gateway(stand, { connect: () => 'silence' }), { timeout: impatient }),
  },
  ...(
    [
      ['a CONNACK of one byte', [0x20, 1, 0]],
      ['a PINGRESP', [0xd0, 0]],
      ['a PUBLISH', [0x30, 5, 0, 3, 0x61, 0x2f, 0x62]],
      ['a length that never ends', [0x20, 0xff, 0xff, 0xff, 0xff, 0xff]],
      ['a CONNACK with reserved bits', [0x2f, 2, 0, 0]],
    ] as const
  ).map(([what, bytes]): FailureRow => ({
    name: `CONNECT is answered with ${what}`,
    expect: named('mqtt.malformed-reply', { never: ['mqtt.no-connack'] }),
    named: /malformed|protocol error|invalid|unexpected/i,
    setup: async (stand) =>
      device(stand, await gateway(stand, { connect: () => Uint8Array.from(bytes) }), { timeout: impatient }),
  })),
  {
    name: 'CONNECT is answered with half a CONNACK, and then nothing',
    expect: likely('mqtt.no-connack', { says: [/only 3 bytes of an answer/] }),
    named: /connack|malformed|incomplete/i,
    setup: async (stand) =>
      device(stand, await gateway(stand, { connect: () => Uint8Array.of(0x20, 2, 0) }), {
        timeout: impatient,
      }),
  },
  {
    name: 'Cumulocity: only the leaf is sent, the platform wants the uploaded CA in the chain and closes',
    expect: proven('tls.client-certificate-chain-incomplete', {
      experiments: { 'chain-added': 'accepted' },
      never: ['mqtt.closed-before-connack'],
    }),
    named: /chain|intermediate/i,
    setup: async (stand) => {
      const { world } = stand;
      const input = bundleOf(await world.makeDevice({ subject: 'CN=c8y-device-1' }));
      const at = await gateway(stand, {
        ...untrustedGets('close'),
        tls: { requestCert: true, rejectUnauthorized: false, ca: world.deviceRoot.pem },
      });
      return device(stand, at, {
        input,
        ca: chain(world.serverRoot, world.deviceIssuer),
        profile: 'cumulocity',
      });
    },
  },
  {
    name: 'mosquitto requires a certificate, and the device comes with user name and password alone',
    needs: ['mosquitto'],
    expect: proven('tls.client-certificate-missing'),
    named: /certificate required/i,
    setup: async (stand) =>
      guest(
        stand,
        await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem, users: { alice: 'wonder' } }),
        { username: 'alice', password: 'wonder', profile: 'generic' },
      ),
  },
];
