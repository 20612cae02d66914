import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Frame } from '../frames.js';

/** The end of a connection whose peer says what it says, a piece at a time, whatever it is told, and hangs up. */
export class Peer extends Duplex {
  #frames: readonly Frame[];

  constructor(frames: readonly Frame[]) {
    super();
    this.#frames = frames;
    this.on('error', () => undefined);
  }

  /** As the connector asks it of a TLS socket. */
  getProtocol(): string {
    return 'TLSv1.2';
  }

  asTlsSocket(): TLSSocket {
    return this as unknown as TLSSocket;
  }

  override _read(): void {
    const [next, ...rest] = this.#frames;
    this.#frames = rest;
    setImmediate(() => {
      if (this.destroyed) return;
      if (next === undefined) {
        this.push(null);
        setImmediate(() => this.destroy());
      } else if (next.bytes.length === 0) this._read();
      else this.push(Buffer.from(next.bytes));
    });
  }

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}
