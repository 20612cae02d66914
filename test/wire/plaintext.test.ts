import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import mqttPacket from 'mqtt-packet';
import { classifyPlaintext, decodeWire, tapSocket, wireFacts } from '../../src/wire/index.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { attempt, eventually } from './connection.js';
import { mosquitto, type Broker } from './mosquitto-broker.js';
import { fromHex, recorded } from './recorded.js';

describe('what a stream of bytes is', () => {
  test.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'http'],
    ['HTTP/1.0 200 OK\r\n', 'http'],
    ['GET / HTTP/1.1\r\n', 'http'],
    ['<html><head>', 'http'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http2'],
    ['SSH-2.0-OpenSSH_9.2p1\r\n', 'ssh'],
    ['220 mail.example ESMTP Postfix\r\n', 'smtp-or-ftp'],
    ['421 Too many connections\r\n', 'smtp-or-ftp'],
    ['+OK POP3 ready\r\n', 'pop3'],
    ['* OK [CAPABILITY IMAP4rev1] ready\r\n', 'imap'],
    ['AMQP\0\0\t\u0001', 'amqp'],
    ['INFO {"server_id":"x"}\r\n', 'nats'],
    ['-ERR unknown command\r\n', 'redis'],
    ['RFB 003.008\n', 'rfb'],
    ['PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n', 'proxy'],
    ['<?xml version="1.0"?><stream:stream', 'xmpp'],
    ['', undefined],
    ['hello', undefined],
    ['HTTPS', undefined],
  ])('%j is %s', (text, protocol) => {
    expect(classifyPlaintext(Buffer.from(text, 'latin1'))).toBe(protocol);
  });

  test.each([
    ['20020000', 'mqtt'], // CONNACK of 3.1.1
    ['20020103', 'mqtt'],
    ['2003008700', 'mqtt'], // CONNACK of 5
    ['2085010087' + '00'.repeat(20), 'mqtt'], // with a long reason
    ['20', undefined],
    ['2020202020', undefined], // spaces
    ['100c00044d5154540402003c0000', 'mqtt'],
    ['100e00064d514973647003020000', 'mqtt'],
    ['10ffff', undefined],
    ['e000', 'mqtt'],
    ['15030300020228', 'tls'],
    ['0000120400000000000003', 'http2'],
    ['4a0000000a382e302e33', 'mysql'],
  ])('the bytes %s are %s', (bytes, protocol) => {
    expect(classifyPlaintext(fromHex(bytes))).toBe(protocol);
  });
});

describe('a server that does not speak TLS', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  async function listening(server: Server): Promise<number> {
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  test('an HTTP server answers our ClientHello with 400', async () => {
    const one = attempt(await listening(createHttpServer()), {});
    await one.closed;
    expect(wireFacts(one.events())).toMatchObject({
      notTls: { protocol: 'http', sample: 'HTTP/1.1 400 Bad Request', from: 'server' },
      serverHello: undefined,
      undecodable: [],
    });
  });

  test('an HTTP/2 server without TLS sends its settings', async () => {
    const one = attempt(await listening(createHttp2Server()), {});
    await one.closed;
    expect(wireFacts(one.events()).notTls).toMatchObject({ protocol: 'http2', sample: '' });
  });

  test('a server that speaks first', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2p1 Debian\r\n'),
    );
    const one = attempt(await listening(server), {});
    await one.closed;
    expect(wireFacts(one.events()).notTls).toMatchObject({
      protocol: 'ssh',
      sample: 'SSH-2.0-OpenSSH_9.2p1 Debian',
    });
  });

  test('a banner with escape sequences is not shown', () => {
    const bytes = Buffer.from('220 \u001b]0;owned\u0007 ready\r\n');
    const { events } = decodeWire(recorded([['server', bytes]]));
    expect(events.at(-1)).toMatchObject({ kind: 'plaintext', protocol: 'smtp-or-ftp', sample: '' });
  });

  test('what we say in the clear is never in a sample', () => {
    const connect = mqttPacket.generate({
      cmd: 'connect',
      clientId: 'a',
      username: 'user',
      password: Buffer.from('hunter2'),
    });
    const { events, plaintext } = decodeWire(recorded([['client', connect]]));
    expect(events.at(-1)).toMatchObject({ kind: 'plaintext', from: 'client', protocol: 'mqtt', sample: '' });
    expect(JSON.stringify(events)).not.toContain('hunter2');
    expect(plaintext).toHaveLength(1);
  });

  test('part of a record, then silence', () => {
    const whole = fromHex('160303005a0200005603');
    const { events } = decodeWire(recorded([['server', whole]], 5001));
    expect(events.at(-1)).toMatchObject({
      kind: 'partialRecord',
      have: 10,
      need: 95,
      recordType: 'handshake',
      silentFor: 5000,
    });
    expect(wireFacts(events).partial).toMatchObject({ have: 10 });
    const header = decodeWire(recorded([['server', whole.subarray(0, 2)]], 3));
    expect(header.events.at(-1)).toMatchObject({ kind: 'partialRecord', have: 2, need: 5, silentFor: 2 });
  });

  test('a whole record with part of a message, then silence', () => {
    const { events } = decodeWire(recorded([['server', fromHex('16030300080b00100000100000')]], 901));
    expect(events.at(-1)).toMatchObject({
      kind: 'partialMessage',
      have: 8,
      need: 4100,
      name: 'certificate',
      silentFor: 900,
    });
  });

  test('bytes that stop being TLS', () => {
    const alert = fromHex('15030300020228');
    const { events } = decodeWire(
      recorded([
        ['server', Buffer.concat([alert, Buffer.from('garbage')])],
        ['server', alert],
      ]),
    );
    expect(events.slice(1)).toMatchObject([
      { kind: 'alert', name: 'handshake_failure' },
      { kind: 'undecodable', why: expect.stringContaining('not TLS') },
    ]);
  });
});

describeWithPeer('mosquitto', 'a plain MQTT port', () => {
  let broker: Broker;
  const folder = temporaryFolder();

  beforeAll(async () => {
    broker = await mosquitto(folder, ['allow_anonymous true']);
  });
  afterAll(async () => broker.stop());

  test('our ClientHello gets no answer but the end', async () => {
    const one = attempt(broker.port, {});
    await one.closed;
    const facts = wireFacts(one.events());
    expect(facts).toMatchObject({
      connected: true,
      notTls: undefined,
      serverHello: undefined,
      ended: { by: 'server' },
    });
  });

  test('a CONNECT gets a CONNACK', async () => {
    const { stream, recording } = tapSocket(connect({ port: broker.port, host: '127.0.0.1' }));
    stream.write(mqttPacket.generate({ cmd: 'connect', clientId: 'probe', protocolVersion: 4, clean: true }));
    stream.resume();
    await eventually(() => recording.seen.server === 4, 'the CONNACK');
    stream.destroy();
    expect(wireFacts(decodeWire(recording).events).notTls).toMatchObject({ protocol: 'mqtt', bytes: 4 });
  });
});
