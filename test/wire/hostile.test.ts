import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  certificateNames,
  classifyPlaintext,
  decodeMqtt,
  decodeWire,
  ladderRows,
  nameToString,
  renderLadder,
  traceConnection,
  wireFacts,
  writePcapng,
  type DecodedWire,
  type Side,
  type WireEvent,
  type WireRecording,
} from '../../src/wire/index.js';
import { displayWidth } from '../../src/wire/ladder/text.js';
import { fromHex, recorded } from './recorded.js';
import { clientRandom, records, secrets } from './rfc8448.js';

const keylog = Object.entries(secrets).map(([label, secret]) => `${label} ${clientRandom} ${secret}`);

const real: readonly (readonly [Side, Buffer])[] = [
  ['client', fromHex(records.clientHello)],
  ['server', fromHex(records.serverHello)],
  ['server', fromHex(records.serverFlight)],
  ['client', fromHex(records.clientFinished)],
  ['server', fromHex(records.newSessionTicket)],
  ['client', fromHex(records.clientData)],
  ['server', fromHex(records.serverAlert)],
];

const side = fc.constantFrom<Side>('client', 'server');

/** A record with a plausible header around anything. */
const record = fc
  .tuple(fc.integer({ min: 19, max: 25 }), fc.uint8Array({ maxLength: 200 }), fc.integer({ min: -3, max: 3 }))
  .map(([type, payload, lie]) => {
    const length = Math.max(0, payload.length + lie);
    return Buffer.concat([Buffer.of(type, 3, 3, length >> 8, length & 0xff), payload]);
  });

/** A handshake message of a known type around anything, in a record. */
const message = fc
  .tuple(
    fc.constantFrom(0, 1, 2, 4, 8, 11, 12, 13, 15, 20, 22, 24, 99),
    fc.uint8Array({ maxLength: 120 }),
    fc.integer({ min: -2, max: 2 }),
  )
  .map(([type, body, lie]) => {
    const length = Math.max(0, body.length + lie);
    return Buffer.concat([Buffer.of(22, 3, 3, 0, body.length + 4, type, 0, 0, length), body]);
  });

/** The bytes of the RFC with some of them changed, cut off, or doubled. */
const mutated = fc
  .tuple(
    fc.constantFrom(...real),
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
    fc.nat(),
    fc.boolean(),
  )
  .map(([[from, bytes], changes, cut, cuts]): readonly [Side, Buffer] => {
    const copy = Buffer.from(bytes);
    for (const [place, value] of changes) copy[place % copy.length] = value;
    return [from, cuts ? copy.subarray(0, cut % copy.length) : copy];
  });

const anything = fc.oneof(
  fc.tuple(side, fc.uint8Array({ maxLength: 300 })),
  fc.tuple(side, record),
  fc.tuple(side, message),
  mutated,
  fc.constantFrom(...real),
);

/** Nothing is lost on the way through a JSON file, and no text can play tricks with a terminal. */
function expectPlain(events: readonly WireEvent[]): void {
  expect(trouble(events)).toBeUndefined();
}

function withoutTime(event: WireEvent): object {
  return { ...event, at: 0 };
}

function trouble(value: unknown): unknown {
  if (value === undefined || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') return /[\p{Cc}\u202a-\u202e]/u.test(value) ? value : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : value;
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return plain
    ? Object.values(value as object)
        .map(trouble)
        .find((found) => found !== undefined)
    : value;
}

/** What holds for every result, whatever the bytes were. */
function expectSound({ events, plaintext }: DecodedWire, recording: WireRecording): void {
  const received = recording.entries.reduce(
    (sum, entry) => sum + (entry.kind === 'data' ? entry.bytes.length : 0),
    0,
  );
  expectPlain(events);
  expect(events.length).toBeLessThanOrEqual(received + recording.entries.length + 4);
  expect(plaintext.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThanOrEqual(received);
  const times = events.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  wireFacts(events);
}

describe('hostile bytes', () => {
  test('whatever is in the chunks, it is decoded without an exception, bounded and in order', () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 12 }), fc.boolean(), (chunks, withSecrets) => {
        const recording = recorded(chunks);
        expectSound(decodeWire(recording, withSecrets ? keylog : []), recording);
      }),
      { numRuns: 1500 },
    );
  });

  test('a real connection with bytes changed, with its secrets', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: real.length - 1 }), fc.nat(), fc.integer({ min: 1, max: 255 })), {
          minLength: 1,
          maxLength: 3,
        }),
        (changes) => {
          const chunks = real.map(([from, bytes]): [Side, Buffer] => [from, Buffer.from(bytes)]);
          for (const [which, place, flip] of changes) {
            const bytes = chunks[which]![1];
            bytes[place % bytes.length]! ^= flip;
          }
          const recording = recorded(chunks);
          expectSound(decodeWire(recording, keylog), recording);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('the way in which bytes are cut into chunks changes nothing but their times', () => {
    const said = real.filter(([from]) => from === 'server').map(([, bytes]) => bytes);
    const whole = Buffer.concat(said);
    const hello = real[0]!;
    const expected = decodeWire(recorded([hello, ['server', whole]]), keylog).events.map(withoutTime);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 40 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
        const chunks = places
          .slice(1)
          .map((end, index): [Side, Buffer] => ['server', whole.subarray(places[index], end)]);
        const { events } = decodeWire(recorded([hello, ...chunks]), keylog);
        expect(events.map(withoutTime)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('a flood of tiny records is bounded', () => {
    const flood = Buffer.concat(Array.from({ length: 100_000 }, () => fromHex('15030300020100')));
    const { events } = decodeWire(recorded([['server', flood]]));
    expect(events.length).toBeLessThanOrEqual(20_001);
    expect(events.at(-1)).toMatchObject({ kind: 'recordingCut' });
  });

  test('where the recording was cut, nothing is said of what is missing', () => {
    const hello = fromHex(records.clientHello);
    const { events } = decodeWire({ ...recorded([['client', hello.subarray(0, 60)]]), cut: true });
    expect(events.map(({ kind }) => kind)).toEqual(['tcpConnect', 'recordingCut']);
  });

  test('a message that claims megabytes is not waited for', () => {
    const { events } = decodeWire(recorded([['server', fromHex('16030300040bffffff')]]));
    expect(events.at(-1)).toMatchObject({ kind: 'undecodable', why: expect.stringContaining('1 MiB') });
  });

  test('bytes after the last message of the old keys are told', () => {
    const hello = fromHex(records.serverHello);
    const more = Buffer.concat([hello, fromHex('0b0000')]);
    more.writeUInt16BE(more.length - 5, 3);
    const { events } = decodeWire(recorded([real[0]!, ['server', more]]), keylog);
    expect(events.at(-1)).toMatchObject({
      kind: 'undecodable',
      bytes: 3,
      why: expect.stringContaining('left over'),
    });
  });

  test('a record longer than TLS allows ends the reading', () => {
    const { events } = decodeWire(recorded([['server', fromHex('160303ffff')]]));
    expect(events.at(-1)).toMatchObject({ kind: 'undecodable', why: expect.stringContaining('65535') });
  });

  test('one byte a chunk, tens of thousands of them, is not slow', () => {
    const payload = Buffer.concat([fromHex('1703034000'), Buffer.alloc(16_384)]);
    const bytes = Buffer.concat([fromHex(records.clientHello), payload, payload, payload]);
    const chunks = Array.from(bytes, (byte): [Side, Buffer] => ['client', Buffer.of(byte)]);
    const { events } = decodeWire(recorded(chunks));
    expect(events.filter(({ kind }) => kind === 'applicationData')).toHaveLength(3);
  });

  test('MQTT: any bytes on both sides', async () => {
    const connect = fromHex('1010 0004 4d515454 0502 003c 00 0003 616263');
    const packet = fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 40 }))
      .map(([first, body]) => Buffer.concat([Buffer.of(first, body.length), body]));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(side, fc.oneof(packet, fc.uint8Array({ maxLength: 30 }))), { maxLength: 10 }),
        async (chunks) => {
          const all = [['client', connect] as const, ['server', fromHex('2003000000')] as const, ...chunks];
          const events = await decodeMqtt(all.map(([from, bytes], at) => ({ at, from, bytes })));
          expect(events.length).toBeGreaterThanOrEqual(1);
          expectPlain(events);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('names, certificates and first bytes: any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        nameToString(bytes);
        certificateNames(bytes);
        classifyPlaintext(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  test('a ladder of anything fits its width, and a capture of anything is whole blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anything, { maxLength: 8 }),
        fc.integer({ min: 48, max: 120 }),
        fc.boolean(),
        async (chunks, width, ascii) => {
          const recording = recorded(chunks);
          const text = renderLadder(ladderRows(await traceConnection(recording, keylog)), width, { ascii });
          for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
          expect(text).not.toMatch(/[^\P{Cc}\n]/u);
          const capture = Buffer.from(writePcapng([{ recording, keylog }]));
          let offset = 0;
          while (offset < capture.length) {
            const length = capture.readUInt32LE(offset + 4);
            expect(capture.readUInt32LE(offset + length - 4)).toBe(length);
            offset += length;
          }
          expect(offset).toBe(capture.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
