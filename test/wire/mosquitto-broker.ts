import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { peerEnv } from '../support/peers.js';

export interface Broker {
  readonly port: number;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** A real mosquitto on a port that was free a moment ago. `lines` come after its `listener` line. */
export async function mosquitto(dir: string, lines: readonly string[], host = '127.0.0.1'): Promise<Broker> {
  const port = await freePort(host);
  const config = join(dir, `mosquitto-${port}.conf`);
  // Started as root it would give its rights away and could not read the keys any more.
  writeFileSync(config, [`user ${userInfo().username}`, `listener ${port} ${host}`, ...lines, ''].join('\n'));
  const child = spawn('mosquitto', ['-c', config, '-v'], { cwd: dir, env: peerEnv(), stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  for (const deadline = Date.now() + 10_000; !(await listens(port, host));) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`mosquitto does not listen: ${output}`);
    }
  }
  return { port, output: () => output, stop };
}

export async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function listens(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    return false;
  } finally {
    socket.destroy();
  }
}
