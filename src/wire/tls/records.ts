import { ByteQueue } from '../bytes.js';
import { ContentType, contentTypeName } from '../registry/names.js';

/** One record as it was on the wire (RFC 8446 section 5.1). */
export interface TlsRecord {
  readonly type: number;
  /** The record's own, legacy version: 0x0301 or 0x0303. */
  readonly version: number;
  readonly payload: Uint8Array;
}

export type RecordItem =
  | { readonly kind: 'record'; readonly record: TlsRecord }
  /** The very first bytes are not TLS; then everything that this side sends is given out like this. */
  | { readonly kind: 'plain'; readonly bytes: Uint8Array }
  /** The bytes stopped being TLS. Nothing comes after this. */
  | { readonly kind: 'broken'; readonly why: string };

/** A record of which not all bytes have come. */
export interface RecordRest {
  readonly have: number;
  readonly need: number;
  readonly recordType: string;
}

const HEADER = 5;

/** 2^14, and what TLS 1.2 allows encryption to add (RFC 5246 section 6.2.3). */
const MAX_PAYLOAD = 16_384 + 2_048;

/** Cuts what one side sends into records. */
export class RecordReader {
  readonly #queue = new ByteQueue();
  #state: 'first' | 'tls' | 'plain' | 'broken' = 'first';

  *push(chunk: Uint8Array): Generator<RecordItem> {
    if (this.#state === 'broken') return;
    this.#queue.push(chunk);
    if (this.#state === 'first') this.#recognise();
    if (this.#state === 'plain') {
      yield { kind: 'plain', bytes: this.#queue.take(this.#queue.length) };
      return;
    }
    while (this.#queue.length >= HEADER) {
      const why = headerDefect(this.#queue.peek(HEADER));
      if (why !== undefined) {
        this.#state = 'broken';
        yield { kind: 'broken', why };
        return;
      }
      const record = this.#take();
      if (record === undefined) return;
      this.#state = 'tls';
      yield { kind: 'record', record };
    }
  }

  rest(): RecordRest | undefined {
    const have = this.#queue.length;
    if (have === 0 || this.#state === 'plain' || this.#state === 'broken') return undefined;
    const header = this.#queue.peek(HEADER);
    const need = header.length < HEADER ? HEADER : HEADER + payloadLength(header);
    return { have, need, recordType: contentTypeName(header[0] ?? 0) };
  }

  /** TLS begins with a content type and the major version 3; one byte more tells it from most other things. */
  #recognise(): void {
    const [type, major, minor] = this.#queue.peek(3);
    if (type === undefined) return;
    if (!isContentType(type) || (major ?? 3) !== 3 || (minor ?? 0) > 4) this.#state = 'plain';
  }

  #take(): TlsRecord | undefined {
    const header = this.#queue.peek(HEADER);
    const length = payloadLength(header);
    if (this.#queue.length < HEADER + length) return undefined;
    const bytes = this.#queue.take(HEADER + length);
    const [type = 0, major = 0, minor = 0] = bytes;
    return { type, version: major * 256 + minor, payload: bytes.subarray(HEADER) };
  }
}

function isContentType(type: number): boolean {
  return type >= ContentType.changeCipherSpec && type <= ContentType.heartbeat;
}

function payloadLength(header: Uint8Array): number {
  return (header[3] ?? 0) * 256 + (header[4] ?? 0);
}

function headerDefect(header: Uint8Array): string | undefined {
  const [type = 0, major = 0, minor = 0] = header;
  if (!isContentType(type) || major !== 3 || minor > 4)
    return 'the bytes where a record should begin are not TLS';
  if (payloadLength(header) > MAX_PAYLOAD)
    return `a record claims ${payloadLength(header)} bytes, more than TLS allows`;
  return undefined;
}
