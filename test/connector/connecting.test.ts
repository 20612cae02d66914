import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectDevice, type ConnectDeviceOptions } from '../../src/connector/index.js';
import { SapcertError } from '../../src/errors.js';
import { temporaryFolder } from '../support/temp.js';
import { freePort } from './support/processes.js';
import { accept, scriptedBroker, type Script } from './support/scripted-broker.js';
import { makeWorld, type World } from './support/world.js';

const folder = temporaryFolder();
let world: World;
let options: Omit<ConnectDeviceOptions, 'port'>;
const servers: { close: () => unknown }[] = [];

beforeAll(async () => {
  world = await makeWorld(folder);
  options = {
    bundle: world.bundle,
    passphrase: world.secret,
    host: 'localhost',
    ca: world.ca,
    connectTimeout: 5000,
  };
});

afterAll(() => {
  for (const server of servers) server.close();
});

async function broker(script: Script = {}): Promise<number> {
  const started = await scriptedBroker(world, script);
  servers.push(started);
  return started.port;
}

async function plain(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createServer().on('connection', onConnection).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

async function failure(changes: ConnectDeviceOptions): Promise<SapcertError> {
  const started = connectDevice({ ...options, ...changes });
  const outcome = await started.then(
    async (connection) => {
      await connection.close();
      return 'connected';
    },
    (error: unknown) => error,
  );
  if (outcome instanceof SapcertError) return outcome;
  throw new Error('no SapcertError', { cause: outcome });
}

describe('a first connection that does not come about', () => {
  const refusing = (code: number, reasonString?: string): Script => ({
    onConnect: ({ connect, send, socket }) => {
      const five = connect.protocolVersion === 5;
      const properties = reasonString === undefined ? {} : { properties: { reasonString } };
      send({
        cmd: 'connack',
        sessionPresent: false,
        ...(five ? { reasonCode: code, ...properties } : { returnCode: code }),
      });
      socket.end();
    },
  });

  const cases: [string, string, RegExp, () => Promise<ConnectDeviceOptions>][] = [
    [
      'nothing listens',
      'tcp.refused',
      /localhost:\d+: nothing accepts/,
      async () => ({ port: await freePort() }),
    ],
    [
      'no such host',
      'dns.not-found|dns.failed',
      /no-such-host\.invalid/,
      async () => ({ host: 'no-such-host.invalid' }),
    ],
    [
      'the server says nothing',
      'tls.silent',
      /no TLS handshake within 0\.2 s/,
      async () => ({ port: await plain(() => undefined), connectTimeout: 200 }),
    ],
    [
      'the server closes at once',
      'tcp.closed|tcp.reset',
      /closed|reset/,
      async () => ({ port: await plain((socket) => socket.end()) }),
    ],
    [
      'the server does not speak TLS',
      'tls.not-tls',
      /does not speak TLS/,
      async () => ({ port: await plain((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')) }),
    ],
    [
      'an unknown CA',
      'tls.server-untrusted',
      /no CA that is trusted/,
      async () => ({ port: await broker(), ca: undefined }),
    ],
    [
      'another host',
      'tls.server-wrong-host',
      /another host/,
      async () => ({ port: await broker({ server: world.otherHostServer }) }),
    ],
    [
      'an expired server',
      'tls.server-expired',
      /has expired/,
      async () => ({ port: await broker({ server: world.expiredServer }) }),
    ],
    [
      'the broker closes after CONNECT',
      'mqtt.closed-before-connack',
      /without a CONNACK/,
      async () => ({ port: await broker({ onConnect: ({ socket }) => void socket.end() }) }),
    ],
    [
      'the broker is silent after CONNECT',
      'mqtt.no-connack',
      /no CONNACK within 0\.3 s/,
      async () => ({ port: await broker({ onConnect: () => undefined }), connectTimeout: 300 }),
    ],
    [
      'the broker answers with something else',
      'mqtt.malformed-reply',
      /not MQTT/,
      async () => ({
        port: await broker({ onConnect: ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\n') }),
      }),
    ],
    [
      'CONNACK 1',
      'mqtt.protocol-version-refused',
      /CONNACK 1/,
      async () => ({ port: await broker(refusing(1)) }),
    ],
    ['CONNACK 2', 'mqtt.client-id-refused', /CONNACK 2/, async () => ({ port: await broker(refusing(2)) })],
    ['CONNACK 3', 'mqtt.server-unavailable', /CONNACK 3/, async () => ({ port: await broker(refusing(3)) })],
    ['CONNACK 4', 'mqtt.bad-credentials', /CONNACK 4/, async () => ({ port: await broker(refusing(4)) })],
    ['CONNACK 5', 'mqtt.not-authorized', /CONNACK 5/, async () => ({ port: await broker(refusing(5)) })],
    [
      'CONNACK 0x87 with a reason',
      'mqtt.not-authorized',
      /0x87: not authorized \("not in the list"\)/,
      async () => ({ port: await broker(refusing(0x87, 'not in the list')), mqttVersion: '5' }),
    ],
    [
      'CONNACK 0x9f',
      'mqtt.refused',
      /0x9f/,
      async () => ({ port: await broker(refusing(0x9f)), mqttVersion: '5' }),
    ],
    [
      'the acknowledgements are refused',
      'mqtt.subscribe-refused',
      /ack\/pump-1 was refused/,
      async () => ({
        port: await broker({
          onSubscribe: ({ messageId }, { send }) =>
            send({ cmd: 'suback', messageId: messageId ?? 0, granted: [0x80] }),
        }),
      }),
    ],
    [
      'the subscription is not answered',
      'mqtt.subscribe-refused',
      /no SUBACK within 0\.2 s/,
      async () => ({ port: await broker({ onSubscribe: () => undefined }), connectTimeout: 200 }),
    ],
    ['a wrong secret', 'key.passphrase-wrong', /./, async () => ({ passphrase: 'wrong' })],
    ['no secret', 'key.passphrase-missing', /./, async () => ({ passphrase: undefined })],
    ['no host', 'usage.invalid', /no host/, async () => ({ host: undefined })],
    ['a CA that is none', 'ca-file.unusable', /no certificate/, async () => ({ ca: 'hello' })],
    ['an empty CA', 'ca-file.unusable', /no certificate/, async () => ({ ca: [] })],
    ['a window of nothing', 'usage.invalid', /window is 0/, async () => ({ window: 0 })],
  ];

  test.each(cases)('%s: %s', async (_name, code, message, changes) => {
    const error = await failure(await changes());
    expect(code.split('|')).toContain(error.code);
    expect(error.message).toMatch(message);
    expect(JSON.stringify(error) + error.message).not.toContain(world.secret);
  });
});

describe('who is who', () => {
  test.each<[string, ConnectDeviceOptions, { clientId: string; topic: string }]>([
    ["the certificate's device", {}, { clientId: 'pump-1', topic: 'measures/pump-1' }],
    ['another client id', { clientId: 'probe' }, { clientId: 'probe', topic: 'measures/pump-1' }],
    [
      'a router that sends for another device',
      { deviceId: 'x' },
      { clientId: 'pump-1', topic: 'measures/x' },
    ],
    ['a topic of its own', { topics: { publish: 'a/b' } }, { clientId: 'pump-1', topic: 'a/b' }],
    ['any broker', { profile: 'generic', topics: { publish: 'a' } }, { clientId: 'pump-1', topic: 'a' }],
    [
      'Cumulocity',
      { profile: 'cumulocity' },
      { clientId: expect.stringMatching(/^deviceAlternateId:pump-1/) as unknown as string, topic: 's/us' },
    ],
  ])('%s', async (_name, changes, { clientId, topic }) => {
    const started = await scriptedBroker(world);
    servers.push(started);
    const connection = await connectDevice({ ...options, ...changes, port: started.port, ack: false });
    await connection.sendAll(['{}']);
    await connection.close();
    expect(started.connects[0]?.clientId).toEqual(clientId);
    expect(started.published.map((packet) => packet.topic)).toEqual([topic]);
  });

  test.each([
    ['3.1', 'MQIsdp', 3],
    ['3.1.1', 'MQTT', 4],
    ['5', 'MQTT', 5],
  ] as const)('MQTT %s', async (mqttVersion, protocolId, protocolVersion) => {
    const started = await scriptedBroker(world);
    servers.push(started);
    const connection = await connectDevice({ ...options, port: started.port, mqttVersion });
    await connection.close();
    expect(started.connects[0]).toMatchObject({ protocolId, protocolVersion, clean: true, keepalive: 60 });
    expect(started.packets.at(-1)?.cmd).toBe('disconnect');
  });

  test.each(['1.2', '1.3'] as const)('TLS %s only', async (tlsVersion) => {
    let used: string | null = null;
    const port = await broker({
      onConnect: (peer) => {
        used = peer.socket.getProtocol();
        accept(peer);
      },
    });
    const connection = await connectDevice({ ...options, port, tlsVersion });
    await connection.close();
    expect(used).toBe(`TLSv${tlsVersion}`);
  });

  test("the device's certificate is what the server sees", async () => {
    let subject: unknown;
    const port = await broker({
      onConnect: (peer) => {
        subject = peer.socket.getPeerCertificate().subject.CN;
        accept(peer);
      },
    });
    const connection = await connectDevice({ ...options, port });
    await connection.close();
    expect(subject).toMatch(/^deviceAlternateId:pump-1\|/);
  });
});

describe('an AbortSignal', () => {
  test.each<[string, () => Promise<number>]>([
    ['during TLS', () => plain(() => undefined)],
    ['while waiting for the CONNACK', () => broker({ onConnect: () => undefined })],
  ])('ends connecting %s', async (_name, start) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const error = await failure({ port: await start(), signal: controller.signal });
    expect(error.code).toBe('interrupted');
  });

  test('that has fired already', async () => {
    await expect(failure({ port: 1, signal: AbortSignal.abort() })).resolves.toMatchObject({
      code: 'interrupted',
    });
  });

  test('ends a connection that is open', async () => {
    const controller = new AbortController();
    const port = await broker({ onPublish: () => undefined });
    const connection = await connectDevice({ ...options, port, signal: controller.signal });
    const ended = once(connection, 'disconnected');
    const sending = connection.publish('a', 'b');
    setTimeout(() => controller.abort(), 50);
    await expect(sending).rejects.toMatchObject({ code: 'interrupted' });
    const [reason] = (await ended) as [SapcertError];
    expect(reason.code).toBe('interrupted');
    expect(connection.state).toBe('disconnected');
  });
});
