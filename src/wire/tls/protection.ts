import type { TlsRecord } from './records.js';

/** The content of a record once its protection is off. */
export interface OpenedRecord {
  readonly type: number;
  readonly content: Uint8Array;
  readonly encrypted: boolean;
}

/** Opens the records of one side, in order. */
export interface Protection {
  /** Undefined where the record does not open: wrong keys, or bytes that were changed or left out. */
  open(record: TlsRecord): OpenedRecord | undefined;
}

/** Records stay closed: there is no secret for them, or no cipher. */
export interface Locked {
  readonly locked: 'no-secret' | 'unsupported-cipher' | 'lost-track';
}

export const plain: Protection = {
  open: ({ type, payload }) => ({ type, content: payload, encrypted: false }),
};

/** The per-record nonce: the sequence number, padded to the left, XOR the IV (RFC 8446 section 5.3). */
export function sequenceNonce(iv: Uint8Array, sequence: bigint): Buffer {
  const nonce = Buffer.alloc(iv.length);
  nonce.writeBigUInt64BE(sequence, iv.length - 8);
  for (const [index, byte] of iv.entries()) nonce[index] = (nonce[index] ?? 0) ^ byte;
  return nonce;
}
