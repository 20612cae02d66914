import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { peerEnv } from '../support/peers.js';

export interface PeerProcess {
  readonly port: number;
  /** All that it printed so far. */
  readonly output: () => string;
  readonly write: (text: string) => void;
  readonly stop: () => Promise<void>;
}

/** `openssl s_server` on a free port. `args` are added to it. */
export async function sServer(args: readonly string[], cwd: string): Promise<PeerProcess> {
  const child = spawn('openssl', ['s_server', '-accept', '0', '-naccept', '1000', ...args], {
    cwd,
    env: peerEnv(),
    stdio: 'pipe',
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
  const exited = once(child, 'exit');
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.on('data', () => {
      const found = /ACCEPT .*:(\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once('exit', () => reject(new Error(`openssl s_server ended: ${output}`)));
  });
  return {
    port,
    output: () => output,
    write: (text) => child.stdin.write(text),
    stop: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
