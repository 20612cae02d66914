import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, test } from '@jest/globals';
import { tapSocket, type Tapped, type WireEntry } from '../../src/wire/index.js';
import { eventually } from './connection.js';

const open: (Server | Socket | Duplex)[] = [];

afterEach(() => {
  for (const one of open.splice(0)) {
    if ('close' in one) one.close();
    else one.destroy();
  }
});

/** A TCP server that does `behave`, and a tapped connection to it. */
async function tapped(
  behave: (socket: Socket) => void,
  limit?: number,
): Promise<Tapped & { socket: Socket }> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    open.push(socket);
    behave(socket);
  }).listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1' });
  const tap = tapSocket(socket, { limit });
  open.push(tap.stream);
  return { ...tap, socket };
}

function bytesFrom(side: 'client' | 'server', entries: readonly WireEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => (entry.kind === 'data' && entry.from === side ? [entry.bytes] : [])),
  );
}

/** Not with `for await`: that destroys the stream at its end. */
async function collect(stream: Duplex): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'end');
  return Buffer.concat(chunks);
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

describe('the tap', () => {
  test('joins the writes of one turn of the loop, and keeps those of different turns apart', async () => {
    const { stream, recording } = await tapped((socket) => socket.resume());
    await eventually(() => recording.entries.length > 0, 'the connection');
    for (const part of ['a', 'b', 'c']) stream.write(part);
    await new Promise<void>((resolve) => {
      process.nextTick(() => {
        stream.write('d');
        resolve();
      });
    });
    await eventually(() => recording.seen.client === 4, 'four bytes');
    stream.write('e');
    await eventually(() => recording.seen.client === 5, 'the fifth byte');
    const sent = recording.entries.flatMap((entry) =>
      entry.kind === 'data' ? [Buffer.from(entry.bytes).toString()] : [],
    );
    expect(sent).toEqual(['abcd', 'e']);
  });

  test('carries megabytes both ways unchanged, and records them', async () => {
    const { stream, recording } = await tapped((socket) => socket.pipe(socket), 64 * 1024 * 1024);
    const sent = Buffer.alloc(5_000_000).map((_, index) => (index * 31) % 251);
    const received = collect(stream);
    for (let start = 0; start < sent.length; start += 70_001) {
      if (!stream.write(sent.subarray(start, start + 70_001))) await once(stream, 'drain');
    }
    stream.end();
    expect(Buffer.compare(await received, sent)).toBe(0);
    expect(Buffer.compare(bytesFrom('client', recording.entries), sent)).toBe(0);
    expect(Buffer.compare(bytesFrom('server', recording.entries), sent)).toBe(0);
  });

  test('takes no more than the peer reads', async () => {
    const { stream, recording } = await tapped((peer) => peer.pause(), 1e9);
    const chunk = Buffer.alloc(256 * 1024);
    const limit = 100 * 1024 * 1024;
    let taken = 0;
    while (taken < limit) {
      taken += chunk.length;
      // Half a second without a drain: the kernel's buffers are full, and so must the tap be.
      if (!stream.write(chunk) && (await Promise.race([once(stream, 'drain'), pause(500)])) === undefined)
        break;
    }
    expect(taken).toBeLessThan(limit);
    expect(stream.writableNeedDrain).toBe(true);
    expect(taken - recording.seen.client).toBeLessThanOrEqual(2 * chunk.length);
  });

  test('stops reading while nobody reads from it', async () => {
    const { stream, recording } = await tapped((peer) => {
      const more = (): void => {
        while (peer.write(Buffer.alloc(64 * 1024))) continue;
        peer.once('drain', more);
      };
      more();
    });
    await once(stream, 'readable');
    await pause(200);
    // One chunk above the mark at most; a tap that ignores it would have read many megabytes by now.
    expect(recording.seen.server).toBeLessThanOrEqual(stream.readableHighWaterMark + 2 * 64 * 1024);
  });

  test('lets us go on writing after the peer has ended, and the peer after us', async () => {
    const heard: string[] = [];
    const first = await tapped((peer) => {
      peer.on('data', (chunk: Buffer) => heard.push(chunk.toString()));
      peer.end('bye');
    });
    expect((await collect(first.stream)).toString()).toBe('bye');
    first.stream.write('still here');
    first.stream.end();
    await eventually(() => heard.join('') === 'still here', 'the late bytes');
    await eventually(() => first.recording.entries.at(-1)?.kind === 'close', 'the close');
    expect(first.recording.entries.map(({ kind }) => kind)).toEqual([
      'connect',
      'data',
      'fin',
      'data',
      'fin',
      'close',
    ]);
    expect(first.recording.entries.at(-1)).toMatchObject({ by: 'server' });

    const second = await tapped((peer) => {
      peer.resume();
      peer.once('end', () => peer.end('answer'));
    });
    second.stream.end('question');
    expect((await collect(second.stream)).toString()).toBe('answer');
    await eventually(() => second.recording.entries.at(-1)?.kind === 'close', 'the close');
    expect(second.recording.entries.at(-1)).toMatchObject({ by: 'client' });
  });

  test('shows a reset as the error it is, and who did it', async () => {
    const { stream, recording } = await tapped((peer) => peer.once('data', () => peer.resetAndDestroy()));
    stream.write('x');
    stream.resume();
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    await eventually(() => recording.entries.at(-1)?.kind === 'close', 'the close');
    expect(recording.entries).toMatchObject([
      { kind: 'connect' },
      { kind: 'data', from: 'client' },
      { kind: 'error', code: 'ECONNRESET' },
      { kind: 'close', by: 'server' },
    ]);
  });

  test('shows a refused connection', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { stream, recording } = tapSocket(connect({ port, host: '127.0.0.1' }));
    stream.write('never sent');
    const [error] = (await once(stream, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    expect(recording.entries).toMatchObject([{ kind: 'error', code: 'ECONNREFUSED' }]);
    expect(recording.seen.client).toBe(0);
  });

  test('of a socket that is gone already is gone too', async () => {
    const socket = connect({ port: 9, host: '127.0.0.1' });
    socket.destroy();
    await once(socket, 'close');
    const { stream, recording } = tapSocket(socket);
    await once(stream, 'close');
    expect(stream.destroyed).toBe(true);
    expect(recording.entries).toEqual([]);
  });

  test('sends what was written before it is destroyed, and closes the socket', async () => {
    const heard: string[] = [];
    const { stream, socket, recording } = await tapped((peer) =>
      peer.on('data', (chunk: Buffer) => heard.push(chunk.toString())),
    );
    await eventually(() => recording.entries.length > 0, 'the connection');
    stream.write('an alert, say');
    stream.destroy();
    await once(stream, 'close');
    expect(socket.closed).toBe(true);
    await eventually(() => heard.join('') === 'an alert, say', 'the last bytes');
    expect(recording.entries.map(({ kind }) => kind)).toEqual(['connect', 'data', 'close']);
    expect(recording.entries.at(-1)).toMatchObject({ by: 'client' });
  });

  test('keeps no more than its limit, counts all, and says that it was cut', async () => {
    const { stream, recording } = await tapped((socket) => socket.pipe(socket), 20_000);
    stream.resume();
    for (let sent = 0; sent < 50; sent += 1) {
      stream.write(Buffer.alloc(1000));
      await eventually(() => recording.seen.server >= (sent + 1) * 1000, 'the echo');
    }
    expect(recording.cut).toBe(true);
    expect(recording.seen).toEqual({ client: 50_000, server: 50_000 });
    const kept =
      bytesFrom('client', recording.entries).length + bytesFrom('server', recording.entries).length;
    expect(kept).toBeGreaterThan(15_000);
    expect(kept).toBeLessThanOrEqual(20_000);
  });

  test('keeps copies: a buffer that is used again does not change what was recorded', async () => {
    const { stream, recording } = await tapped((socket) => socket.resume());
    const buffer = Buffer.from('first');
    stream.write(buffer);
    await eventually(() => recording.seen.client === 5, 'the bytes');
    buffer.write('other');
    expect(bytesFrom('client', recording.entries).toString()).toBe('first');
  });
});
