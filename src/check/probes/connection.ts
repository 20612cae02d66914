import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WireRecording, tapSocket } from '../../wire/index.js';
import type { TcpOutcome } from '../facts/index.js';
import type { Deadline } from './deadline.js';

/** A TCP connection whose bytes are recorded. */
export interface Connection {
  readonly address: string;
  readonly port: number;
  /** Speaks for the socket; destroying it ends the connection. */
  readonly stream: Duplex;
  readonly recording: WireRecording;
  /** The TLS secrets of this connection, in the NSS key log format. Secret. */
  readonly keylog: string[];
}

export interface ConnectResult {
  readonly outcome: TcpOutcome;
  readonly code?: string;
  readonly connection: Connection;
}

/** Opens a recorded connection. The connection in the result lives only when `outcome` is `connected`. */
export async function openConnection(
  address: string,
  port: number,
  deadline: Deadline,
): Promise<ConnectResult> {
  const socket = connect({ host: address, port, noDelay: true });
  const { stream, recording } = tapSocket(socket);
  // A later error is seen by whoever uses the stream then; between the two nobody listens.
  stream.on('error', () => undefined);
  const connection = { address, port, stream, recording, keylog: [] };
  try {
    const error = await deadline.wait<NodeJS.ErrnoException | undefined>((done) => {
      const connected = (): void => done(undefined);
      stream.once('error', done);
      socket.once('connect', connected);
      return () => {
        stream.off('error', done);
        socket.off('connect', connected);
      };
    });
    if (error === undefined) return { outcome: 'connected', connection };
    return { outcome: outcomeOf(error.code), code: error.code ?? 'unknown', connection };
  } catch {
    stream.destroy();
    return { outcome: 'timeout', connection };
  }
}

/** Waits a little for the end of a connection that is ending: its last bytes belong to the facts. */
export async function gone({ stream }: Connection, deadline: Deadline): Promise<void> {
  if (stream.closed) return;
  await deadline
    .within(200)
    .wait<void>((done) => {
      stream.once('close', () => done());
      return undefined;
    })
    .catch(() => undefined);
}

const outcomes: Readonly<Record<string, TcpOutcome>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EAFNOSUPPORT: 'unreachable',
  ECONNRESET: 'reset',
};

function outcomeOf(code: string | undefined): TcpOutcome {
  return outcomes[code ?? ''] ?? 'failed';
}
