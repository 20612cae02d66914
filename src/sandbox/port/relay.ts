import { Duplex } from 'node:stream';

/** Decides over bytes on their way out: what it returns is sent, nothing when it returns `undefined`. */
export type Outgoing = (chunk: Buffer) => Uint8Array | undefined;

export interface RelayOptions {
  readonly outgoing: Outgoing;
  /** Sees bytes on their way in. */
  readonly incoming?: ((chunk: Buffer) => void) | undefined;
  /** Sends everything this late. */
  readonly delayMs?: number | undefined;
}

type Done = (error?: Error | null) => void;

/** Stands between a socket and what speaks over it, and can hold back, change or delay what is sent. */
export class Relay extends Duplex {
  readonly #socket: Duplex;
  readonly #options: RelayOptions;
  /** Delayed writes leave in the order in which they came. */
  #last: Promise<void> = Promise.resolve();

  constructor(socket: Duplex, options: RelayOptions) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#options = options;
    socket.on('data', (chunk: Buffer) => {
      options.incoming?.(chunk);
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => {
      // After a proper end there may be bytes left that nobody has read yet.
      if (!socket.readableEnded) this.destroy();
    });
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    const bytes = this.#options.outgoing(chunk);
    if (bytes === undefined || bytes.length === 0) done();
    else this.send(bytes, done);
  }

  override _final(done: Done): void {
    void this.#later(() => this.#socket.end(done));
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#socket.destroy();
    done(error);
  }

  /** Past `outgoing`. */
  send(bytes: Uint8Array, done: Done = () => undefined): void {
    if (this.#options.delayMs === undefined) {
      this.#socket.write(bytes, done);
      return;
    }
    void this.#later(() => this.#socket.write(bytes));
    done();
  }

  async #later(action: () => void): Promise<void> {
    const { delayMs } = this.#options;
    if (delayMs === undefined) {
      action();
      return;
    }
    const due = new Promise<void>((resolve) => {
      setTimeout(resolve, delayMs).unref();
    });
    const before = this.#last;
    this.#last = before.then(() => due);
    await this.#last;
    if (!this.#socket.destroyed && this.#socket.writable) action();
  }
}
