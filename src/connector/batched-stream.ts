import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type OnPuback, PubackFilter } from './puback-filter.js';
import { type PublishPacket, roomFor, writePublish } from './publish-packet.js';

const bufferSize = 64 * 1024;

type Callback = (error?: Error | null) => void;

/**
 * What MQTT.js has for a socket. Joins what is written in one turn of the event loop: MQTT.js writes a packet in
 * several pieces, each a TLS record of its own, or at least a trip through Node's streams. And has a lane for the
 * traffic that there is by the thousand, PUBLISH of QoS 1 and its PUBACK, which goes past MQTT.js: there it costs
 * several times what all else does.
 */
export class BatchedStream extends Duplex {
  readonly #socket: TLSSocket;
  /** Buffers that nothing reads any more. */
  readonly #free: Buffer[] = [];
  #buffer: Buffer = Buffer.allocUnsafe(bufferSize);
  #used = 0;
  #scheduled = false;
  readonly #flushLater = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  /** @param onOversized is told the length of a packet that is longer than anything a broker has to say */
  constructor(socket: TLSSocket, onPuback: OnPuback, onOversized: (length: number) => void) {
    super({ emitClose: true });
    this.#socket = socket;
    const forward = (bytes: Buffer): void => {
      if (!this.push(bytes)) socket.pause();
    };
    const filter = new PubackFilter(onPuback, forward, onOversized);
    socket.on('data', (chunk: Buffer) => filter.push(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    socket.on('drain', () => this.emit('drain'));
  }

  /** The socket takes no more for now; `drain` says when it does. */
  get congested(): boolean {
    return this.#socket.writableNeedDrain;
  }

  /** Hands everything to the socket at once. */
  flush(): void {
    if (this.#used === 0 || this.#socket.destroyed) return;
    const full = this.#buffer;
    const bytes = full.subarray(0, this.#used);
    this.#buffer = this.#free.pop() ?? Buffer.allocUnsafe(bufferSize);
    this.#used = 0;
    this.#socket.write(bytes, () => {
      if (this.#free.length < 4) this.#free.push(full);
    });
  }

  publish(packet: PublishPacket): void {
    const room = roomFor(packet);
    if (room > bufferSize) {
      this.flush();
      const whole = Buffer.allocUnsafe(room);
      this.#socket.write(whole.subarray(0, writePublish(whole, 0, packet)));
      return;
    }
    if (room > bufferSize - this.#used) this.flush();
    this.#used = writePublish(this.#buffer, this.#used, packet);
    this.#flushSoon();
  }

  /** Stands for `_write`: the machinery of Node's streams around it costs more than the copy. */
  override write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    if (typeof chunk === 'string') this.#append(chunk, Buffer.byteLength(chunk));
    else if (Buffer.isBuffer(chunk)) this.#append(chunk, chunk.length);
    else if (chunk instanceof Uint8Array) this.#append(Buffer.from(chunk), chunk.length);
    else throw new TypeError('not text or bytes');
    const done = typeof encoding === 'function' ? encoding : callback;
    if (done !== undefined) process.nextTick(done);
    return !this.congested;
  }

  override cork(): void {
    // What is written in one turn is joined anyway.
  }

  override uncork(): void {
    // As above.
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _final(callback: Callback): void {
    this.flush();
    this.#socket.end(callback);
  }

  override _destroy(error: Error | null, callback: Callback): void {
    this.#socket.destroy();
    callback(error);
  }

  #append(piece: string | Buffer, length: number): void {
    if (length > bufferSize - this.#used) this.flush();
    if (length > bufferSize) {
      this.#socket.write(piece);
      return;
    }
    if (typeof piece === 'string') this.#buffer.write(piece, this.#used, length, 'utf8');
    else this.#buffer.set(piece, this.#used);
    this.#used += length;
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.#flushLater);
  }
}
