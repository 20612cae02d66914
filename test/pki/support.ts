import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peerEnv } from '../support/peers.js';

/** What openssl prints on stdout; what it says on stderr is part of the error when it fails. */
export function openssl(args: readonly string[], input?: string): string {
  return execFileSync('openssl', args, {
    encoding: 'utf8',
    env: peerEnv(),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  });
}

/** What openssl says on both streams, whether it succeeds or not. */
export function opensslSays(args: readonly string[]): string {
  const { stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8', env: peerEnv() });
  return stdout + stderr;
}

/** Runs `body` with a folder of its own, in which `write` puts files, and removes the folder. */
export async function withFolder<T>(
  body: (write: (name: string, text: string) => string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sapcert-pki-'));
  try {
    return await body((name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
