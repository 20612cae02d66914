import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Recorder, type Endpoint, type RecorderOptions, type WireRecording } from './recording.js';

/** Above this, writes of one turn wait for the socket instead of being joined further. */
const JOIN_LIMIT = 64 * 1024;

type Done = (error?: Error | null) => void;

export interface Tapped {
  /** Speaks for the socket: give it to `tls.connect({socket: stream, host, servername})`, or use it as it is. */
  readonly stream: Duplex;
  readonly recording: WireRecording;
}

/**
 * Puts a recorder between a TCP socket and whatever speaks over it. Best called right after `net.connect()`, so
 * that the connecting is timed too. From then on only `stream` may be read, written and destroyed; an error of
 * the socket destroys `stream` with that same error, and destroying `stream` destroys the socket.
 *
 * When the peer ends its side, `stream` stays writable until it is ended or destroyed (TLS does that itself).
 */
export function tapSocket(socket: Socket, options: RecorderOptions = {}): Tapped {
  const recorder = new Recorder(options);
  return { stream: new Tap(socket, recorder), recording: recorder };
}

/**
 * TLS hands over its flights piece by piece. Passed on one by one they would be several TCP segments, and a
 * server that refuses the first piece closes with the others unread: its kernel then answers RST, which destroys
 * the alert on its way to us. So the writes of one turn of the event loop leave as one.
 */
class Tap extends Duplex {
  readonly #socket: Socket;
  readonly #recorder: Recorder;
  #joined: Uint8Array[] = [];
  #joinedBytes = 0;
  #scheduled = false;
  #writing = false;
  /** The write that waits until the socket has taken what came before. */
  #waiting: Done | undefined;
  #ending: Done | undefined;

  constructor(socket: Socket, recorder: Recorder) {
    // TLS copies `allowHalfOpen`: with false it answers the peer's end with its own, as it would on the socket.
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#recorder = recorder;
    // Otherwise the socket would send its FIN before TLS has sent its close_notify.
    socket.allowHalfOpen = true;
    this.#listen(socket);
  }

  #listen(socket: Socket): void {
    if (socket.destroyed) {
      process.nextTick(() => this.destroy(socket.errored ?? undefined));
      return;
    }
    if (socket.connecting) socket.once('connect', () => this.#connected());
    else this.#connected();
    socket.pause();
    socket.on('data', (chunk: Uint8Array) => {
      this.#recorder.data('server', chunk);
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => {
      this.#recorder.fin('server');
      // From here on it is for the user of this stream to say when our side ends.
      this.allowHalfOpen = true;
      this.push(null);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#recorder.failed(error.code ?? error.name);
      this.destroy(error);
    });
    socket.on('close', () => {
      this.#recorder.closed();
      // After the peer's end there may be bytes left to read here: then the reader closes this stream.
      if (!socket.readableEnded) this.destroy();
    });
  }

  #connected(): void {
    const { localAddress, localPort, remoteAddress, remotePort } = this.#socket;
    this.#recorder.connected(endpoint(localAddress, localPort), endpoint(remoteAddress, remotePort));
    this.#flush();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: Done): void {
    this.#joined.push(chunk);
    this.#joinedBytes += chunk.length;
    this.#schedule();
    if (this.#joinedBytes < JOIN_LIMIT) done();
    else this.#waiting = done;
  }

  override _final(done: Done): void {
    this.#ending = done;
    this.#schedule();
  }

  override _destroy(error: Error | null, done: Done): void {
    // An alert of our own that TLS wrote just before it gave up must still leave.
    if (this.#joinedBytes > 0 && this.#socket.writable && !this.#socket.connecting) this.#sendJoined();
    this.#recorder.abandoned();
    if (this.#socket.closed) {
      done(error);
      return;
    }
    this.#socket.once('close', () => done(error));
    this.#socket.destroy();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#writing || this.#socket.connecting || this.destroyed) return;
    if (this.#joinedBytes === 0) {
      this.#end();
      return;
    }
    this.#writing = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#sendJoined((error) => {
      this.#writing = false;
      waiting?.(error);
      // An error reaches this stream through the socket's own event.
      if (error === undefined || error === null) this.#flush();
    });
  }

  #sendJoined(done?: Done): void {
    const bytes = Buffer.concat(this.#joined);
    this.#joined = [];
    this.#joinedBytes = 0;
    this.#recorder.data('client', bytes);
    this.#socket.write(bytes, done);
  }

  #end(): void {
    const ending = this.#ending;
    if (ending === undefined) return;
    this.#ending = undefined;
    if (!this.#socket.writable) {
      ending();
      return;
    }
    this.#recorder.fin('client');
    this.#socket.end(() => ending());
  }
}

function endpoint(address: string | undefined, port: number | undefined): Endpoint | undefined {
  if (address === undefined || port === undefined) return undefined;
  // An IPv4 peer on a dual-stack socket; a link-local address with the name of its interface.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return { address: plain, port, family: plain.includes(':') ? 6 : 4 };
}
