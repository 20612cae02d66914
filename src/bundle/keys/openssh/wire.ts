import type { Refuse } from '../../asn1/index.js';

/** Reads the data types of SSH (RFC 4251 section 5), one after the other. */
export class SshReader {
  private position = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly refuse: Refuse,
  ) {}

  uint32(what: string): number {
    const bytes = this.take(4, what);
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  }

  /** A string, which may hold any bytes; a number is a string too. */
  string(what: string): Uint8Array {
    return this.take(this.uint32(what), what);
  }

  text(what: string): string {
    return Buffer.from(this.string(what)).toString('latin1');
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.bytes.subarray(this.position);
  }

  private take(length: number, what: string): Uint8Array {
    const end = this.position + length;
    if (end > this.bytes.length) throw this.refuse(`the OpenSSH key ends before ${what}`);
    const taken = this.bytes.subarray(this.position, end);
    this.position = end;
    return taken;
  }
}
