import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { peerEnv } from '../support/programs.js';
import { openWorld, type World } from './world.js';

/** Where a server can be reached, in the words of the options of a check. */
export interface At {
  readonly host: string;
  readonly port: number;
}

/** What one row builds its servers with; everything it starts ends with the row. */
export interface Stand {
  readonly world: World;
  /** Writes a file into a folder of the row's own. */
  readonly file: (name: string, text: string | Uint8Array) => string;
  readonly defer: (cleanup: () => unknown) => void;
  /** Starts something that many rows use, once; it ends with the laboratory. */
  readonly shared: <T>(key: string, start: (stand: Stand) => Promise<T>) => Promise<T>;
}

export interface OpenStand extends Stand {
  readonly close: () => Promise<void>;
}

export interface Lab {
  readonly world: World;
  readonly stand: () => OpenStand;
  readonly close: () => Promise<void>;
}

export async function openLab(): Promise<Lab> {
  const world = await openWorld();
  const started = new Map<string, Promise<unknown>>();
  const common = openStand(world, shared);

  async function shared<T>(key: string, start: (stand: Stand) => Promise<T>): Promise<T> {
    const known = started.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const starting = start(common);
    started.set(key, starting);
    return starting;
  }

  return { world, stand: () => openStand(world, shared), close: async () => common.close() };
}

function openStand(world: World, shared: Stand['shared']): OpenStand {
  const cleanups: (() => unknown)[] = [];
  let folder: string | undefined;
  const defer = (cleanup: () => unknown): void => void cleanups.push(cleanup);
  return {
    world,
    shared,
    defer,
    file: (name, text) => {
      folder ??= mkdtempSync(join(tmpdir(), 'sapcert-lab-'));
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    },
    close: async () => {
      for (const cleanup of cleanups.toReversed()) await cleanup();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Listens on a free port of the loopback and drops all connections at the end. */
export async function listen(stand: Stand, server: Server, address = '127.0.0.1', port = 0): Promise<At> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  stand.defer(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  return { host: address === '127.0.0.1' ? 'localhost' : address, port: bound.port };
}

const running = new Set<() => void>();
process.once('exit', () => {
  for (const kill of running) kill();
});

/** Starts a real program which ends with the row. Its output is kept for the error that says why it did not start. */
export function start(
  stand: Stand,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly child: ChildProcessWithoutNullStreams; readonly said: () => string } {
  const child = spawn(command, args, { env: peerEnv(env), detached: true });
  const output: Buffer[] = [];
  child.on('error', (error) => output.push(Buffer.from(`${error.message}\n`)));
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  );
  // Some programs start others (faketime, escript): the whole group goes, also when the tests are cut short.
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, 'SIGKILL');
  };
  running.add(kill);
  stand.defer(async () => {
    running.delete(kill);
    kill();
    await Promise.race([ended, sleep(5000, undefined, { ref: false })]);
    for (const stream of child.stdio) stream?.destroy();
  });
  return { child, said: () => Buffer.concat(output).toString() };
}
