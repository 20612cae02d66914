import type { Duplex } from 'node:stream';
import type { Deadline } from './deadline.js';

/** Milliseconds for the last bytes to leave. */
const farewell = 200;

/** More than this unread, and the peer is left to wait: a probe needs little. */
const mostUnread = 1024 * 1024;

export interface ChannelError {
  readonly code: string;
  readonly message: string;
}

/**
 * Reads a stream for a probe: keeps what came until it is taken, and knows whether and how the stream ended.
 * Every wait has a deadline.
 */
export class Channel {
  readonly #stream: Duplex;
  #unread: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #error: ChannelError | undefined;
  #listeners = new Set<() => void>();

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#received(chunk));
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#error = {
        code: typeof error.code === 'string' ? error.code : error.name,
        message: error.message,
      };
      this.#end();
    });
    stream.on('end', () => this.#end());
    stream.on('close', () => this.#end());
  }

  get ended(): boolean {
    return this.#ended;
  }

  get error(): ChannelError | undefined {
    return this.#error;
  }

  get unread(): number {
    return this.#bytes;
  }

  write(bytes: Uint8Array): void {
    if (!this.#ended && this.#stream.writable) this.#stream.write(bytes);
  }

  /** All that has come since the last time. */
  take(): Buffer {
    const all = Buffer.concat(this.#unread);
    this.#unread = [];
    this.#bytes = 0;
    if (!this.#ended) this.#stream.resume();
    return all;
  }

  /**
   * Waits until there is something to read, or the stream has ended.
   *
   * @throws Ended when neither happens in time
   */
  async readable(deadline: Deadline): Promise<void> {
    await this.until(() => this.#bytes > 0 || this.#ended, deadline);
  }

  /** @throws Ended when the stream goes on */
  async end(deadline: Deadline): Promise<void> {
    await this.until(() => this.#ended, deadline);
  }

  close(): void {
    this.#stream.destroy();
  }

  /** Ends in order, so that the peer gets what was written; does not wait long for that. */
  async finish(): Promise<void> {
    await new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, farewell);
      this.#stream.end(() => {
        clearTimeout(patience);
        resolve();
      });
    });
    setTimeout(() => this.#stream.destroy(), farewell).unref();
  }

  /** Waits until `reached` holds, asked again at each event of the stream. */
  async until(reached: () => boolean, deadline: Deadline): Promise<void> {
    if (reached()) return;
    await deadline.wait<void>((done) => {
      const look = (): void => {
        if (reached()) done();
      };
      this.#listeners.add(look);
      return () => this.#listeners.delete(look);
    });
  }

  #received(chunk: Buffer): void {
    this.#unread.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > mostUnread) this.#stream.pause();
    this.#tell();
  }

  #end(): void {
    this.#ended = true;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
