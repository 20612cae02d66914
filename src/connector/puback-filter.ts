/** `reasonCode` is 0 where there is none: MQTT 3.1.1, and MQTT 5 where all is well (section 3.4.2.1). */
export type OnPuback = (packetId: number, reasonCode: number) => void;

/** Type 4, no flags (section 3.4.1). */
const pubackHeader = 0x40;
/**
 * What no acknowledgement and no command comes near. A longer packet would be gathered whole before anybody
 * looks at it, and MQTT allows 256 MB.
 */
export const largestPacket = 1024 * 1024;
/** One with properties longer than this is left to others. */
const longestPuback = 64 * 1024;
/** Remaining Length has four bytes of seven bits at most (section 2.2.3). */
const lengthBits = 28;

/**
 * Takes the PUBACKs out of what a broker sends and leaves the rest, byte for byte, to others. Knows no more of
 * MQTT than where a packet ends.
 */
export class PubackFilter {
  readonly #onPuback: OnPuback;
  readonly #forward: (bytes: Buffer) => void;
  readonly #onOversized: (length: number) => void;
  /** A packet whose length is not known yet, or a PUBACK that has not come whole. */
  #begun: Buffer | undefined;
  /** Bytes still to come of a packet that is passed on. */
  #passing = 0;
  /** It is no MQTT: whoever gets the rest will say so. */
  #lost = false;
  #oversized = false;

  /** @param onOversized is told when a packet is longer than `largestPacket`; nothing is taken or forwarded after it */
  constructor(onPuback: OnPuback, forward: (bytes: Buffer) => void, onOversized: (length: number) => void) {
    this.#onPuback = onPuback;
    this.#forward = forward;
    this.#onOversized = onOversized;
  }

  push(chunk: Buffer): void {
    if (this.#oversized) return;
    if (this.#lost) {
      this.#forward(chunk);
      return;
    }
    const bytes = this.#begun === undefined ? chunk : Buffer.concat([this.#begun, chunk]);
    this.#begun = undefined;
    let at = Math.min(this.#passing, bytes.length);
    this.#passing -= at;
    let passed = 0;
    while (at < bytes.length) {
      const body = bodyStart(bytes, at);
      this.#lost = body < 0;
      if (this.#lost) break;
      const end = body + bodyLength(bytes, at, body);
      if (end - at > largestPacket) {
        this.#oversized = true;
        this.#pass(bytes, passed, at);
        this.#onOversized(end - at);
        return;
      }
      const ours = body > 0 && isOurs(bytes, at, end - body);
      if (body === 0 || (ours && end > bytes.length)) {
        this.#pass(bytes, passed, at);
        this.#begun = bytes.subarray(at);
        return;
      }
      if (ours) {
        this.#pass(bytes, passed, at);
        passed = end;
        this.#read(bytes, body, end);
      } else {
        this.#passing = Math.max(end - bytes.length, 0);
      }
      at = end;
    }
    this.#pass(bytes, passed, bytes.length);
  }

  #read(bytes: Buffer, body: number, end: number): void {
    this.#onPuback(bytes.readUInt16BE(body), end - body > 2 ? bytes.readUInt8(body + 2) : 0);
  }

  #pass(bytes: Buffer, start: number, end: number): void {
    if (end > start) this.#forward(bytes.subarray(start, end));
  }
}

/** Where the body of a packet begins; 0: its length has not come whole; -1: it is none. */
function bodyStart(bytes: Buffer, start: number): number {
  const last = Math.min(start + 1 + lengthBits / 7, bytes.length);
  for (let at = start + 1; at < last; at += 1) {
    if ((bytes[at] ?? 0) < 0x80) return at + 1;
  }
  return last - start > lengthBits / 7 ? -1 : 0;
}

function bodyLength(bytes: Buffer, start: number, body: number): number {
  let length = 0;
  for (let at = body - 1; at > start; at -= 1) length = length * 0x80 + ((bytes[at] ?? 0) & 0x7f);
  return length;
}

function isOurs(bytes: Buffer, start: number, length: number): boolean {
  return bytes[start] === pubackHeader && length >= 2 && length <= longestPuback;
}
