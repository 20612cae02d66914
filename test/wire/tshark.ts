import { execFileSync } from 'node:child_process';
import { expect } from '@jest/globals';
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

/** Wireshark's numbers: a checksum that was verified and is right; the severity of a warning. */
const good = '1';
const warning = 0x0060_0000;

/** Checksums right, nothing lost or out of order, nothing that Wireshark finds worth a warning. */
export function expectClean(file: string): void {
  const names = [
    'tcp.checksum.status',
    'ip.checksum.status',
    'tcp.analysis.flags',
    '_ws.expert.severity',
    'tcp.flags.reset',
  ];
  const rows = fields(file, 'frame', ...names);
  expect(rows.length).toBeGreaterThan(0);
  for (const [tcp, ip, analysis, severities, reset] of rows) {
    expect({ tcp, ip, analysis }).toEqual({ tcp: good, ip: ip === '' ? '' : good, analysis: '' });
    const worst = Math.max(0, ...severities!.split(',').map(Number));
    // A reset is worth a warning, but it is what happened.
    if (reset !== '1') expect(worst).toBeLessThan(warning);
  }
}
