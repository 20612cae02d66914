import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { losing } from '../../src/sandbox/port/lose.js';

const packet = fc.oneof<fc.Arbitrary<Packet>[]>(
  fc.integer({ min: 1, max: 65_535 }).map((messageId) => ({ cmd: 'puback', messageId })),
  fc.constant<Packet>({ cmd: 'pingresp' }),
  fc.constant<Packet>({ cmd: 'connack', returnCode: 0, sessionPresent: false }),
  fc.integer({ min: 0, max: 20_000 }).map((size) => ({
    cmd: 'publish',
    topic: 'ack/d',
    payload: 'x'.repeat(size),
    qos: 0,
    dup: false,
    retain: false,
  })),
);

describe('losing packets of one type', () => {
  test('loses those and no others, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 10 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 3000 })),
        (sent, cuts) => {
          const lossy = losing('puback');
          let bytes = Buffer.concat(sent.map((one) => generate(one)));
          const came: Uint8Array[] = [];
          while (bytes.length > 0) {
            const size = cuts.next().value ?? 1;
            came.push(lossy(bytes.subarray(0, size)) ?? Buffer.alloc(0));
            bytes = bytes.subarray(size);
          }
          const kept = sent.filter(({ cmd }) => cmd !== 'puback').map((one) => generate(one));
          expect(Buffer.concat(came).equals(Buffer.concat(kept))).toBe(true);
        },
      ),
    );
  });
});
