import { createHash } from 'node:crypto';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { TlsOptions } from 'node:tls';
import { listen, type At, type Stand } from '../stand.js';

/** A web server without TLS. */
export async function http(stand: Stand): Promise<At> {
  return listen(
    stand,
    createHttp((_, response) => response.end('hello\n')),
  );
}

/** A web server with TLS, such as a BTP `certurl`. */
export async function https(stand: Stand, tls: TlsOptions = {}): Promise<At> {
  const server = createHttps({ ...stand.world.server, ...tls }, (_, response) => response.end('hello\n'));
  server.on('tlsClientError', () => undefined);
  return listen(stand, server);
}

/** The port of a broker that speaks MQTT only over WebSocket with TLS, on one path (RFC 6455 section 4.2.2). */
export async function wss(stand: Stand, path = '/mqtt'): Promise<At> {
  const server = createHttps({ ...stand.world.server }, (_, response) => {
    response.statusCode = 426;
    response.end('Upgrade Required\n');
  });
  server.on('tlsClientError', () => undefined);
  server.on('upgrade', (request, socket) => {
    socket.on('error', () => undefined);
    if (request.url !== path) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const key = `${String(request.headers['sec-websocket-key'])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    const headers = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}`;
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headers}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`);
  });
  return listen(stand, server);
}
