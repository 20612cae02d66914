import { constants } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type ConnectionOptions, type Server, type TlsOptions, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from '@jest/globals';
import { decodeWire, wireFacts } from '../../src/wire/index.js';
import { describeWithPeer } from '../support/peers.js';
import { attempt, eventually, settled, type Attempt } from './connection.js';
import { makePki } from './pki.js';

describeWithPeer('openssl', 'Node says the same of its connections as the wire', () => {
  const pki = makePki();
  const open: Server[] = [];
  const sockets: TLSSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of open.splice(0)) server.close();
  });

  interface Ends {
    readonly one: Attempt;
    readonly peer: TLSSocket;
  }

  async function echoServer(options: TlsOptions): Promise<{ port: number; peers: TLSSocket[] }> {
    const peers: TLSSocket[] = [];
    const server = createServer(
      { cert: pki.read('server.crt'), key: pki.read('server.key'), ...options },
      (socket) => {
        peers.push(socket);
        sockets.push(socket);
        socket.on('error', () => undefined);
        socket.pipe(socket);
      },
    ).listen(0, '127.0.0.1');
    open.push(server);
    // For sessions without tickets, which the server must remember itself.
    const sessions = new Map<string, Buffer>();
    server.on('newSession', (id: Buffer, data: Buffer, done: () => void) => {
      sessions.set(id.toString('hex'), data);
      done();
    });
    server.on('resumeSession', (id: Buffer, done: (error: null, data: Buffer | null) => void) => {
      done(null, sessions.get(id.toString('hex')) ?? null);
    });
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, peers };
  }

  /** Connects, says something, hears it back, and is still connected. */
  async function connected(
    server: { port: number; peers: TLSSocket[] },
    options: ConnectionOptions,
  ): Promise<Ends> {
    const count = server.peers.length;
    const one = attempt(server.port, { ca: pki.read('ca.crt'), ...options });
    sockets.push(one.secure);
    await settled(one);
    one.secure.write('echo this');
    await eventually(() => Buffer.concat(one.received).toString() === 'echo this', 'the echo');
    return { one, peer: server.peers[count]! };
  }

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s: version, suite, group, ALPN, both chains',
    async (version) => {
      const server = await echoServer({ requestCert: true, ca: pki.read('ca.crt'), ALPNProtocols: ['mqtt'] });
      const { one, peer } = await connected(server, {
        maxVersion: version,
        ALPNProtocols: ['http/1.1', 'mqtt'],
        cert: pki.read('client.chain.crt'),
        key: pki.read('client.key'),
      });
      const events = one.events();
      const facts = wireFacts(events);
      expect(facts.serverHello).toMatchObject({
        version: one.secure.getProtocol(),
        cipherSuite: one.secure.getCipher().standardName,
      });
      const exchange = events.find((event) => event.kind === 'serverKeyExchange');
      const group = version === 'TLSv1.3' ? facts.serverHello?.group : exchange?.group;
      expect(group?.toLowerCase()).toBe(
        (one.secure.getEphemeralKeyInfo() as { name: string }).name.toLowerCase(),
      );
      expect(facts.alpn).toBe(one.secure.alpnProtocol);
      expect(facts.alpn).toBe('mqtt');
      expect(facts.serverCertificates![0]).toBe(one.secure.getPeerX509Certificate()!.raw.toString('base64'));
      const leaf = peer.getPeerX509Certificate()!;
      expect(facts.clientCertificates).toHaveLength(2);
      expect(facts.clientCertificates![0]).toBe(leaf.raw.toString('base64'));
      expect(facts.clientHello).toMatchObject({ serverName: 'localhost', alpn: ['http/1.1', 'mqtt'] });
      // Still open: what was said so far is all there, and nothing has ended.
      expect(facts.ended).toBeUndefined();
      expect(facts.applicationData).toEqual({ client: 9, server: 9 });
    },
  );

  test('the CA names asked for', async () => {
    const server = await echoServer({
      requestCert: true,
      rejectUnauthorized: false,
      ca: [pki.read('ca.crt'), pki.read('other-ca.crt')],
    });
    const { one } = await connected(server, {});
    const { certificateRequest, clientCertificates } = wireFacts(one.events());
    expect(certificateRequest?.authorities.map(({ name }) => name)).toEqual([
      String.raw`CN=Test Root \"1\",O=Example\, Inc.,C=DE`,
      'CN=Other Root,O=Elsewhere',
    ]);
    expect(clientCertificates).toEqual([]);
  });

  test.each([
    ['TLSv1.2', 0],
    ['TLSv1.2', constants.SSL_OP_NO_TICKET],
    ['TLSv1.3', 0],
  ] as const)('%s (options %i): an earlier session goes on', async (version, secureOptions) => {
    const server = await echoServer({ secureOptions });
    const sessions: Buffer[] = [];
    const first = attempt(server.port, { ca: pki.read('ca.crt'), maxVersion: version });
    first.secure.on('session', (session: Buffer) => sessions.push(session));
    await eventually(() => sessions.length > 0 && first.secure.authorized, 'a session');
    expect(wireFacts(first.events()).serverHello?.resumed).toBe(false);
    first.secure.destroy();
    const { one } = await connected(server, { maxVersion: version, session: sessions.at(-1)! });
    expect(one.secure.isSessionReused()).toBe(true);
    const facts = wireFacts(one.events());
    expect(facts).toMatchObject({
      serverCertificates: undefined,
      undecodable: [],
      applicationData: { client: 9, server: 9 },
    });
    expect(facts.serverHello?.resumed).toBe(true);
  });

  const noEtm = constants.SSL_OP_NO_ENCRYPT_THEN_MAC;
  test.each(['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'ECDHE-ECDSA-AES128-SHA256'])(
    'CBC the old way, MAC before encryption: %s',
    async (ciphers) => {
      const server = await echoServer({ ciphers, maxVersion: 'TLSv1.2', secureOptions: noEtm });
      const { one } = await connected(server, { ciphers: `${ciphers}:@SECLEVEL=0`, secureOptions: noEtm });
      const { plaintext, events } = decodeWire(one.recording, one.keylog);
      expect(plaintext.map(({ from, bytes }) => `${from} ${Buffer.from(bytes).toString()}`)).toEqual([
        'client echo this',
        'server echo this',
      ]);
      expect(wireFacts(events).undecodable).toEqual([]);
    },
  );

  test('TLS 1.2 without its secret: the handshake is there, an alert is seen but not read', async () => {
    const server = await echoServer({ maxVersion: 'TLSv1.2' });
    const { one } = await connected(server, {});
    one.secure.end();
    await one.closed;
    const { events, plaintext } = decodeWire(one.recording);
    expect(plaintext).toEqual([]);
    expect(wireFacts(events)).toMatchObject({ serverCertificates: [expect.any(String)], undecodable: [] });
    const closing = events.find((event) => event.kind === 'alert' && event.from === 'client');
    expect(closing).toMatchObject({ encrypted: true });
    expect(closing).not.toHaveProperty('number');
    const closed = events.filter((event) => event.kind === 'encryptedRecord');
    expect(closed.map(({ recordType, why }) => `${recordType} ${why}`)).toEqual([
      'handshake no-secret',
      'handshake no-secret',
      'applicationData no-secret',
      'applicationData no-secret',
    ]);
  });

  test('TLS 1.1 is read as far as it is in the clear', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    const server = await echoServer(old);
    const { one } = await connected(server, old);
    const events = one.events();
    expect(wireFacts(events)).toMatchObject({
      serverHello: { version: 'TLSv1.1' },
      serverCertificates: [expect.any(String)],
      undecodable: [],
    });
    expect(events.find((event) => event.kind === 'encryptedRecord')).toMatchObject({
      why: 'unsupported-cipher',
    });
  });
});
