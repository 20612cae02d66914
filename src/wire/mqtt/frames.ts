import { ByteQueue } from '../bytes.js';

export interface MqttFrame {
  /** The fixed header's first byte. */
  readonly first: number;
  /** Bytes after the fixed header. */
  readonly length: number;
  /** The whole packet. */
  readonly bytes: Uint8Array;
}

/** Cuts a stream into MQTT packets (MQTT 3.1.1 section 2.2), so that none can be read into the next. */
export class FrameReader {
  readonly #queue = new ByteQueue();
  #broken = false;

  /** `malformed` once the Remaining Length has more than four bytes; nothing comes after that. */
  *push(chunk: Uint8Array): Generator<MqttFrame | 'malformed'> {
    if (this.#broken) return;
    this.#queue.push(chunk);
    for (;;) {
      const size = frameSize(this.#queue.peek(5));
      if (size === 'malformed') {
        this.#broken = true;
        yield 'malformed';
        return;
      }
      if (size === undefined || this.#queue.length < size.header + size.length) return;
      const bytes = this.#queue.take(size.header + size.length);
      yield { first: bytes[0] ?? 0, length: size.length, bytes };
    }
  }
}

function frameSize(head: Uint8Array): { header: number; length: number } | 'malformed' | undefined {
  let length = 0;
  for (let index = 1; index <= 4; index += 1) {
    const byte = head[index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) return { header: index + 1, length };
  }
  return 'malformed';
}
