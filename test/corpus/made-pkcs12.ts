import { createHmac, randomBytes } from 'node:crypto';
import { der } from '../../src/bundle/asn1/index.js';
import { encryptedPrivateKeyInfo, hmac, pbkdf2, scrypt, type Sealed } from './made-encryption.js';

const arc = '1.2.840.113549.1';
const dataOid = `${arc}.7.1`;

/** Parts of PKCS#12 files (RFC 7292), to be put together in ways that openssl does not. */
export const pkcs12 = {
  keyBag: (info: Uint8Array, name?: string) => bag(`${arc}.12.10.1.1`, info, name),
  shroudedKeyBag: (sealed: Sealed, name?: string) =>
    bag(`${arc}.12.10.1.2`, encryptedPrivateKeyInfo(sealed), name),
  certificateBag: (certificate: Uint8Array, name?: string) =>
    bag(
      `${arc}.12.10.1.3`,
      der.sequence(der.oid(`${arc}.9.22.1`), der.explicit(0, der.octets(certificate))),
      name,
    ),
  nestedBag: (...bags: readonly Uint8Array[]) => bag(`${arc}.12.10.1.6`, der.sequence(...bags)),
  secretBag: () =>
    bag(
      `${arc}.12.10.1.5`,
      der.sequence(der.oid('1.2.3'), der.explicit(0, der.octets(Buffer.from('secret')))),
    ),

  /** @param contents each from `open` or `sealed` */
  authenticatedSafe: (...contents: readonly Uint8Array[]) => der.sequence(...contents),
  open: (...bags: readonly Uint8Array[]) => data(der.sequence(...bags)),
  sealed: ({ algorithm, ciphertext }: Sealed) => {
    const content = der.sequence(der.oid(dataOid), algorithm, der.implicitOctets(0, ciphertext));
    return der.sequence(der.oid(`${arc}.7.6`), der.explicit(0, der.sequence(der.integer(0), content)));
  },

  file: (authenticated: Uint8Array, mac?: Uint8Array) =>
    der.sequence(der.integer(3), data(authenticated), ...(mac === undefined ? [] : [mac])),
};

/** PBMAC1 (RFC 9579) with either derivation. */
export function pbmac1(
  authenticated: Uint8Array,
  password: Uint8Array,
  kind: 'pbkdf2' | 'scrypt',
): Uint8Array {
  const derived =
    kind === 'pbkdf2'
      ? pbkdf2(password, hmac.sha512, { writeLength: true, keyBytes: 32 })
      : withKeyLength(scrypt(password, 1024, 8, 1));
  const scheme = der.sequence(der.oid(hmac.sha256.oid), der.null());
  const algorithm = der.sequence(der.oid(`${arc}.5.14`), der.sequence(derived.kdf, scheme));
  const value = createHmac('sha256', derived.key).update(authenticated).digest();
  return der.sequence(der.sequence(algorithm, der.octets(value)), der.octets(randomBytes(8)), der.integer(1));
}

/** scrypt-params end with the optional key length, which PBMAC1 requires. */
function withKeyLength({ kdf, key }: { kdf: Uint8Array; key: Buffer }): { kdf: Uint8Array; key: Buffer } {
  const length = Buffer.from(der.integer(key.length));
  const bytes = Buffer.concat([kdf, length]);
  // Both lengths fit in one byte: the outer SEQUENCE's and, after the identifier, the parameters'.
  const parametersAt = 2 + 2 + (bytes[3] ?? 0);
  bytes[1] = (bytes[1] ?? 0) + length.length;
  bytes[parametersAt + 1] = (bytes[parametersAt + 1] ?? 0) + length.length;
  return { kdf: bytes, key };
}

function data(content: Uint8Array): Uint8Array {
  return der.sequence(der.oid(dataOid), der.explicit(0, der.octets(content)));
}

function bag(type: string, value: Uint8Array, name?: string): Uint8Array {
  const friendlyName = name === undefined ? [] : [der.setOf(attribute(name))];
  return der.sequence(der.oid(type), der.explicit(0, value), ...friendlyName);
}

function attribute(name: string): Uint8Array {
  return der.sequence(der.oid(`${arc}.9.20`), der.setOf(der.bmpString(name)));
}

/**
 * The same elements in BER: every constructed element with an indefinite length, every OCTET STRING in pieces,
 * as streaming writers leave them.
 */
export function toBer(bytes: Uint8Array): Buffer {
  const identifier = bytes[0] ?? 0;
  const { content, length } = contentOf(bytes);
  const rest = bytes.length > length ? toBer(bytes.subarray(length)) : Buffer.alloc(0);
  if ((identifier & 0x20) !== 0) {
    const inner = content.length === 0 ? Buffer.alloc(0) : toBer(content);
    return Buffer.concat([Buffer.of(identifier, 0x80), inner, Buffer.of(0, 0), rest]);
  }
  if (identifier === 0x04 && content.length > 64) {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < content.length; at += 100) pieces.push(der.octets(content.subarray(at, at + 100)));
    return Buffer.concat([Buffer.of(0x24, 0x80), ...pieces, Buffer.of(0, 0), rest]);
  }
  return Buffer.concat([bytes.subarray(0, length), rest]);
}

function contentOf(bytes: Uint8Array): { content: Uint8Array; length: number } {
  const first = bytes[1] ?? 0;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const size =
    lengthBytes === 0 ? first : Buffer.from(bytes.buffer, bytes.byteOffset).readUIntBE(2, lengthBytes);
  const start = 2 + lengthBytes;
  return { content: bytes.subarray(start, start + size), length: start + size };
}
