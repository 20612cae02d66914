import { once } from 'node:events';
import { createServer as createTcpServer, connect, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions, type TLSSocket } from 'node:tls';

export interface HostileServer {
  readonly port: number;
  readonly close: () => void;
}

/** What a server does to whoever connects. */
export type Attack =
  /** Instead of TLS. */
  | { readonly kind: 'raw'; readonly attack: (socket: Socket) => void }
  /** In TLS, once the client has sent something; with `early` before that. */
  | {
      readonly kind: 'tls';
      readonly tls?: TlsOptions;
      readonly early?: boolean;
      readonly attack: (socket: TLSSocket) => void;
    }
  /** On TCP, behind a TLS connection that was closed. */
  | { readonly kind: 'after-close'; readonly attack: (socket: Socket) => void };

/** Starts a server that attacks everybody who connects; nothing of it is left after `close`. */
export async function hostileServer(
  attack: Attack,
  credentials: { readonly key: string; readonly cert: string },
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  if (attack.kind === 'raw') {
    const server = createTcpServer((socket) => {
      keep(socket);
      attack.attack(socket);
    });
    return listening(server, sockets);
  }
  const options = attack.kind === 'tls' ? attack.tls : {};
  const server = createTlsServer({
    ...credentials,
    requestCert: true,
    rejectUnauthorized: false,
    ...options,
  });
  server.on('connection', keep).on('tlsClientError', () => undefined);
  server.on('secureConnection', (socket) => {
    keep(socket);
    const act = attack.kind === 'tls' ? attack.attack : () => socket.end(accepted);
    if (attack.kind === 'tls' && attack.early === true) act(socket);
    else socket.once('data', () => act(socket));
  });
  const secure = await listening(server, sockets);
  if (attack.kind === 'tls') return secure;
  const relay = createTcpServer({ allowHalfOpen: true }, (client) => {
    const inner = connect({ port: secure.port, host: '127.0.0.1', allowHalfOpen: true });
    keep(client);
    keep(inner);
    client.pipe(inner);
    inner.pipe(client, { end: false });
    inner.on('end', () => attack.attack(client));
  });
  const front = await listening(relay, sockets);
  return {
    port: front.port,
    close: () => {
      front.close();
      secure.close();
    },
  };
}

/** CONNACK, accepted. */
export const accepted = Buffer.from([0x20, 2, 0, 0]);

async function listening(
  server: ReturnType<typeof createTcpServer>,
  sockets: ReadonlySet<Socket>,
): Promise<HostileServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Writes the same bytes for as long as anybody reads them. */
export function endlessly(socket: Socket, bytes: Uint8Array): void {
  const more = (): void => {
    while (!socket.destroyed && socket.writable && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}

/** One byte at a time, for ever. */
export function slowly(socket: Socket, bytes: Uint8Array, everyMs = 100): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(bytes.subarray(sent % bytes.length, (sent++ % bytes.length) + 1));
  }, everyMs);
  socket.on('close', () => clearInterval(timer));
}
