import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { PubackFilter } from '../../src/connector/puback-filter.js';
import { roomFor, writePublish } from '../../src/connector/publish-packet.js';

describe('a PUBLISH', () => {
  const payloads = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(1, 118, 119, 120, 16_370, 16_380, 2_097_140, 2_097_160)
      .map((length) => 'x'.repeat(length)),
  );

  test('is byte for byte what mqtt-packet writes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        payloads,
        fc.integer({ min: 1, max: 0xffff }),
        fc.boolean(),
        fc.boolean(),
        (topic, payload, packetId, duplicate, five) => {
          const packet = {
            topic: Buffer.from(topic),
            payload,
            payloadLength: Buffer.byteLength(payload),
            packetId,
            duplicate,
            withProperties: five,
          };
          const target = Buffer.alloc(roomFor(packet) + 3);
          const end = writePublish(target, 3, packet);
          const expected = generate(
            { cmd: 'publish', topic, payload, qos: 1, messageId: packetId, dup: duplicate, retain: false },
            { protocolVersion: five ? 5 : 4 },
          );
          expect(end).toBeLessThanOrEqual(target.length);
          expect(target.subarray(3, end).equals(expected)).toBe(true);
        },
      ),
    );
  });
});

interface Filtered {
  readonly confirmed: [number, number][];
  readonly rest: Buffer;
  /** Lengths of packets that were too long. */
  readonly told: readonly number[];
}

function filter(chunks: readonly Buffer[]): Filtered {
  const confirmed: [number, number][] = [];
  const rest: Buffer[] = [];
  const told: number[] = [];
  const pubacks = new PubackFilter(
    (id, code) => confirmed.push([id, code]),
    (bytes) => rest.push(Buffer.from(bytes)),
    (length) => told.push(length),
  );
  for (const chunk of chunks) pubacks.push(chunk);
  return { confirmed, rest: Buffer.concat(rest), told };
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
}

describe('PUBACKs among other packets', () => {
  const id = fc.integer({ min: 1, max: 0xffff });
  const others: fc.Arbitrary<Packet> = fc.oneof(
    fc.record({
      cmd: fc.constant('publish' as const),
      topic: fc.constantFrom('ack/x', 't'),
      payload: fc.string({ maxLength: 300 }),
      qos: fc.constant(0 as const),
      dup: fc.constant(false),
      retain: fc.boolean(),
    }),
    fc.record({ cmd: fc.constant('pingresp' as const) }),
    fc.record({
      cmd: fc.constant('suback' as const),
      messageId: id,
      granted: fc.constant<(0 | 1 | 2)[]>([1]),
    }),
  );
  const puback = fc.record({
    cmd: fc.constant('puback' as const),
    messageId: id,
    reasonCode: fc.constantFrom(0, 0x10, 0x87, 0x97),
  });

  test.each([4, 5])(
    'MQTT level %d: all found, and the rest passed on as it was, however it is cut',
    (protocolVersion) => {
      const packets = fc.array(fc.oneof(puback, others), { maxLength: 20 });
      fc.assert(
        fc.property(packets, fc.array(fc.nat(9), { maxLength: 60 }), (sequence, sizes) => {
          const bytes = (list: readonly Packet[]): Buffer =>
            Buffer.concat(list.map((packet) => generate(packet, { protocolVersion })));
          const { confirmed, rest } = filter(cut(bytes(sequence), sizes));
          const expected = sequence.flatMap((packet) =>
            packet.cmd === 'puback'
              ? [[packet.messageId ?? 0, protocolVersion === 5 ? (packet.reasonCode ?? 0) : 0]]
              : [],
          );
          expect(confirmed).toEqual(expected);
          expect(rest.equals(bytes(sequence.filter(({ cmd }) => cmd !== 'puback')))).toBe(true);
        }),
      );
    },
  );

  test('with a reason string', () => {
    const packet = {
      cmd: 'puback',
      messageId: 7,
      reasonCode: 0x97,
      properties: { reasonString: 'x'.repeat(500) },
    } as const;
    const bytes = generate(packet, { protocolVersion: 5 });
    expect(filter(cut(bytes, [1, 1, 1, 100]))).toEqual({
      confirmed: [[7, 0x97]],
      rest: Buffer.alloc(0),
      told: [],
    });
  });

  test.each([
    ['a length without an end', '40ffffffffff00'],
    ['flags that a PUBACK has not', '42020001'],
    ['a PUBACK without an identifier', '400100'],
    ['an unknown type', 'f00100'],
  ])('what is none is left to others: %s', (_name, hex) => {
    const bytes = Buffer.from(hex, 'hex');
    expect(filter([bytes])).toEqual({ confirmed: [], rest: bytes, told: [] });
  });

  test('whatever comes, nothing is lost and nothing is made up', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.nat(9)), (random, sizes) => {
        const { rest, confirmed, told } = filter(cut(Buffer.from(random), sizes));
        const whole = filter([Buffer.from(random)]);
        expect(confirmed).toEqual(whole.confirmed);
        expect(told).toEqual(whole.told);
        expect(rest.equals(whole.rest)).toBe(true);
      }),
    );
  });
});

test('a packet longer than anything a broker has to say is told of, and nothing follows it', () => {
  const connack = Buffer.from([0x20, 2, 0, 0]);
  const longest = Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]);
  const filtered = filter([connack, longest, connack]);
  expect(filtered).toEqual({ confirmed: [], rest: connack, told: [268_435_455 + 5] });
});
