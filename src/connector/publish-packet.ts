/** A PUBLISH of QoS 1 (MQTT 3.1.1 and 5, section 3.3), without properties. */
export interface PublishPacket {
  /** UTF-8. */
  readonly topic: Buffer;
  readonly payload: string | Buffer;
  /** Bytes of the payload in UTF-8. */
  readonly payloadLength: number;
  readonly packetId: number;
  readonly duplicate: boolean;
  /** MQTT 5 has a length of properties, which is 0 here. */
  readonly withProperties: boolean;
}

const publishQos1 = 0x32;
const duplicateFlag = 0x08;
/** Fixed header with the longest Remaining Length. */
const longestHeader = 5;

/** At least the bytes that the packet takes. */
export function roomFor({ topic, payloadLength }: PublishPacket): number {
  return longestHeader + 2 + topic.length + 2 + 1 + payloadLength;
}

/**
 * Writes the packet.
 *
 * @param target with enough room from `start` on, see {@link roomFor}
 * @returns where it ends
 */
export function writePublish(target: Buffer, start: number, packet: PublishPacket): number {
  const { topic, payload, payloadLength, packetId, duplicate, withProperties } = packet;
  let at = start;
  target[at++] = duplicate ? publishQos1 | duplicateFlag : publishQos1;
  at = writeLength(target, at, 2 + topic.length + 2 + (withProperties ? 1 : 0) + payloadLength);
  target[at++] = topic.length >>> 8;
  target[at++] = topic.length & 0xff;
  target.set(topic, at);
  at += topic.length;
  target[at++] = packetId >>> 8;
  target[at++] = packetId & 0xff;
  if (withProperties) target[at++] = 0;
  if (typeof payload === 'string') target.write(payload, at, payloadLength, 'utf8');
  else target.set(payload, at);
  return at + payloadLength;
}

/** Section 2.2.3 (MQTT 5: 1.5.5): seven bits a byte, the lowest first. */
function writeLength(target: Buffer, start: number, length: number): number {
  let at = start;
  let rest = length;
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}
