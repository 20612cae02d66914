/**
 * Blocks of the pcapng format, little-endian (draft-ietf-opsawg-pcapng). A block is its type, its length, a
 * body, and its length again, all in multiples of four bytes.
 */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const DECRYPTION_SECRETS = 10;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** LINKTYPE_RAW: the packet begins with an IPv4 or IPv6 header. */
const LINKTYPE_RAW = 101;

/** The secrets type of a DSB that holds an NSS key log. */
const TLS_KEY_LOG = 0x544c534b;

const Option = {
  end: 0,
  comment: 1,
  application: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  timestampResolution: 9,
  packetFlags: 2,
} as const;

export interface CapturedPacket {
  /** Microseconds since 1970. */
  readonly time: bigint;
  readonly outbound: boolean;
  readonly bytes: Uint8Array;
  readonly comment?: string | undefined;
}

export function sectionHeader(application: string, comment: string | undefined): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  fixed.writeUInt16LE(1, 4);
  fixed.writeUInt16LE(0, 6);
  fixed.writeBigInt64LE(-1n, 8); // the section's length is not told
  return block(SECTION_HEADER, [
    fixed,
    ...textOption(Option.comment, comment),
    ...textOption(Option.application, application),
    option(Option.end),
  ]);
}

export function interfaceDescription(name: string, description: string): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(LINKTYPE_RAW, 0);
  return block(INTERFACE_DESCRIPTION, [
    fixed,
    ...textOption(Option.interfaceName, name),
    ...textOption(Option.interfaceDescription, description),
    option(Option.timestampResolution, Buffer.of(6)), // 10^-6 s
    option(Option.end),
  ]);
}

/** Lines of a key log. It must stand before the packets that need it. */
export function decryptionSecrets(lines: readonly string[]): Buffer {
  const secrets = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  const fixed = Buffer.alloc(8);
  fixed.writeUInt32LE(TLS_KEY_LOG, 0);
  fixed.writeUInt32LE(secrets.length, 4);
  return block(DECRYPTION_SECRETS, [fixed, padded(secrets)]);
}

export function enhancedPacket({ time, outbound, bytes, comment }: CapturedPacket): Buffer {
  const fixed = Buffer.alloc(20); // interface 0
  fixed.writeUInt32LE(Number(time >> 32n), 4);
  fixed.writeUInt32LE(Number(time & 0xff_ff_ff_ffn), 8);
  fixed.writeUInt32LE(bytes.length, 12);
  fixed.writeUInt32LE(bytes.length, 16);
  const flags = Buffer.of(outbound ? 2 : 1, 0, 0, 0);
  return block(ENHANCED_PACKET, [
    fixed,
    padded(bytes),
    ...textOption(Option.comment, comment),
    option(Option.packetFlags, flags),
    option(Option.end),
  ]);
}

function block(type: number, body: readonly Uint8Array[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 12);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...body, head.subarray(4)]);
}

function textOption(code: number, text: string | undefined): Buffer[] {
  return text === undefined ? [] : [option(code, Buffer.from(text.slice(0, 1024)))];
}

function option(code: number, value: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(code, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, padded(value)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
