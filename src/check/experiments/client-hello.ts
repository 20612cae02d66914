import { createECDH, randomBytes } from 'node:crypto';

/** What a hand-made ClientHello offers. */
export interface HelloOffer {
  /** Highest first: 0x0304 is TLS 1.3, 0x0301 TLS 1.0. */
  readonly versions: readonly number[];
  readonly serverName?: string | undefined;
}

/**
 * A ClientHello that offers every cipher suite, curve and signature that was ever registered, also those that no
 * TLS library here can use (RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2). It is only asked what the server
 * would choose; there is no way to go on from its answer, and nothing that follows.
 */
export function clientHello({ versions, serverName }: HelloOffer): Uint8Array {
  const [highest = 0x0303] = versions;
  const modern = highest >= 0x0304;
  const body = Buffer.concat([
    u16(Math.min(highest, 0x0303)),
    randomBytes(32),
    vector8(modern ? randomBytes(32) : Buffer.alloc(0)),
    vector16(Buffer.concat(suites(modern).map(u16))),
    vector8(Buffer.of(0)),
    vector16(Buffer.concat(extensions(versions, serverName))),
  ]);
  const message = Buffer.concat([Buffer.of(1, 0), u16(body.length), body]);
  return Buffer.concat([Buffer.of(22), u16(0x0301), vector16(message)]);
}

/** IANA "TLS Cipher Suites": TLS 1.3's, then ECDHE and the rest, without signalling values. */
function suites(modern: boolean): readonly number[] {
  const rest = [...range(0xcca8, 0xccae), ...range(0xc001, 0xc0b5), ...range(0x0001, 0x00c7)];
  return modern ? [...range(0x1301, 0x1305), ...rest] : rest;
}

function extensions(versions: readonly number[], serverName: string | undefined): readonly Buffer[] {
  const modern = (versions[0] ?? 0) >= 0x0304;
  const name =
    serverName === undefined
      ? []
      : [extension(0, vector16(Buffer.concat([Buffer.of(0), vector16(Buffer.from(serverName))])))];
  const groups = [
    0x001d,
    0x0017,
    0x0018,
    0x0019,
    0x001e,
    0x0016,
    0x001a,
    0x001b,
    0x001c,
    ...range(0x0100, 0x0104),
  ];
  return [
    ...name,
    extension(10, vector16(Buffer.concat(groups.map(u16)))),
    // Uncompressed points only (RFC 8422 section 5.1.2).
    extension(11, vector8(Buffer.of(0))),
    extension(13, vector16(Buffer.concat(signatures.map(u16)))),
    ...(modern ? [extension(43, vector8(Buffer.concat(versions.map(u16)))), extension(51, keyShares())] : []),
  ];
}

const signatures = [
  0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501,
  0x0601, 0x081a, 0x081b, 0x081c, 0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202, 0x0101,
];

/** Any 32 bytes are a public key of X25519; one of P-256 has to lie on the curve. */
function keyShares(): Buffer {
  const p256 = createECDH('prime256v1').generateKeys();
  return vector16(Buffer.concat([u16(0x001d), vector16(randomBytes(32)), u16(0x0017), vector16(p256)]));
}

function extension(type: number, content: Buffer): Buffer {
  return Buffer.concat([u16(type), vector16(content)]);
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function u16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

function vector8(content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(content.length), content]);
}

function vector16(content: Buffer): Buffer {
  return Buffer.concat([u16(content.length), content]);
}
