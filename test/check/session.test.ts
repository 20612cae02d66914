import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { generate } from 'mqtt-packet';
import { Channel } from '../../src/check/probes/channel.js';
import { Deadline, Ended } from '../../src/check/probes/deadline.js';
import { MqttSession, type Received } from '../../src/check/probes/mqtt-session.js';

/** A peer that says these chunks, one a turn of the event loop, and then goes. */
function saying(chunks: readonly Uint8Array[], ends = true): Channel {
  const stream = new Duplex({ read: () => undefined, write: (_, __, done) => done() });
  const next = ([chunk, ...rest]: readonly Uint8Array[]): void => {
    if (chunk !== undefined) stream.push(chunk);
    else if (ends) stream.push(null);
    if (chunk !== undefined) setImmediate(() => next(rest));
  };
  setImmediate(() => next(chunks));
  return new Channel(stream);
}

async function first(chunks: readonly Uint8Array[], level: 4 | 5 = 4): Promise<Received> {
  return new MqttSession(saying(chunks), level).receive(new Deadline(5000));
}

describe('packets from a broker', () => {
  test('are read however they are cut', async () => {
    const connack = generate({ cmd: 'connack', returnCode: 5, sessionPresent: false });
    for (let at = 1; at < connack.length; at += 1) {
      const received = await first([connack.subarray(0, at), connack.subarray(at)]);
      expect(received).toMatchObject({ kind: 'packet', packet: { cmd: 'connack', returnCode: 5 } });
    }
  });

  test('MQTT 5 properties come along', async () => {
    const packet = {
      cmd: 'connack',
      reasonCode: 0x97,
      sessionPresent: false,
      properties: { reasonString: 'ten a day' },
    } as const;
    const received = await first([generate(packet, { protocolVersion: 5 })], 5);
    expect(received).toMatchObject({
      packet: { reasonCode: 0x97, properties: { reasonString: 'ten a day' } },
    });
  });

  test('a 3.1.1 answer to MQTT 5 is understood (MQTT 5 section 3.1.2.2)', async () => {
    const received = await first([Uint8Array.of(0x20, 2, 0, 1)], 5);
    expect(received).toMatchObject({ packet: { cmd: 'connack', reasonCode: 1 } });
  });

  test.each([
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'http'],
    ['a mail server', Buffer.from('220 mail.example ESMTP\r\n'), 'smtp-or-ftp'],
  ] as const)('%s is told apart', async (_, bytes, protocol) => {
    expect(await first([bytes])).toMatchObject({ kind: 'malformed', malformed: { protocol } });
  });

  test.each([
    ['a packet of 200 MB', Uint8Array.of(0x20, 0xff, 0xff, 0xff, 0x5f, 0, 0)],
    ['a length without end', Uint8Array.of(0x20, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['a CONNACK of one byte', Uint8Array.of(0x20, 1, 0)],
    ['a CONNACK of three bits too many', Uint8Array.of(0x20, 2, 0x0e, 0)],
  ])('%s is malformed, at once', async (_, bytes) => {
    expect((await first([bytes])).kind).toBe('malformed');
  });

  test('no bytes make it throw, hang or wait for more than the deadline', async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.constantFrom(4 as const, 5 as const), async (bytes, level) => {
        const session = new MqttSession(saying(bytes), level);
        for (;;) {
          const received = await session.receive(new Deadline(5000));
          if (received.kind !== 'packet') break;
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a flood of packets does not outlast the deadline', async () => {
    const pings = Buffer.alloc(200_000, Buffer.of(0xd0, 0));
    const session = new MqttSession(saying([Uint8Array.of(0x20, 2, 0, 0), pings], false), 4);
    const deadline = new Deadline(200);
    const drain = async (): Promise<never> => {
      for (;;) await session.receive(deadline);
    };
    await expect(drain()).rejects.toBeInstanceOf(Ended);
  });
});

describe('a deadline', () => {
  test('ends what it waits for, and takes the listeners away', async () => {
    let listening = 0;
    const waiting = new Deadline(20).wait<void>(() => {
      listening += 1;
      return () => (listening -= 1);
    });
    await expect(waiting).rejects.toMatchObject({ why: 'timeout' });
    expect(listening).toBe(0);
  });

  test('knows a caller who gives up from one that is over', async () => {
    const controller = new AbortController();
    const waiting = new Deadline(60_000, controller.signal).wait<void>(() => undefined);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ why: 'interrupted' });
    await expect(new Deadline(60_000, controller.signal).wait<void>(() => undefined)).rejects.toBeInstanceOf(
      Ended,
    );
  });

  test('is never later than the one it is part of', () => {
    expect(new Deadline(50).within(1000).ms).toBeLessThanOrEqual(50);
  });
});
