import { createHmac } from 'node:crypto';
import { ContentType } from '../registry/names.js';
import type { RecordCipher } from '../registry/cipher-suites.js';
import { openAead } from './aead.js';
import { sequenceNonce, type OpenedRecord, type Protection } from './protection.js';
import type { TlsRecord } from './records.js';

const IV_BYTES = 12;

/** The records of one side under one traffic secret of TLS 1.3 (RFC 8446 sections 5.2 and 7.3). */
export class Tls13Protection implements Protection {
  readonly #cipher: RecordCipher;
  readonly #secret: Uint8Array;
  readonly #key: Buffer;
  readonly #iv: Buffer;
  #sequence = 0n;

  constructor(cipher: RecordCipher, secret: Uint8Array) {
    this.#cipher = cipher;
    this.#secret = secret;
    this.#key = expandLabel(cipher.hash, secret, 'key', cipher.keyBytes);
    this.#iv = expandLabel(cipher.hash, secret, 'iv', IV_BYTES);
  }

  open(record: TlsRecord): OpenedRecord | undefined {
    // The ChangeCipherSpec for middleboxes, and the alert of a side that has no keys yet, are in the clear.
    if (record.type === ContentType.changeCipherSpec || record.type === ContentType.alert) {
      return { type: record.type, content: record.payload, encrypted: false };
    }
    if (record.type !== ContentType.applicationData) return undefined;
    const inner = openAead(this.#cipher, this.#key, {
      nonce: sequenceNonce(this.#iv, this.#sequence),
      additional: recordHeader(record),
      body: record.payload,
    });
    this.#sequence += 1n;
    return inner === undefined ? undefined : unpad(inner);
  }

  /** After a KeyUpdate (RFC 8446 section 7.2). */
  next(): Tls13Protection {
    const { hash } = this.#cipher;
    return new Tls13Protection(
      this.#cipher,
      expandLabel(hash, this.#secret, 'traffic upd', this.#secret.length),
    );
  }
}

function recordHeader({ type, version, payload }: TlsRecord): Buffer {
  return Buffer.of(type, version >> 8, version & 0xff, payload.length >> 8, payload.length & 0xff);
}

/** The content type is the last byte that is not zero. */
function unpad(inner: Buffer): OpenedRecord | undefined {
  let end = inner.length;
  while (end > 0 && inner[end - 1] === 0) end -= 1;
  const type = inner[end - 1];
  return type === undefined ? undefined : { type, content: inner.subarray(0, end - 1), encrypted: true };
}

/**
 * HKDF-Expand-Label with an empty context (RFC 8446 section 7.1). One block of HMAC is enough: nothing here is
 * longer than the hash.
 */
export function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Buffer {
  const full = `tls13 ${label}`;
  return createHmac(hash, secret)
    .update(Buffer.of(length >> 8, length & 0xff, full.length))
    .update(full)
    .update(Buffer.of(0, 1))
    .digest()
    .subarray(0, length);
}
