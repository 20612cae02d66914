import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { SapcertError } from '../../errors.js';
import type { Behaviour, PortKind } from '../behaviour.js';
import type { Report } from '../events.js';
import { admit, type Peer } from './admission.js';
import { alerts, plainAlert } from './alert.js';
import { losing } from './lose.js';
import { peerOf } from './peer.js';
import { serveVerifying } from './refuse-in-tls.js';
import { Relay } from './relay.js';

/** The addresses that a sandbox listens on: nobody else's machine reaches them. */
export type LoopbackHost = '127.0.0.1' | '::1';

export interface ListenerOptions {
  readonly host: LoopbackHost;
  readonly port: number;
  readonly behaviour: Behaviour;
  readonly tls: TlsOptions;
  /** Takes a connection whose CONNECT was admitted. */
  readonly serve: (connection: Duplex) => void;
  readonly report: Report;
  /** Milliseconds between two cuts. */
  readonly paceMs: number;
}

export interface Listener {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** How late a slow broker's packets are, milliseconds. */
const slowness = 500;
/** Part of a TLS flight with two certificates, more than a ServerHello. */
const stalledAfterBytes = 1200;

type Take = (socket: Socket) => void;

/** @throws SapcertError `usage.invalid` when the port cannot be had */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  const take = takers[options.behaviour.port](options);
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    take(socket);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(options, cause)));
    server.listen(options.port, options.host, () => resolve(portOf(server.address())));
  });
  const cutter =
    options.behaviour.periodically === 'cut'
      ? setInterval(() => sockets.forEach((socket) => socket.resetAndDestroy()), options.paceMs)
      : undefined;
  return {
    port,
    close: async () => {
      clearInterval(cutter);
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const takers: Record<PortKind, (options: ListenerOptions) => Take> = {
  gateway: (options) =>
    options.behaviour.tlsLimit === 'server-name-refused' ? refuseServerName : overTls(options),
  'plain-mqtt': (options) => (socket) => toBroker(socket, { kind: 'plain' }, options),
  http: () => speakHttp(),
  https: ({ tls }) => {
    const http = speakHttp();
    const server = createTlsServer(tls, http).on('tlsClientError', () => undefined);
    return (socket) => void server.emit('connection', socket);
  },
  silent: () => (socket) => void socket.resume(),
  closes: () => (socket) => void socket.resume().end(),
  resets: () => (socket) => void socket.resetAndDestroy(),
  stalls: ({ tls }) => {
    const server = createTlsServer(tls).on('tlsClientError', () => undefined);
    return (socket) => void server.emit('connection', stalling(socket));
  },
};

/** MQTT over TLS; devices are judged by the broker, or within TLS where the behaviour says so. */
function overTls(options: ListenerOptions): Take {
  const { behaviour, tls, report } = options;
  const { verifiedAt } = behaviour;
  if (verifiedAt.layer === 'tls') {
    return (socket) =>
      serveVerifying(socket, tls, verifiedAt.alert, {
        accepted: (secure) => toBroker(secure, peerOf(secure), options),
        refused: ({ deviceId, alert, reason }) =>
          report({
            type: 'refused',
            deviceId,
            layer: 'tls',
            returnCode: undefined,
            reason: `alert ${alert}: ${reason}`,
          }),
      });
  }
  const http = speakHttp();
  const server = createTlsServer(tls, (secure) => {
    const wanted = behaviour.tlsLimit !== 'alpn-required' || secure.alpnProtocol === 'mqtt';
    if (wanted) toBroker(secure, peerOf(secure), options);
    else http(secure);
  });
  server.on('tlsClientError', (error) =>
    report({
      type: 'refused',
      deviceId: undefined,
      layer: 'tls',
      returnCode: undefined,
      reason: reasonOf(error),
    }),
  );
  return (socket) => void server.emit('connection', socket);
}

function toBroker(connection: Duplex, peer: Peer, options: ListenerOptions): void {
  const { behaviour } = options;
  const serve = (admitted: Duplex): void => {
    if (behaviour.loses !== 'nothing')
      options.serve(new Relay(admitted, { outgoing: losing(behaviour.loses) }));
    else if (behaviour.slow)
      options.serve(new Relay(admitted, { outgoing: (bytes) => bytes, delayMs: slowness }));
    else options.serve(admitted);
  };
  admit(connection, peer, { ...options, serve });
}

/** OpenSSL's own words without its file names and numbers, where Node passes them on. */
function reasonOf(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

/** An HTTP server without any page. */
function speakHttp(): (connection: Duplex) => void {
  const http = createHttpServer((_request, response) => {
    response.writeHead(404, { connection: 'close' }).end();
  });
  return (connection) => void http.emit('connection', connection);
}

function refuseServerName(socket: Socket): void {
  socket.once('data', () => socket.end(plainAlert(alerts.unrecognizedName)));
}

function stalling(socket: Socket): Relay {
  let left = stalledAfterBytes;
  return new Relay(socket, {
    outgoing: (chunk) => {
      const part = chunk.subarray(0, left);
      left -= part.length;
      return part;
    },
  });
}

function portOf(address: string | { readonly port: number } | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function cannotListen({ host, port }: ListenerOptions, cause: Error): SapcertError {
  const code = 'code' in cause ? String(cause.code) : cause.message;
  const why: Record<string, string> = { EADDRINUSE: 'it is in use', EACCES: 'it needs the rights of root' };
  return new SapcertError('usage.invalid', `cannot listen on ${host}, port ${port}: ${why[code] ?? code}`, {
    hint: 'take another port (--port N), or 0 for any that is free',
    cause,
  });
}
