import { ByteReader, hex, peerText, u16List } from '../bytes.js';
import { cipherSuiteName } from '../registry/cipher-suites.js';
import { groupName, signatureSchemeName, versionName } from '../registry/names.js';

const Extension = {
  serverName: 0,
  supportedGroups: 10,
  signatureAlgorithms: 13,
  alpn: 16,
  encryptThenMac: 22,
  sessionTicket: 35,
  preSharedKey: 41,
  supportedVersions: 43,
  keyShare: 51,
} as const;

const TLS_1_2 = 0x0303;

/** What ServerHello.random is in a HelloRetryRequest (RFC 8446 section 4.1.3). */
const RETRY_RANDOM = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

export interface ClientHello {
  readonly random: Uint8Array;
  readonly sessionId: string;
  readonly facts: {
    readonly versions: readonly string[];
    readonly serverName: string | undefined;
    readonly alpn: readonly string[];
    readonly cipherSuites: readonly string[];
    readonly signatureAlgorithms: readonly string[];
    readonly groups: readonly string[];
    readonly keyShares: readonly string[];
    readonly resumption: boolean;
  };
}

export interface ServerHello {
  readonly random: Uint8Array;
  readonly sessionId: string;
  readonly version: number;
  readonly cipherSuite: number;
  readonly helloRetryRequest: boolean;
  readonly encryptThenMac: boolean;
  readonly preSharedKey: boolean;
  readonly group: string | undefined;
  readonly alpn: string | undefined;
}

/** RFC 8446 section 4.1.2, RFC 5246 section 7.4.1.2. Undefined for a body that ends too early. */
export function decodeClientHello(body: Uint8Array): ClientHello | undefined {
  const reader = new ByteReader(body);
  const legacyVersion = reader.u16();
  const random = reader.take(32);
  const sessionId = hex(reader.vector(1));
  const cipherSuites = u16List(reader.vector(2)).map(cipherSuiteName);
  reader.vector(1); // compression methods
  const extensions = readExtensions(reader);
  if (reader.overrun) return undefined;
  const versions = extensions.get(Extension.supportedVersions);
  const ticket = extensions.get(Extension.sessionTicket);
  return {
    random,
    sessionId,
    facts: {
      versions: (versions === undefined ? [legacyVersion] : u16List(inner(versions, 1))).map(versionName),
      serverName: serverName(extensions.get(Extension.serverName)),
      alpn: protocolNames(extensions.get(Extension.alpn)),
      cipherSuites,
      signatureAlgorithms: list16(extensions.get(Extension.signatureAlgorithms)).map(signatureSchemeName),
      groups: list16(extensions.get(Extension.supportedGroups)).map(groupName),
      keyShares: keyShareGroups(extensions.get(Extension.keyShare)).map(groupName),
      resumption: extensions.has(Extension.preSharedKey) || (ticket?.length ?? 0) > 0,
    },
  };
}

/** RFC 8446 section 4.1.3, RFC 5246 section 7.4.1.3. Undefined for a body that ends too early. */
export function decodeServerHello(body: Uint8Array): ServerHello | undefined {
  const reader = new ByteReader(body);
  const legacyVersion = reader.u16();
  const random = reader.take(32);
  const sessionId = hex(reader.vector(1));
  const cipherSuite = reader.u16();
  reader.u8(); // compression method
  const extensions = readExtensions(reader);
  if (reader.overrun) return undefined;
  const version = extensions.get(Extension.supportedVersions);
  const keyShare = extensions.get(Extension.keyShare);
  return {
    random,
    sessionId,
    version: version === undefined ? legacyVersion : new ByteReader(version).u16(),
    cipherSuite,
    helloRetryRequest: hex(random) === RETRY_RANDOM,
    encryptThenMac: extensions.has(Extension.encryptThenMac),
    preSharedKey: extensions.has(Extension.preSharedKey),
    group: keyShare === undefined ? undefined : groupName(new ByteReader(keyShare).u16()),
    alpn: protocolNames(extensions.get(Extension.alpn))[0],
  };
}

/** RFC 8446 section 4.3.1. */
export function decodeEncryptedExtensions(
  body: Uint8Array,
): { readonly alpn: string | undefined; readonly serverNameAccepted: boolean } | undefined {
  const reader = new ByteReader(body);
  const extensions = readExtensions(reader);
  if (reader.overrun) return undefined;
  return {
    alpn: protocolNames(extensions.get(Extension.alpn))[0],
    serverNameAccepted: extensions.has(Extension.serverName),
  };
}

/** A session goes on: TLS 1.3 says so with a PSK, TLS 1.2 by giving the client's session id back. */
export function isResumed(hello: ServerHello, clientSessionId: string): boolean {
  if (hello.version > TLS_1_2) return hello.preSharedKey;
  return hello.sessionId !== '' && hello.sessionId === clientSessionId;
}

/** Extensions by number; none where the message ends before them, as SSLv3 and early TLS allow. */
export function readExtensions(reader: ByteReader): ReadonlyMap<number, Uint8Array> {
  const extensions = new Map<number, Uint8Array>();
  if (!reader.more) return extensions;
  const block = new ByteReader(reader.vector(2));
  while (block.more) {
    const type = block.u16();
    const data = block.vector(2);
    if (!block.overrun) extensions.set(type, data);
  }
  return extensions;
}

/** A vector that holds 16-bit numbers. */
export function list16(extension: Uint8Array | undefined): number[] {
  return extension === undefined ? [] : u16List(inner(extension, 2));
}

function inner(extension: Uint8Array, lengthBytes: 1 | 2): Uint8Array {
  return new ByteReader(extension).vector(lengthBytes);
}

/** RFC 6066 section 3. The first host name is the only one there ever is. */
function serverName(extension: Uint8Array | undefined): string | undefined {
  if (extension === undefined) return undefined;
  const names = new ByteReader(inner(extension, 2));
  const type = names.u8();
  const name = names.vector(2);
  return names.overrun || type !== 0 ? undefined : peerText(name);
}

/** RFC 7301 section 3.1. */
function protocolNames(extension: Uint8Array | undefined): string[] {
  const names: string[] = [];
  if (extension === undefined) return names;
  const reader = new ByteReader(inner(extension, 2));
  while (reader.more) {
    const name = reader.vector(1);
    if (!reader.overrun) names.push(peerText(name));
  }
  return names;
}

function keyShareGroups(extension: Uint8Array | undefined): number[] {
  const groups: number[] = [];
  if (extension === undefined) return groups;
  const shares = new ByteReader(inner(extension, 2));
  while (shares.more) {
    const group = shares.u16();
    shares.vector(2);
    if (!shares.overrun) groups.push(group);
  }
  return groups;
}
