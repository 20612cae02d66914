import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { listen, type At, type Stand } from '../stand.js';

/** What the rows say of a TLS server; certificate and key are the world's good ones by default. */
export type TlsSetup = TlsOptions & { readonly address?: string; readonly port?: number };

/** A server of Node's TLS stack. */
export async function tlsServer(
  stand: Stand,
  setup: TlsSetup,
  onSocket: (socket: TLSSocket) => void,
): Promise<At> {
  const { address, port, ...options } = setup;
  const server = createServer({ ...stand.world.server, ...options }, (socket) => {
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.on('tlsClientError', () => undefined);
  return listen(stand, server, address, port);
}

/** Requests and requires a client certificate of one of these authorities at TLS level. */
export function requiring(ca: string | string[]): TlsOptions {
  return { requestCert: true, rejectUnauthorized: true, ca };
}

/** Requests a client certificate and lets everybody in. */
export function asking(ca: string | string[]): TlsOptions {
  return { requestCert: true, rejectUnauthorized: false, ca };
}

export const only12: TlsOptions = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' };
export const only13: TlsOptions = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' };
