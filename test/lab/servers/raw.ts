import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen, start, type At, type Stand } from '../stand.js';
import { freePort } from './ports.js';

/** A TCP server that does with each connection what it is told. */
export async function raw(stand: Stand, onSocket: (socket: Socket) => void, address?: string): Promise<At> {
  return listen(stand, createServer({ allowHalfOpen: true }, onSocket), address);
}

/** A port on which nothing listens. */
export async function closedPort(): Promise<At> {
  return { host: 'localhost', port: await freePort() };
}

/** Waits for the first bytes of the client before it does something. */
export function afterHello(then: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', () => then(socket));
  };
}

/** Says one thing and then closes or stays. */
export function says(bytes: string | Uint8Array, after: 'close' | 'stay' = 'stay'): (socket: Socket) => void {
  return (socket) => {
    socket.write(bytes);
    if (after === 'close') socket.end();
  };
}

/** A TLS record with an alert in it (RFC 8446 section 6). */
export function alert(number: number, level = 2): Uint8Array {
  return Uint8Array.of(21, 3, 3, 0, 2, level, number);
}

/**
 * A port whose queue of new connections is full, so that the kernel drops every further SYN: to a client this
 * is the same as a firewall that drops. Linux keeps at most backlog + 1 connections waiting.
 */
export async function blackHole(stand: Stand): Promise<At> {
  const port = await freePort();
  const program = `require('node:net').createServer().listen({ port: ${port}, host: '127.0.0.1', backlog: 1 }, () => {
    process.stdout.write('ready\\n', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  })`;
  const { child } = start(stand, process.execPath, ['-e', program]);
  await once(child.stdout, 'data');
  for (let filled = 0; filled < 10; filled += 1) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    stand.defer(() => socket.destroy());
    if (!(await Promise.race([once(socket, 'connect').then(() => true), sleep(300).then(() => false)]))) {
      return { host: '127.0.0.1', port };
    }
  }
  throw new Error('the queue of connections does not fill');
}
