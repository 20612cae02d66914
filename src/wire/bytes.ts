/**
 * Reads fields of a wire format. It never throws: a read beyond the end gives zeros or nothing and is remembered,
 * so that a decoder reads its whole message and asks once whether that was possible.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #overrun = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Something asked for was not there. */
  get overrun(): boolean {
    return this.#overrun;
  }

  /** There are bytes left, and none were missing so far. */
  get more(): boolean {
    return !this.#overrun && this.#offset < this.#bytes.length;
  }

  u8(): number {
    return this.#number(1);
  }

  u16(): number {
    return this.#number(2);
  }

  u32(): number {
    return this.#number(4);
  }

  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) {
      this.#overrun = true;
      return new Uint8Array();
    }
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  /** A length in 1, 2 or 3 bytes, then as many bytes (RFC 8446 section 3.4). */
  vector(lengthBytes: 1 | 2 | 3): Uint8Array {
    return this.take(this.#number(lengthBytes));
  }

  #number(size: number): number {
    let value = 0;
    for (const byte of this.take(size)) value = value * 256 + byte;
    return value;
  }
}

/** The 16-bit numbers of a vector, such as cipher suites. An odd last byte is left out. */
export function u16List(bytes: Uint8Array): number[] {
  const reader = new ByteReader(bytes);
  const values: number[] = [];
  for (let left = bytes.length; left >= 2; left -= 2) values.push(reader.u16());
  return values;
}

/** Bytes that arrive in chunks and are taken in pieces of another size. */
export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The first `length` bytes, or fewer if there are not as many. They stay. */
  peek(length: number): Uint8Array {
    const [first] = this.#chunks;
    if (first === undefined || first.length >= length) return (first ?? new Uint8Array()).subarray(0, length);
    const result = new Uint8Array(Math.min(length, this.#length));
    let filled = 0;
    for (const chunk of this.#chunks) {
      if (filled === result.length) break;
      const part = chunk.subarray(0, result.length - filled);
      result.set(part, filled);
      filled += part.length;
    }
    return result;
  }

  /** Removes and returns the first `length` bytes, or fewer if there are not as many. */
  take(length: number): Uint8Array {
    const taken = this.peek(length);
    let left = taken.length;
    let used = 0;
    for (const chunk of this.#chunks) {
      if (chunk.length > left) break;
      left -= chunk.length;
      used += 1;
    }
    this.#chunks.splice(0, used);
    const [first] = this.#chunks;
    if (first !== undefined && left > 0) this.#chunks[0] = first.subarray(left);
    this.#length -= taken.length;
    return taken;
  }
}

const utf8 = new TextDecoder('utf-8');

/**
 * Text that a peer has sent, safe to print: what would move a cursor, start an escape sequence or turn the
 * direction of writing is replaced by U+FFFD.
 */
export function peerText(bytes: Uint8Array): string {
  return harmless(utf8.decode(bytes));
}

export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\u{fffd}');
}

export function base64(bytes: Uint8Array): string {
  return view(bytes).toString('base64');
}

export function hex(bytes: Uint8Array): string {
  return view(bytes).toString('hex');
}

/** The same bytes as a Buffer, without a copy. */
export function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
