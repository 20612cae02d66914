import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { decodeWire, tapSocket, wireFacts } from '../../src/wire/index.js';
import { describeWithPeer } from '../support/peers.js';
import { attempt, eventually, settled } from './connection.js';
import { mosquitto, type Broker } from './mosquitto-broker.js';
import { makePki } from './pki.js';

const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

describeWithPeer('openssl', 'TLS over the tap', () => {
  const pki = makePki();

  // Without `host` Node would check the certificate against "localhost", and accept this one.
  test('the certificate is checked against the host that was meant', async () => {
    const server = createTlsServer({ cert: pki.read('server.crt'), key: pki.read('server.key') }).listen(
      0,
      '127.0.0.1',
    );
    open.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { stream, recording } = tapSocket(connect({ port, host: '127.0.0.1' }));
    const host = 'elsewhere.example';
    const secure = connectTls({ socket: stream, host, servername: host, ca: pki.read('ca.crt') });
    const [error] = (await once(secure, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(wireFacts(decodeWire(recording).events).clientHello?.serverName).toBe(host);
  });

  test('a reset in the middle of a handshake reaches the TLS socket as ECONNRESET', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    const one = attempt((server.address() as AddressInfo).port, {});
    await one.closed;
    expect(one.errors.map(({ code }) => code)).toEqual(['ECONNRESET']);
    await eventually(() => one.recording.entries.at(-1)?.kind === 'close', 'the close');
    expect(one.events().map(({ kind }) => kind)).toEqual(['tcpConnect', 'clientHello', 'rst', 'close']);
  });

  test('an alert of our own leaves before the connection closes', async () => {
    const heard: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => heard.push(chunk));
      // A ServerHello for a version that was never offered.
      const hello = `0301${'11'.repeat(32)}00c02f00`;
      const message = `020000${(hello.length / 2).toString(16)}${hello}`;
      socket.write(Buffer.from(`16030100${(message.length / 2).toString(16)}${message}`, 'hex'));
    }).listen(0, '127.0.0.1');
    open.push(server);
    await once(server, 'listening');
    const one = attempt((server.address() as AddressInfo).port, { minVersion: 'TLSv1.2' });
    await one.closed;
    const alert = one.events().find((event) => event.kind === 'alert');
    expect(alert).toMatchObject({ from: 'client', name: 'protocol_version', encrypted: false });
    await eventually(() => Buffer.concat(heard).toString('hex').endsWith('0246'), 'the alert at the server');
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s: the end of the server is answered with our goodbye, and nothing fails',
    async (version) => {
      const complaints: string[] = [];
      const server = createTlsServer(
        { cert: pki.read('server.crt'), key: pki.read('server.key') },
        (socket) => {
          socket.on('error', (error) => complaints.push(error.message));
          socket.end('welcome');
        },
      ).listen(0, '127.0.0.1');
      open.push(server);
      await once(server, 'listening');
      const one = attempt((server.address() as AddressInfo).port, {
        ca: pki.read('ca.crt'),
        maxVersion: version,
      });
      await one.closed;
      expect(one.errors).toEqual([]);
      expect(Buffer.concat(one.received).toString()).toBe('welcome');
      const alerts = one.events().filter((event) => event.kind === 'alert');
      expect(alerts.at(-1)).toMatchObject({ from: 'client', name: 'close_notify', level: 'warning' });
      expect(complaints).toEqual([]);
    },
  );
});

describeWithPeer(
  ['openssl', 'mosquitto'],
  'a broker that refuses the client certificate and closes at once',
  () => {
    const pki = makePki();
    // Long enough for TLS to hand it over in several pieces.
    const chain = pki.read('stranger.crt') + pki.read('other-ca.crt').repeat(12);
    let broker: Broker;

    beforeAll(async () => {
      const files = ['cafile ca.crt', 'certfile server.crt', 'keyfile server.key'];
      broker = await mosquitto(pki.dir, [...files, 'require_certificate true']);
    });
    afterAll(async () => broker.stop());

    // In pieces, the broker closes with bytes unread: its RST comes after the alert and can destroy it.
    test.each(['TLSv1.2', 'TLSv1.3'] as const)(
      '%s: of 40 alerts none is lost, every flight leaves whole',
      async (version) => {
        const seen: unknown[] = [];
        const writes: unknown[] = [];
        for (let round = 0; round < 40; round += 1) {
          const key = pki.read('stranger.key');
          const one = attempt(broker.port, { ca: pki.read('ca.crt'), cert: chain, key, maxVersion: version });
          await settled(one);
          await one.closed;
          seen.push(one.events().find((event) => event.kind === 'alert' && event.from === 'server'));
          writes.push(
            one.recording.entries.filter((entry) => entry.kind === 'data' && entry.from === 'client').length,
          );
        }
        expect(seen).toMatchObject(Array.from({ length: 40 }, () => ({ number: 48, name: 'unknown_ca' })));
        // ClientHello, then Certificate to Finished.
        expect(new Set(writes)).toEqual(new Set([2]));
      },
    );
  },
);
