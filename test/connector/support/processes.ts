import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { peerEnv } from '../../support/programs.js';

/** A program that listens on a port; it can be killed and started again. */
export class ServerProcess {
  #child: ChildProcess | undefined;
  output = '';

  constructor(
    readonly port: number,
    private readonly command: readonly [string, ...string[]],
    private readonly options: {
      readonly cwd: string;
      readonly env?: Record<string, string>;
      readonly seconds?: number;
    },
  ) {}

  async start(): Promise<this> {
    const [program, ...args] = this.command;
    const child = spawn(program, args, {
      cwd: this.options.cwd,
      env: peerEnv(this.options.env ?? {}),
      stdio: 'pipe',
      // A group of its own, so that nothing that it started remains.
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    const deadline = Date.now() + 1000 * (this.options.seconds ?? 10);
    while (!(await listens(this.port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await this.kill();
        throw new Error(`${program} does not listen: ${this.output}`);
      }
      await sleep(20);
    }
    return this;
  }

  /** As `kill -9` does. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid, 'SIGKILL');
    await exited;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listens(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Waits until something is so; the test's own timeout ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}
