import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';

/** A port that was free a moment ago, for programs which cannot choose one themselves. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, address, resolve);
  });
  const bound = server.address();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  if (bound === null || typeof bound === 'string') throw new Error('no free port');
  return bound.port;
}

/** Waits until a program accepts connections; throws what it said when it ended before. */
export async function accepting(
  port: number,
  program: { readonly child: ChildProcess; readonly said: () => string },
  address = '127.0.0.1',
): Promise<void> {
  const limit = Date.now() + 60_000;
  while (Date.now() < limit) {
    if (await canConnect(port, address)) return;
    if (program.child.exitCode !== null) break;
    await sleep(40);
  }
  throw new Error(`${program.child.spawnfile} did not listen on ${port}: ${program.said()}`);
}

async function canConnect(port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
