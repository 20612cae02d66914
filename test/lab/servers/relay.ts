import { connect, createServer, type Socket } from 'node:net';
import { listen, type At, type Stand } from '../stand.js';
import { alert } from './raw.js';

/** Stands between client and server; gets both sockets of each connection and the server's port. */
async function between(stand: Stand, to: At, join: (client: Socket, server: Socket) => void): Promise<At> {
  const relay = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({
      port: to.port,
      host: to.host === 'localhost' ? '127.0.0.1' : to.host,
      allowHalfOpen: true,
    });
    server.on('error', () => client.destroy()).on('close', () => client.end());
    client.on('close', () => server.destroy());
    stand.defer(() => server.destroy());
    join(client, server);
  });
  return listen(stand, relay);
}

/** Delivers only the first bytes of the server (a path that drops large packets), and nothing more after. */
export async function losesFromServerAfter(stand: Stand, to: At, bytes: number): Promise<At> {
  return between(stand, to, (client, server) => {
    let left = bytes;
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => {
      if (left > 0) client.write(chunk.subarray(0, left));
      left -= chunk.length;
    });
  });
}

/** Delivers only the first bytes of the server, and then closes. */
export async function breaksOffAfter(stand: Stand, to: At, bytes: number): Promise<At> {
  return between(stand, to, (client, server) => {
    let left = bytes;
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => {
      if (left > 0) client.write(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) client.end();
    });
  });
}

/** Brings what the server says a few bytes at a time. */
export async function trickles(stand: Stand, to: At, bytes: number, ms: number): Promise<At> {
  return between(stand, to, (client, server) => {
    let waiting = Buffer.alloc(0);
    client.on('data', (chunk) => server.write(chunk));
    server.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
    });
    const timer = setInterval(() => {
      if (waiting.length > 0 && !client.destroyed) client.write(waiting.subarray(0, bytes));
      waiting = waiting.subarray(bytes);
    }, ms);
    client.on('close', () => clearInterval(timer));
  });
}

/**
 * Loses what the client says in large packets, and what comes after those on the same connection: a path whose
 * MTU is too small and that says so to nobody. The ClientHello still fits.
 */
export async function losesLargeFromClient(stand: Stand, to: At): Promise<At> {
  return between(stand, to, (client, server) => {
    let lost = false;
    client.on('data', (chunk) => {
      lost ||= chunk.length > 700;
      if (!lost) server.write(chunk);
    });
    server.on('data', (chunk) => client.write(chunk));
  });
}

/** Brings everything, later: what the server says after the client's certificate comes in its own time. */
export async function slow(stand: Stand, to: At, ms: number): Promise<At> {
  return between(stand, to, (client, server) => {
    client.on('data', (chunk) => server.write(chunk)).on('end', () => server.end());
    const later = (act: () => void): void => void setTimeout(act, ms);
    server.on('data', (chunk) => later(() => client.write(chunk)));
    server.on('end', () => later(() => client.end()));
    server.removeAllListeners('close').removeAllListeners('error');
    server.on('error', () => later(() => client.destroy()));
  });
}

/** From the second connection on, what follows the server's first flight comes later: a gateway under load. */
export async function slowAfterFirst(stand: Stand, to: At, ms: number): Promise<At> {
  let connections = 0;
  return between(stand, to, (client, server) => {
    connections += 1;
    const wait = connections === 1 ? 0 : ms;
    let flights = 0;
    client.on('data', (chunk) => {
      flights += 1;
      server.write(chunk);
    });
    server.removeAllListeners('close');
    server.on('data', (chunk) => setTimeout(() => client.write(chunk), flights > 1 ? wait : 0));
    server.on('end', () => setTimeout(() => client.end(), wait));
  });
}

/**
 * Answers the client's TLS 1.2 certificate flight with an alert of our choice in the server's name: until the
 * server's ChangeCipherSpec its alerts are in the clear (RFC 5246 section 6.2.1), so the client cannot tell.
 */
export async function alertsAfterCertificate(stand: Stand, to: At, number: number): Promise<At> {
  return between(stand, to, (client, server) => {
    let seen = Buffer.alloc(0);
    server.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk) => {
      seen = Buffer.concat([seen, chunk]);
      const types = recordTypes(seen);
      if (types.includes(20)) {
        if (types.at(-1) === 22) client.end(alert(number));
      } else server.write(chunk);
    });
  });
}

function recordTypes(bytes: Buffer): readonly number[] {
  const types: number[] = [];
  let at = 0;
  while (at + 5 <= bytes.length && at + 5 + bytes.readUInt16BE(at + 3) <= bytes.length) {
    types.push(bytes[at] ?? 0);
    at += 5 + bytes.readUInt16BE(at + 3);
  }
  return types;
}
