import { describe, expect, test } from '@jest/globals';
import mqttPacket, { type Packet } from 'mqtt-packet';
import {
  decodeMqtt,
  type MqttPacketView,
  type PlaintextChunk,
  type Side,
  type WireEvent,
} from '../../src/wire/index.js';
import { fromHex } from './recorded.js';

function packets(events: readonly WireEvent[]): MqttPacketView[] {
  return events.flatMap((event) => (event.kind === 'mqtt' ? [event.packet] : []));
}

function generate(version: 3 | 4 | 5, ...list: readonly Packet[]): Buffer {
  return Buffer.concat(list.map((packet) => mqttPacket.generate(packet, { protocolVersion: version })));
}

function said(...chunks: readonly (readonly [Side, Uint8Array])[]): PlaintextChunk[] {
  return chunks.map(([from, bytes], index) => ({ at: index, from, bytes }));
}

const connect: Packet = {
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  clientId: 'device-1',
  keepalive: 60,
};

const secret = 'correct horse battery staple';

describe('MQTT packets', () => {
  test('a whole session of version 5, without its secrets', async () => {
    const client = generate(
      5,
      {
        ...connect,
        protocolVersion: 5,
        username: `${secret} user`,
        password: Buffer.from(`${secret} password`),
        will: { topic: 'gone', payload: Buffer.from(`${secret} will`), qos: 1, retain: true },
        properties: {
          sessionExpiryInterval: 10,
          authenticationMethod: 'SCRAM-SHA-1',
          authenticationData: Buffer.from(`${secret} data`),
          userProperties: { token: `${secret} property` },
        },
      },
      {
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic: 'ack/#', qos: 1, nl: false, rap: false, rh: 0 }],
      },
      {
        cmd: 'publish',
        messageId: 2,
        qos: 1,
        dup: false,
        retain: false,
        topic: 'measures/x',
        payload: `${secret} payload`,
      },
      { cmd: 'pingreq' },
      { cmd: 'disconnect', reasonCode: 4 },
    );
    const server = generate(
      5,
      {
        cmd: 'connack',
        sessionPresent: false,
        reasonCode: 0,
        properties: {
          receiveMaximum: 20,
          assignedClientIdentifier: 'auto',
          userProperties: { a: ['1', '2'] },
        },
      },
      { cmd: 'suback', messageId: 1, granted: [1] },
      { cmd: 'puback', messageId: 2, reasonCode: 0x10, properties: { reasonString: 'nobody listens' } },
      { cmd: 'disconnect', reasonCode: 0x8e, properties: { reasonString: 'taken\u001b[2J over' } },
    );
    const events = await decodeMqtt(said(['client', client], ['server', server]));
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(packets(events)).toEqual([
      {
        type: 'connect',
        protocol: 'MQTT',
        version: 5,
        clientId: 'device-1',
        clean: true,
        keepalive: 60,
        username: true,
        password: true,
        will: { topic: 'gone', qos: 1, retain: true, payloadBytes: secret.length + 5 },
        properties: { sessionExpiryInterval: 10, authenticationMethod: 'SCRAM-SHA-1' },
      },
      { type: 'subscribe', messageId: 1, subscriptions: [{ topic: 'ack/#', qos: 1 }] },
      {
        type: 'publish',
        topic: 'measures/x',
        qos: 1,
        retain: false,
        dup: false,
        messageId: 2,
        payloadBytes: secret.length + 8,
      },
      { type: 'pingreq' },
      { type: 'disconnect', code: 4, name: 'disconnect with will message' },
      {
        type: 'connack',
        version: 5,
        sessionPresent: false,
        code: 0,
        name: 'success',
        properties: {
          receiveMaximum: 20,
          assignedClientIdentifier: 'auto',
          userProperties: ['a: 1', 'a: 2'],
        },
      },
      { type: 'suback', messageId: 1, codes: [1] },
      {
        type: 'puback',
        messageId: 2,
        code: 0x10,
        name: 'no matching subscribers',
        reason: 'nobody listens',
        properties: { reasonString: 'nobody listens' },
      },
      {
        type: 'disconnect',
        code: 0x8e,
        name: 'session taken over',
        reason: 'taken\u{fffd}[2J over',
        properties: { reasonString: 'taken\u{fffd}[2J over' },
      },
    ]);
  });

  test('a CONNACK of 3.1.1 that refuses a CONNECT of 5', async () => {
    const events = await decodeMqtt(
      said(['client', generate(5, { ...connect, protocolVersion: 5 })], ['server', fromHex('20020001')]),
    );
    expect(packets(events).at(-1)).toEqual({
      type: 'connack',
      version: 4,
      sessionPresent: false,
      code: 1,
      name: 'unacceptable protocol version',
    });
  });

  test('packets that come in pieces, or several at once, have the time of their last byte', async () => {
    const server = generate(4, { cmd: 'connack', sessionPresent: true, returnCode: 5 }, { cmd: 'pingresp' });
    const events = await decodeMqtt(
      said(
        ['client', generate(4, connect)],
        ...Array.from(server, (byte): [Side, Buffer] => ['server', Buffer.of(byte)]),
      ),
    );
    expect(events.map(({ at, bytes }) => ({ at, bytes }))).toEqual([
      { at: 0, bytes: 22 },
      { at: 4, bytes: 4 },
      { at: 6, bytes: 2 },
    ]);
    expect(packets(events).at(1)).toMatchObject({ code: 5, name: 'not authorized', sessionPresent: true });
  });

  test('a malformed packet is told, and the next one is read', async () => {
    const good = generate(4, { cmd: 'connack', sessionPresent: false, returnCode: 0 });
    const events = await decodeMqtt(
      said(
        ['client', generate(4, connect)],
        ['server', Buffer.concat([good, fromHex('9003'), fromHex('0001ff'), fromHex('d000')])],
      ),
    );
    expect(events.slice(1)).toMatchObject([
      { kind: 'mqtt', packet: { type: 'connack' } },
      { kind: 'undecodable', why: expect.stringContaining('suback') },
      { kind: 'mqtt', packet: { type: 'pingresp' } },
    ]);
  });

  test.each([
    '20',
    '2000',
    '200100',
    '90',
    '9000',
    '3000',
    '30020005',
    '4000',
    '400101',
    'f000',
    '0000',
    '20ffffffffff',
  ])('after a CONNECT the bytes %s do no harm', async (bytes) => {
    const events = await decodeMqtt(
      said(
        ['client', generate(5, { ...connect, protocolVersion: 5 })],
        ['server', fromHex('20020000', bytes)],
      ),
    );
    expect(events.length).toBeLessThanOrEqual(3);
  });

  test('a flood of the smallest packets is bounded', async () => {
    const pings = Buffer.concat(Array.from({ length: 1_000_000 }, () => fromHex('d000')));
    const server = Buffer.concat([fromHex('20020000'), pings]);
    const events = await decodeMqtt(said(['client', generate(4, connect)], ['server', server]));
    expect(events).toHaveLength(20_000);
  });

  test('what is not MQTT has no MQTT events', async () => {
    expect(
      await decodeMqtt(
        said(['client', Buffer.from('GET / HTTP/1.1\r\n\r\n')], ['server', fromHex('20020000')]),
      ),
    ).toEqual([]);
    const events = await decodeMqtt(
      said(['client', generate(4, connect)], ['server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]),
    );
    expect(packets(events)).toMatchObject([{ type: 'connect' }]);
    expect(events).toHaveLength(1);
  });
});
