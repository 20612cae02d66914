import type { Endpoint } from '../recording.js';

/** TCP flags (RFC 9293 section 3.1). */
export const Flag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

export interface Segment {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly payload: Uint8Array;
  /** IPv4's identification field. */
  readonly identification: number;
}

const PROTOCOL_TCP = 6;
const HOPS = 64;

/** What fits a TCP segment on Ethernet. */
export function maximumSegment(family: 4 | 6): number {
  return family === 4 ? 1460 : 1440;
}

/** An IPv4 or IPv6 packet, by the family of its source, with the right checksums. */
export function ipPacket(segment: Segment): Buffer {
  const source = addressBytes(segment.source);
  const destination = addressBytes(segment.destination);
  const tcp = tcpSegment(segment, Buffer.concat([source, destination]));
  if (segment.source.family === 6) return Buffer.concat([ipv6Header(tcp.length), source, destination, tcp]);
  const header = Buffer.concat([ipv4Header(tcp.length, segment.identification), source, destination]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, tcp]);
}

function ipv4Header(length: number, identification: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x45, 0); // version 4, five words
  header.writeUInt16BE(20 + length, 2);
  header.writeUInt16BE(identification & 0xffff, 4);
  header.writeUInt16BE(0x4000, 6); // do not fragment
  header.writeUInt8(HOPS, 8);
  header.writeUInt8(PROTOCOL_TCP, 9);
  return header;
}

function ipv6Header(length: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(length, 4);
  header.writeUInt8(PROTOCOL_TCP, 6);
  header.writeUInt8(HOPS, 7);
  return header;
}

function tcpSegment(segment: Segment, addresses: Buffer): Buffer {
  const { source, destination, sequence, acknowledgment, flags, payload } = segment;
  const options = (flags & Flag.syn) === 0 ? Buffer.alloc(0) : synOptions(source.family);
  const header = Buffer.alloc(20);
  header.writeUInt16BE(source.port, 0);
  header.writeUInt16BE(destination.port, 2);
  header.writeUInt32BE(sequence >>> 0, 4);
  header.writeUInt32BE(acknowledgment >>> 0, 8);
  header.writeUInt8((5 + options.length / 4) << 4, 12);
  header.writeUInt8(flags, 13);
  header.writeUInt16BE(0xffff, 14); // the window
  const bytes = Buffer.concat([header, options, payload]);
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(bytes.length, 0);
  pseudo.writeUInt32BE(PROTOCOL_TCP, 4);
  bytes.writeUInt16BE(checksum(Buffer.concat([addresses, pseudo, bytes])), 16);
  return bytes;
}

/** Maximum segment size, a spacer, and a window scale large enough for any burst that was recorded. */
function synOptions(family: 4 | 6): Buffer {
  const size = maximumSegment(family);
  return Buffer.of(2, 4, size >> 8, size & 0xff, 1, 3, 3, 7);
}

/** RFC 1071. The checksum's own field must still be zero. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  // An odd last byte counts as if a zero followed it.
  for (let index = 0; index < bytes.length; index += 2)
    sum += (bytes[index] ?? 0) * 256 + (bytes[index + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return ~sum & 0xffff;
}

function addressBytes({ address, family }: Endpoint): Buffer {
  return family === 4 ? ipv4Bytes(address) : ipv6Bytes(address);
}

function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number)).subarray(0, 4);
}

/** RFC 4291 section 2.2: groups of hex digits, `::` for as many zeros as are missing, perhaps IPv4 at the end. */
function ipv6Bytes(address: string): Buffer {
  const [head = '', tail] = address.split('::');
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: Math.max(0, 16 - front.length - back.length) }, () => 0);
  return Buffer.from([...front, ...zeros, ...back]).subarray(0, 16);
}

function groups(text: string): number[] {
  return text
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return group.includes('.') ? group.split('.').map(Number) : [value >> 8, value & 0xff];
    });
}
