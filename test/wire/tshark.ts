import { execFileSync } from 'node:child_process';
import { peerEnv } from '../support/peers.js';

const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];

/** What tshark prints about a capture file. */
export function tshark(file: string, ...args: readonly string[]): string {
  const all = ['-n', '-r', file, ...checks, ...args];
  return execFileSync('tshark', all, { env: peerEnv(), stdio: 'pipe', maxBuffer: 1e8 }).toString();
}

/** The values of these fields, a row for each frame that `filter` lets through. */
export function fields(file: string, filter: string, ...names: readonly string[]): readonly string[][] {
  const columns = names.flatMap((name) => ['-e', name]);
  const lines = tshark(file, '-Y', filter, '-T', 'fields', ...columns).split('\n');
  return lines.filter((line) => line !== '').map((line) => line.split('\t'));
}
