import { generate, type Packet } from 'mqtt-packet';
import type { Frame } from '../frames.js';

const ack = Buffer.from(
  '[{"id":"m1","code":202,"messages":["ok"]},{"capabilityAlternateId":"c","sensorAlternateId":"s","code":400}]',
);
const command = Buffer.from('{"sensorAlternateId":"s","capabilityAlternateId":"c","command":{"on":true}}');

/** What a broker says to a client that asks for nothing unusual, packet by packet. */
export function answers(version: 4 | 5): readonly Packet[] {
  const properties =
    version === 5 ? { properties: { reasonString: 'why not', userProperties: { a: 'b' } } } : {};
  const connack: Packet =
    version === 5
      ? {
          cmd: 'connack',
          sessionPresent: false,
          reasonCode: 0,
          properties: {
            receiveMaximum: 20,
            maximumQoS: 1,
            maximumPacketSize: 1000,
            assignedClientIdentifier: 'x',
            serverKeepAlive: 30,
          },
        }
      : { cmd: 'connack', sessionPresent: true, returnCode: 0 };
  return [
    connack,
    { cmd: 'suback', messageId: 1, granted: [1], ...properties },
    { cmd: 'puback', messageId: 1, ...(version === 5 ? { reasonCode: 0x10, ...properties } : {}) },
    { cmd: 'puback', messageId: 102 },
    {
      cmd: 'publish',
      topic: 'ack/d',
      payload: ack,
      qos: 1,
      messageId: 7,
      dup: false,
      retain: false,
      ...properties,
    },
    { cmd: 'publish', topic: 'commands/d', payload: command, qos: 0, dup: false, retain: false },
    { cmd: 'publish', topic: 'ack/d', payload: ack, qos: 2, messageId: 8, dup: false, retain: false },
    { cmd: 'pubrel', messageId: 8 },
    { cmd: 'pingresp' },
    { cmd: 'suback', messageId: 101, granted: [0x80] },
    { cmd: 'unsuback', messageId: 2, granted: [0] },
    ...(version === 5 ? [{ cmd: 'disconnect', reasonCode: 0x8e, ...properties } as const] : []),
  ];
}

const refusals: readonly (readonly [4 | 5, Packet])[] = [
  [4, { cmd: 'connack', sessionPresent: false, returnCode: 3 }],
  [5, { cmd: 'connack', sessionPresent: false, reasonCode: 0x87, properties: { reasonString: 'no' } }],
  [5, { cmd: 'disconnect', reasonCode: 0x8b, properties: { serverReference: 'other.example' } }],
  [
    5,
    {
      cmd: 'auth',
      reasonCode: 0x18,
      properties: { authenticationMethod: 'x', authenticationData: Buffer.of(1) },
    },
  ],
];

const write = (packet: Packet, version: 4 | 5): Buffer => generate(packet, { protocolVersion: version });

/** What a broker says, each packet a piece. The first byte of `kind` says the version that the client spoke. */
export function brokerSide(): readonly (readonly Frame[])[] {
  return [
    ...([4, 5] as const).map((version) =>
      answers(version).map((packet) => ({ kind: version === 5 ? 1 : 0, bytes: write(packet, version) })),
    ),
    ...refusals.map(([version, packet]) => [{ kind: version === 5 ? 1 : 0, bytes: write(packet, version) }]),
  ];
}

/** Both sides, the client's pieces with an even kind. */
export function conversations(): readonly (readonly Frame[])[] {
  return ([4, 5] as const).map((version) => {
    const said: readonly Packet[] = [
      {
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: version,
        clean: true,
        keepalive: 10,
        clientId: 'device-1',
        username: 'u',
        password: Buffer.from('p'),
        will: { topic: 'w', payload: Buffer.from('gone'), qos: 1, retain: false },
      },
      { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'ack/d', qos: 1 }] },
      {
        cmd: 'publish',
        topic: 'measures/d',
        payload: command,
        qos: 1,
        messageId: 1,
        dup: false,
        retain: false,
      },
      { cmd: 'pubrec', messageId: 8 },
      { cmd: 'pubcomp', messageId: 8 },
      { cmd: 'pingreq' },
      { cmd: 'unsubscribe', messageId: 2, unsubscriptions: ['ack/d'] },
      { cmd: 'disconnect' },
    ];
    const [connect, ...rest] = said.map((packet) => ({ kind: 0, bytes: write(packet, version) }));
    const heard = answers(version).map((packet) => ({ kind: 1, bytes: write(packet, version) }));
    return [...(connect === undefined ? [] : [connect]), ...heard.slice(0, 1), ...rest, ...heard.slice(1)];
  });
}
