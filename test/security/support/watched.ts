import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerEnv } from '../../support/peers.js';
import { repository, type RunOptions } from '../../support/run.js';

export interface Watched {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What everybody on the machine could read of it while it ran: the command lines of it and of its children. */
  readonly commandLines: string;
  /** How many processes it started, and they in turn. */
  readonly children: number;
  /** The most memory it had, in MB; 0 where the system does not tell. */
  readonly peakMemory: number;
}

export interface WatchOptions extends RunOptions {
  /** Milliseconds; so that a program that does not end leaves nothing behind. */
  readonly killAfter?: number;
}

/** Runs sapcert as a user does, and looks at the process table meanwhile (Linux; elsewhere it sees nothing). */
export function watched(args: readonly string[], options: WatchOptions = {}): Promise<Watched> {
  return watchedScript(join(repository, 'bin/sapcert.cjs'), args, options);
}

/** The same for any program of Node. */
export async function watchedScript(
  script: string,
  args: readonly string[],
  options: WatchOptions = {},
): Promise<Watched> {
  const { cwd, input, env = {}, killAfter } = options;
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    stdio: 'pipe',
    env: { ...peerEnv(), NODE_EXTRA_CA_CERTS: undefined, ...env },
  });
  const seen = new Map<number, string>();
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  let peakMemory = 0;
  const watch = setInterval(() => {
    look(child.pid, seen);
    peakMemory = Math.max(peakMemory, highWater(child.pid));
  }, 4);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  child.stdin.on('error', () => undefined).end(input ?? '');
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  clearInterval(watch);
  clearTimeout(timer);
  return {
    status,
    stdout: Buffer.concat(out).toString(),
    stderr: Buffer.concat(err).toString(),
    commandLines: [...seen.values()].join('\n'),
    children: Math.max(0, seen.size - 1),
    peakMemory,
  };
}

function look(pid: number | undefined, seen: Map<number, string>): void {
  const folder = `/proc/${pid ?? 0}`;
  if (pid === undefined || !existsSync(folder)) return;
  try {
    seen.set(
      pid,
      `${seen.get(pid) ?? ''}\n${readFileSync(`${folder}/cmdline`, 'utf8').replaceAll('\0', ' ')}`,
    );
    for (const task of readdirSync(`${folder}/task`)) {
      const children = readFileSync(`${folder}/task/${task}/children`, 'utf8');
      for (const each of children.split(' ').filter(Boolean)) look(Number(each), seen);
    }
  } catch {
    // It has just ended.
  }
}

/** The kernel's own account of the most that was ever resident, so that looking now and then is enough. */
function highWater(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
