import type { Outgoing } from './relay.js';

/** Control packet types (MQTT 3.1.1 section 2.2.1). */
export const packetTypes = { puback: 4, pingresp: 13 } as const;

/** Lets a stream of MQTT packets through without those of one type. */
export function losing(type: keyof typeof packetTypes): Outgoing {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    const kept: Buffer[] = [];
    for (let length = packetLength(pending); length !== undefined; length = packetLength(pending)) {
      const packet = pending.subarray(0, length);
      pending = pending.subarray(length);
      if (packet.readUInt8() >> 4 !== packetTypes[type]) kept.push(packet);
    }
    return Buffer.concat(kept);
  };
}

/** The length of the first packet (section 2.2.3), `undefined` while it is not all there. */
function packetLength(bytes: Buffer): number | undefined {
  let remaining = 0;
  for (let index = 1; index <= 4; index += 1) {
    const digit = bytes[index];
    if (digit === undefined) return undefined;
    remaining += (digit & 0x7f) * 128 ** (index - 1);
    if (digit < 0x80) {
      const length = 1 + index + remaining;
      return bytes.length >= length ? length : undefined;
    }
  }
  return undefined;
}
