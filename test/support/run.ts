import { spawn, type SpawnOptions } from 'node:child_process';
import { join, resolve } from 'node:path';
import { peerEnv } from './programs.js';

export const repository = resolve(import.meta.dirname, '../..');
export const fixtures = join(repository, 'fixtures');

export interface Ran {
  /** `null` when a signal ended it. */
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** Added to a clean environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdio?: SpawnOptions['stdio'];
}

/** Runs a real program to its end. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { cwd, input, env = {}, stdio = 'pipe' } = options;
  return new Promise((resolvePromise, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio,
      env: { ...peerEnv(), NODE_EXTRA_CA_CERTS: undefined, ...env },
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      resolvePromise({ status, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString() });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input ?? '');
  });
}

/** The program as a user starts it; `npm test` builds it first. */
export function sapcert(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return run(process.execPath, [join(repository, 'bin/sapcert.cjs'), ...args], options);
}

/** Runs the real openssl and gives its standard output; throws what it said when it failed. */
export async function openssl(args: readonly string[], options: RunOptions = {}): Promise<Buffer> {
  const ran = await run('openssl', args, options);
  if (ran.status === 0) return ran.stdout;
  throw new Error(`openssl ${args.join(' ')}: ${ran.stderr}`);
}
