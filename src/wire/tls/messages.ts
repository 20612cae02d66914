import { ByteQueue } from '../bytes.js';
import { handshakeTypeName } from '../registry/names.js';

/** One whole handshake message (RFC 8446 section 4). */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
}

/** A handshake message of which not all bytes have come. */
export interface MessageRest {
  readonly have: number;
  readonly need: number;
  readonly name: string;
}

const HEADER = 4;

/** More than any stack accepts: OpenSSL refuses certificate messages above 100 KB by default. */
const MAX_MESSAGE = 1024 * 1024;

/** Joins the handshake records of one side and cuts them into messages. */
export class MessageReader {
  #queue = new ByteQueue();

  /** The messages that are whole now, or `too-long` if one claims more bytes than is believable. */
  *push(content: Uint8Array): Generator<HandshakeMessage | 'too-long'> {
    this.#queue.push(content);
    while (this.#queue.length >= HEADER) {
      const need = this.#need();
      if (need > MAX_MESSAGE) {
        this.clear();
        yield 'too-long';
        return;
      }
      if (this.#queue.length < need) return;
      const bytes = this.#queue.take(need);
      yield { type: bytes[0] ?? 0, body: bytes.subarray(HEADER) };
    }
  }

  rest(): MessageRest | undefined {
    const have = this.#queue.length;
    if (have === 0) return undefined;
    const [type = 0] = this.#queue.peek(1);
    return { have, need: have < HEADER ? HEADER : this.#need(), name: handshakeTypeName(type) };
  }

  clear(): void {
    this.#queue = new ByteQueue();
  }

  #need(): number {
    const [, high = 0, middle = 0, low = 0] = this.#queue.peek(HEADER);
    return HEADER + high * 65_536 + middle * 256 + low;
  }
}
