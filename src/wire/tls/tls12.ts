import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { Side } from '../recording.js';
import type { RecordCipher } from '../registry/cipher-suites.js';
import { openAead } from './aead.js';
import { sequenceNonce, type OpenedRecord, type Protection } from './protection.js';
import type { TlsRecord } from './records.js';

/** What the hellos of a TLS 1.2 handshake agreed on. */
export interface Tls12Parameters {
  readonly cipher: RecordCipher;
  readonly masterSecret: Uint8Array;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  /** RFC 7366; concerns CBC suites only. */
  readonly encryptThenMac: boolean;
}

interface Keys {
  readonly mac: Buffer;
  readonly key: Buffer;
  readonly iv: Buffer;
}

/** The records of one side after its ChangeCipherSpec (RFC 5246 section 6.2.3). */
export class Tls12Protection implements Protection {
  readonly #parameters: Tls12Parameters;
  readonly #keys: Keys;
  #sequence = 0n;

  constructor(parameters: Tls12Parameters, side: Side) {
    this.#parameters = parameters;
    this.#keys = keysOf(parameters, side);
  }

  open(record: TlsRecord): OpenedRecord | undefined {
    const { cipher } = this.#parameters;
    const content = cipher.mode === 'cbc' ? this.#openCbc(record) : this.#openAead(record);
    this.#sequence += 1n;
    return content === undefined ? undefined : { type: record.type, content, encrypted: true };
  }

  /** GCM and CCM carry half of their nonce in the record (RFC 5288), ChaCha20 none of it (RFC 7905). */
  #openAead(record: TlsRecord): Buffer | undefined {
    const { cipher } = this.#parameters;
    const explicit = cipher.mode === 'chacha20' ? 0 : 8;
    const length = record.payload.length - explicit - cipher.tagBytes;
    if (length < 0) return undefined;
    const nonce =
      explicit === 0
        ? sequenceNonce(this.#keys.iv, this.#sequence)
        : Buffer.concat([this.#keys.iv, record.payload.subarray(0, explicit)]);
    return openAead(cipher, this.#keys.key, {
      nonce,
      additional: this.#pseudoHeader(record, length),
      body: record.payload.subarray(explicit),
    });
  }

  #openCbc(record: TlsRecord): Buffer | undefined {
    if (this.#parameters.encryptThenMac) {
      const body = this.#withoutMac(record, record.payload);
      return body === undefined ? undefined : this.#decryptCbc(body);
    }
    const inner = this.#decryptCbc(record.payload);
    return inner === undefined ? undefined : this.#withoutMac(record, inner);
  }

  /** IV and ciphertext in, content without the padding out. */
  #decryptCbc(body: Uint8Array): Buffer | undefined {
    const { cipher } = this.#parameters;
    try {
      const decipher = createDecipheriv(cipher.cipher, this.#keys.key, body.subarray(0, 16));
      decipher.setAutoPadding(false);
      const padded = Buffer.concat([decipher.update(body.subarray(16)), decipher.final()]);
      const length = padded.length - (padded.at(-1) ?? 0) - 1;
      return length < 0 ? undefined : padded.subarray(0, length);
    } catch {
      return undefined;
    }
  }

  #withoutMac(record: TlsRecord, bytes: Uint8Array): Buffer | undefined {
    const { cipher } = this.#parameters;
    const length = bytes.length - cipher.tagBytes;
    if (length < 0) return undefined;
    const content = bytes.subarray(0, length);
    const mac = createHmac(cipher.mac, this.#keys.mac)
      .update(this.#pseudoHeader(record, length))
      .update(content)
      .digest();
    return timingSafeEqual(mac, bytes.subarray(length)) ? Buffer.from(content) : undefined;
  }

  #pseudoHeader({ type, version }: TlsRecord, length: number): Buffer {
    const header = Buffer.alloc(13);
    header.writeBigUInt64BE(this.#sequence);
    header.writeUInt8(type, 8);
    header.writeUInt16BE(version, 9);
    header.writeUInt16BE(length, 11);
    return header;
  }
}

/** The key block holds MAC keys, keys and IVs, of each the client's first (RFC 5246 section 6.3). */
function keysOf({ cipher, masterSecret, clientRandom, serverRandom }: Tls12Parameters, side: Side): Keys {
  const macBytes = cipher.mode === 'cbc' ? cipher.tagBytes : 0;
  // The IV of CBC comes with each record since TLS 1.1.
  const ivBytes = cipher.mode === 'cbc' ? 0 : cipher.mode === 'chacha20' ? 12 : 4;
  const seed = Buffer.concat([Buffer.from('key expansion'), serverRandom, clientRandom]);
  const block = expand(cipher.hash, masterSecret, seed, 2 * (macBytes + cipher.keyBytes + ivBytes));
  let offset = 0;
  const next = (size: number): Buffer => {
    const [client, server] = [offset, offset + size].map((start) => block.subarray(start, start + size));
    offset += 2 * size;
    return (side === 'client' ? client : server) ?? Buffer.alloc(0);
  };
  return { mac: next(macBytes), key: next(cipher.keyBytes), iv: next(ivBytes) };
}

/** P_hash of RFC 5246 section 5. */
function expand(hash: string, secret: Uint8Array, seed: Uint8Array, length: number): Buffer {
  const parts: Buffer[] = [];
  let a: Uint8Array = seed;
  for (let have = 0; have < length; have += parts.at(-1)?.length ?? length) {
    a = createHmac(hash, secret).update(a).digest();
    parts.push(createHmac(hash, secret).update(a).update(seed).digest());
  }
  return Buffer.concat(parts).subarray(0, length);
}
