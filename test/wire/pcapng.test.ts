import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mqttPacket from 'mqtt-packet';
import { writePcapng, type PcapConnection } from '../../src/wire/index.js';
import { describeWithPeer } from '../support/peers.js';
import { attempt, eventually, settled, type Attempt } from './connection.js';
import { mosquitto, type Broker } from './mosquitto-broker.js';
import { sServer } from './openssl-server.js';
import { makePki } from './pki.js';
import { expectClean, fields, tshark } from './tshark.js';

describeWithPeer(['openssl', 'mosquitto', 'tshark'], 'a capture, as tshark reads it', () => {
  const pki = makePki();
  const brokers: Broker[] = [];

  beforeAll(async () => {
    const files = ['cafile ca.crt', 'certfile server.crt', 'keyfile server.key'];
    const lines = [...files, 'require_certificate true', 'allow_anonymous true'];
    brokers.push(await mosquitto(pki.dir, lines), await mosquitto(pki.dir, lines, '::1'));
  });
  afterAll(async () => {
    for (const broker of brokers) await broker.stop();
  });

  function save(name: string, connections: readonly PcapConnection[], comment?: string): string {
    const file = join(pki.dir, `${name}.pcapng`);
    writeFileSync(file, writePcapng(connections, { comment, application: 'sapcert 0' }));
    return file;
  }

  /** CONNECT, a publish of many segments, DISCONNECT. */
  async function session(family: 4 | 6, version: 'TLSv1.2' | 'TLSv1.3', payload: string): Promise<Attempt> {
    const host = family === 4 ? '127.0.0.1' : '::1';
    const credentials = { cert: pki.read('client.chain.crt'), key: pki.read('client.key') };
    const one = attempt(
      brokers[family === 4 ? 0 : 1]!.port,
      { ca: pki.read('ca.crt'), ...credentials, maxVersion: version },
      host,
    );
    await settled(one);
    const connect = {
      cmd: 'connect',
      protocolVersion: 4,
      clean: true,
      clientId: 'device-1',
      keepalive: 60,
    } as const;
    one.secure.write(mqttPacket.generate(connect));
    await once(one.secure, 'data');
    const publish = {
      cmd: 'publish',
      messageId: 1,
      qos: 1,
      dup: false,
      retain: false,
      topic: 'measures/device-1',
      payload,
    } as const;
    one.secure.write(mqttPacket.generate(publish));
    await once(one.secure, 'data');
    one.secure.end(mqttPacket.generate({ cmd: 'disconnect' }));
    await one.closed;
    await eventually(() => one.recording.entries.at(-1)?.kind === 'close', 'the close');
    return one;
  }

  test.each([
    [4, 'TLSv1.2'],
    [4, 'TLSv1.3'],
    [6, 'TLSv1.2'],
    [6, 'TLSv1.3'],
  ] as const)('IPv%i, %s: MQTT stands there decrypted', async (family, version) => {
    const one = await session(family, version, 'x'.repeat(50_000));
    const { recording, keylog } = one;
    const file = save(`mqtt-${family}-${version}`, [{ recording, keylog, serverPort: 8883 }]);
    expectClean(file);
    const mqtt = fields(file, 'mqtt', 'mqtt.msgtype', 'mqtt.clientid', 'mqtt.conack.val', 'mqtt.topic');
    expect(mqtt).toEqual([
      ['1', 'device-1', '', ''],
      ['2', '', '0', ''],
      ['3', '', '', 'measures/device-1'],
      ['4', '', '', ''],
      ['14', '', '', ''],
    ]);
    const address = family === 4 ? 'ip' : 'ipv6';
    const host = family === 4 ? '127.0.0.1' : '::1';
    const ends = fields(
      file,
      'tcp.flags.syn == 1',
      `${address}.src`,
      `${address}.dst`,
      'tcp.srcport',
      'tcp.dstport',
      'tcp.flags.ack',
    );
    const port = String(recording.local!.port);
    expect(ends).toEqual([
      [host, host, port, '8883', '0'],
      [host, host, '8883', port, '1'],
    ]);
    expect(fields(file, 'tcp.flags.fin == 1', 'tcp.srcport').length).toBeGreaterThanOrEqual(1);
    const size = family === 4 ? 1460 : 1440;
    expect(Math.max(...fields(file, 'tcp.len > 0', 'tcp.len').map(([length]) => Number(length)))).toBe(size);
    expect(handshakeTypes(file)).toEqual(ourHandshakeTypes(one));
  });

  test.each(['-tls1_2', '-tls1_3'])('%s: the refusal, and what was asked for', async (version) => {
    const server = await sServer(
      [
        '-cert',
        'server.crt',
        '-key',
        'server.key',
        '-CAfile',
        'ca.crt',
        '-Verify',
        '2',
        '-verify_return_error',
        version,
      ],
      pki.dir,
    );
    try {
      const one = attempt(server.port, {
        ca: pki.read('ca.crt'),
        cert: pki.read('stranger.crt'),
        key: pki.read('stranger.key'),
      });
      await one.closed;
      const file = save(`refused${version}`, [{ recording: one.recording, keylog: one.keylog }]);
      expectClean(file);
      expect(fields(file, 'tls.alert_message.level == 2', 'tls.alert_message.desc', 'tcp.srcport')).toEqual([
        ['48', String(server.port)],
      ]);
      const request = tshark(file, '-Y', 'tls.handshake.type == 13', '-V');
      expect(request).toMatch(/Distinguished Name: \(.*id-at-commonName=Test Root/);
      expect(handshakeTypes(file)).toEqual(ourHandshakeTypes(one));
    } finally {
      await server.stop();
    }
  });

  test('several connections in one file; without secrets nothing is readable', async () => {
    const first = await session(4, 'TLSv1.3', 'one');
    const second = await session(6, 'TLSv1.2', 'two');
    const both = [first, second].map(({ recording, keylog }) => ({ recording, keylog, serverPort: 8883 }));
    const file = save('both', both, 'two attempts');
    expectClean(file);
    expect(fields(file, 'mqtt.msgtype == 1', 'tcp.stream')).toEqual([['0'], ['1']]);
    expect(fields(file, 'frame', 'frame.section_number', 'frame.interface_name').at(0)).toContain('sapcert');
    expect(tshark(file, '-V', '-c', '1')).toMatch(/Interface description: .*synthesised/);

    const closed = save(
      'no-secrets',
      both.map(({ recording, serverPort }) => ({ recording, serverPort })),
    );
    expectClean(closed);
    expect(fields(closed, 'mqtt', 'frame.number')).toEqual([]);
    expect(fields(closed, 'tls.handshake.type == 1', 'tcp.stream')).toEqual([['0'], ['1']]);
    const bytes = Buffer.from(writePcapng(both.map(({ recording }) => ({ recording }))));
    for (const line of [...first.keylog, ...second.keylog])
      expect(bytes.includes(line.trim().split(' ')[2]!)).toBe(false);
  });
});

/** Handshake types in the order in which tshark finds them. */
function handshakeTypes(file: string): string[] {
  return fields(file, 'tls.handshake.type', 'tls.handshake.type').flatMap(([types]) => types!.split(','));
}

const typeNumbers: Readonly<Record<string, string>> = {
  clientHello: '1',
  serverHello: '2',
  newSessionTicket: '4',
  encryptedExtensions: '8',
  certificate: '11',
  serverKeyExchange: '12',
  certificateRequest: '13',
  serverHelloDone: '14',
  certificateVerify: '15',
  clientKeyExchange: '16',
  finished: '20',
};

function ourHandshakeTypes({ events }: Attempt): string[] {
  return events().flatMap(({ kind }) => typeNumbers[kind] ?? []);
}
