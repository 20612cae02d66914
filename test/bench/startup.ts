import { join } from 'node:path';
import { fixtures, repository, run } from '../support/run.js';
import { inTurn, timed } from './measure.js';
import type { Section } from './report.js';

const entry = join(repository, 'bin/sapcert.cjs');

/** What a command does before it does anything: it is asked for its help, or for work that takes no time. */
const calls: Readonly<Record<string, readonly string[]>> = {
  'strip (plain)': ['strip', join(fixtures, 'nowhere.pem')],
  'sapcert --version': ['--version'],
  'strip --help': ['strip', '--help'],
  'split --help': ['split', '--help'],
  'combine --help': ['combine', '--help'],
  inspect: ['inspect', join(fixtures, 'sap-ca.crt')],
  'check --help': ['check', '--help'],
  'send --help': ['send', '--help'],
  'sandbox --help': ['sandbox', '--help'],
  'explain tcp.refused': ['explain', 'tcp.refused'],
};

export async function measureStartup(rounds: number): Promise<Section> {
  const node = async (): Promise<number> => (await timed(process.execPath, ['-e', '0'])).seconds * 1000;
  const sapcert = (args: readonly string[]) => async (): Promise<number> => {
    const start = performance.now();
    const { stdout, stderr } = await run(process.execPath, [entry, ...args]);
    if (stdout.length + stderr.length === 0) throw new Error(`sapcert ${args.join(' ')} said nothing`);
    return performance.now() - start;
  };
  const ways = Object.fromEntries(Object.entries(calls).map(([name, args]) => [name, sapcert(args)]));
  const measured: Readonly<Record<string, number>> = await inTurn(rounds, { ...ways, node });
  const bare = measured['node'] ?? 0;
  const commands = Object.entries(measured).filter(([name]) => name !== 'node');
  return {
    title: 'Start-up',
    note: `milliseconds more than node -e 0, which takes ${bare.toFixed(0)}; medians of ${rounds} rounds in turn`,
    rows: commands.map(([what, value]) => ({ what, value: value - bare, unit: 'ms' })),
  };
}
