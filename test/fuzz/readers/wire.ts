import {
  decodeMqtt,
  decodeWire,
  ladderRows,
  renderLadder,
  traceConnection,
  wireFacts,
  writePcapng,
  type Side,
  type WireRecording,
} from '../../../src/wire/index.js';
import { type Agreement, understand } from '../../../src/wire/tls/handshake.js';
import { clientRandom, records, secrets } from '../../wire/rfc8448.js';
import { fromHex, recorded } from '../../wire/recorded.js';
import { type Frame, joinFrames, splitFrames } from '../frames.js';
import { mutateBytes } from '../mutate/bytes.js';
import { mutateFrames } from '../mutate/frames.js';
import type { Reader } from '../reader.js';
import { blocksOf, fixture } from './material.js';
import { conversations } from './mqtt-packets.js';

const keylog = Object.entries(secrets).map(([label, secret]) => `${label} ${clientRandom} ${secret}`);

const client = (hex: string): Frame => ({ kind: 0, bytes: fromHex(hex) });
const server = (hex: string): Frame => ({ kind: 1, bytes: fromHex(hex) });
const tls13 = [
  client(records.clientHello),
  server(records.serverHello),
  server(records.serverFlight),
  client(records.clientFinished),
  server(records.newSessionTicket),
  client(records.clientData),
  server(records.serverData),
  server(records.serverAlert),
];

/** What stays the same however a text of a peer looks. */
function expectPlain(value: unknown): void {
  if (typeof value === 'string' && /[\p{Cc}\u202a-\u202e]/u.test(value))
    throw new Error('a control character');
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error('a number that is none');
  if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) expectPlain(inner);
}

function recordingOf(input: Uint8Array): WireRecording {
  return recorded(splitFrames(input).map(({ kind, bytes }) => [side(kind), bytes] as const));
}

const side = (kind: number): Side => (kind % 2 === 0 ? 'client' : 'server');

export const tlsRecords: Reader = {
  name: 'tls-records',
  share: 0.1,
  seeds: () => [
    joinFrames(tls13),
    joinFrames(tls12()),
    joinFrames(tls12().slice(0, 3)),
    joinFrames([client(records.clientHello), server('15030300020228')]),
    joinFrames([
      client(records.clientHello),
      { kind: 1, bytes: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') },
    ]),
    joinFrames([client('101000044d5154540402003c0004746573740a'), server('20020005')]),
  ],
  mutate: [mutateFrames, mutateFrames, mutateBytes],
  refuses: undefined,
  read: async (input) => {
    const recording = recordingOf(input);
    const { events } = decodeWire(recording, keylog);
    expectPlain(events);
    expectPlain(wireFacts(events));
    const rows = ladderRows(await traceConnection(recording, keylog));
    expectPlain(rows);
    renderLadder(rows, 80);
    writePcapng([{ recording, keylog }]);
    return events.some(({ kind }) => kind === 'undecodable') ? 'undecodable' : 'decoded';
  },
};

/** A TLS 1.2 handshake with client certificates, as far as it is in the clear. */
function tls12(): Frame[] {
  const record = (type: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.of(type, 3, 3, bytes.length >> 8, bytes.length & 0xff), bytes]);
  return [
    client(records.clientHello),
    ...handshakes12().map(({ kind, bytes }) => ({
      kind: kind >> 7,
      bytes: record(22, message(kind & 0x7f, bytes)),
    })),
    { kind: 0, bytes: record(20, Buffer.of(1)) },
    { kind: 0, bytes: record(22, Buffer.alloc(40, 7)) },
    { kind: 1, bytes: record(21, Buffer.of(2, 48)) },
  ];
}

function message(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(type, 0, body.length >> 8, body.length & 0xff), body]);
}

const vector = (size: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(size);
  length.writeUIntBE(content.length, 0, size);
  return Buffer.concat([length, content]);
};

const random = Buffer.alloc(32, 9);

/** `kind` is the type of the message, with the high bit where the server sends it. */
const from = (type: number, by: Side, bytes: Buffer): Frame => ({
  kind: type | (by === 'server' ? 0x80 : 0),
  bytes,
});

function handshakes12(): Frame[] {
  const certificates = blocksOf(fixture('device-chain.pem')).slice(1);
  const list = vector(3, ...certificates.map((der) => vector(3, der)));
  const name = vector(2, Buffer.from('300f310d300b06035504030c0454657374', 'hex'));
  const signatures = vector(2, Buffer.from('040305030804040108090301', 'hex'));
  return [
    from(
      2,
      'server',
      Buffer.concat([
        Buffer.from('0303', 'hex'),
        random,
        vector(1, random),
        Buffer.from('c02f00', 'hex'),
        vector(2, Buffer.from('00170000ff01000100', 'hex')),
      ]),
    ),
    from(11, 'server', list),
    from(
      12,
      'server',
      Buffer.concat([
        Buffer.from('03001d', 'hex'),
        vector(1, random),
        Buffer.from('0804', 'hex'),
        vector(2, random),
      ]),
    ),
    from(13, 'server', Buffer.concat([vector(1, Buffer.of(1, 64)), signatures, vector(2, name)])),
    from(14, 'server', Buffer.alloc(0)),
    from(11, 'client', list),
    from(16, 'client', vector(1, random)),
    from(15, 'client', Buffer.concat([Buffer.from('0804', 'hex'), vector(2, random)])),
  ];
}

function handshakes13(): Frame[] {
  const certificates = blocksOf(fixture('device-chain.pem')).slice(1);
  const list = vector(3, ...certificates.map((der) => Buffer.concat([vector(3, der), vector(2)])));
  const extension = (type: number, ...content: readonly Uint8Array[]): Buffer =>
    Buffer.concat([Buffer.of(type >> 8, type & 0xff), vector(2, ...content)]);
  const name = vector(2, Buffer.from('300f310d300b06035504030c0454657374', 'hex'));
  const authorities = extension(47, vector(2, name));
  const signatures = extension(13, vector(2, Buffer.from('04030804', 'hex')));
  return [
    from(1, 'client', fromHex(records.clientHello).subarray(9)),
    from(2, 'server', fromHex(records.serverHello).subarray(9)),
    from(8, 'server', vector(2, extension(16, vector(2, vector(1, Buffer.from('mqtt')))))),
    from(13, 'server', Buffer.concat([vector(1), vector(2, signatures, authorities)])),
    from(11, 'server', Buffer.concat([vector(1), list])),
    from(15, 'server', Buffer.concat([Buffer.from('0804', 'hex'), vector(2, random)])),
    from(20, 'server', random),
    from(11, 'client', Buffer.concat([vector(1), list])),
    from(20, 'client', random),
    from(4, 'server', Buffer.concat([Buffer.alloc(8, 1), vector(1, random), vector(2, random), vector(2)])),
    from(24, 'server', Buffer.of(1)),
  ];
}

/** Messages whose lengths are right, whatever is in them. */
export const handshake: Reader = {
  name: 'tls-handshake',
  seeds: () => [
    joinFrames(handshakes13()),
    joinFrames([from(1, 'client', fromHex(records.clientHello).subarray(9)), ...handshakes12()]),
  ],
  mutate: [mutateFrames, mutateFrames, mutateBytes],
  refuses: undefined,
  read: (input) => {
    let agreement: Agreement = { retried: false };
    let malformed = 0;
    for (const [at, { kind, bytes }] of splitFrames(input).entries()) {
      const envelope = { at, from: side(kind >> 7), encrypted: false };
      const understood = understand({ type: kind & 0x7f, body: bytes }, envelope, agreement);
      if (understood === undefined) malformed += 1;
      else agreement = understood.agreement;
      expectPlain(understood?.event);
    }
    return malformed > 0 ? 'malformed' : 'understood';
  },
};

/** Both sides of MQTT, as `--trace` shows them. */
export const mqttTrace: Reader = {
  name: 'mqtt-trace',
  share: 0.3,
  seeds: () => conversations().map(joinFrames),
  mutate: [mutateFrames, mutateFrames, mutateBytes],
  refuses: undefined,
  read: async (input) => {
    const chunks = splitFrames(input).map(({ kind, bytes }, at) => ({ at, from: side(kind), bytes }));
    const events = await decodeMqtt(chunks);
    expectPlain(events);
    renderLadder(ladderRows(events), 80);
    return events.some(({ kind }) => kind === 'undecodable') ? 'undecodable' : 'decoded';
  },
};
