import { once } from 'node:events';
import { connect as netConnect, type Socket } from 'node:net';
import { connect as tlsConnect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import {
  decodeWire,
  tapSocket,
  traceConnection,
  type WireEvent,
  type WireRecording,
} from '../../src/wire/index.js';

export interface Attempt {
  readonly socket: Socket;
  readonly secure: TLSSocket;
  readonly recording: WireRecording;
  readonly keylog: string[];
  readonly errors: NodeJS.ErrnoException[];
  readonly received: Buffer[];
  readonly events: () => readonly WireEvent[];
  readonly trace: () => Promise<readonly WireEvent[]>;
  readonly closed: Promise<unknown>;
}

/** A TLS connection over the tap, as a check makes it. */
export function attempt(port: number, options: ConnectionOptions, host = '127.0.0.1'): Attempt {
  const socket = netConnect({ port, host, noDelay: true });
  const { stream, recording } = tapSocket(socket);
  const secure = tlsConnect({ socket: stream, host, servername: 'localhost', ...options });
  const keylog: string[] = [];
  const errors: NodeJS.ErrnoException[] = [];
  const received: Buffer[] = [];
  secure.on('keylog', (line: Buffer) => keylog.push(line.toString('latin1')));
  secure.on('error', (error: NodeJS.ErrnoException) => errors.push(error));
  secure.on('data', (chunk: Buffer) => received.push(chunk));
  const closed = new Promise((resolve) => {
    secure.once('close', resolve);
  });
  return {
    socket,
    secure,
    recording,
    keylog,
    errors,
    received,
    events: () => decodeWire(recording, keylog).events,
    trace: async () => traceConnection(recording, keylog),
    closed,
  };
}

/** Resolves when the handshake is over on our side, or the connection is. */
export async function settled({ secure, closed }: Attempt): Promise<void> {
  await Promise.race([once(secure, 'secureConnect').catch(() => undefined), closed]);
}

/** Resolves once `isThere` holds, looked at whenever the loop turns. Fails after 10 s. */
export async function eventually(isThere: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isThere()) {
    if (Date.now() > deadline) throw new Error(`waited 10 s for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
