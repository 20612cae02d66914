import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fill } from '../../src/cli/layout.js';
import { describeWithPeer } from '../support/peers.js';
import { type Ran, repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const folder = temporaryFolder();
/** Longer than a line of a terminal, without a place to break. */
const name = `${'x'.repeat(100)}.pem`;

describeWithPeer('python3', 'what is said on standard error', () => {
  /** Runs sapcert with its standard error on a terminal of so many columns. */
  const atTerminal = async (columns: string, args: readonly string[]): Promise<string[]> => {
    const program = [process.execPath, join(repository, 'bin/sapcert.cjs'), ...args];
    const env = { PTY_COLUMNS: columns, NO_COLOR: '1' };
    const ran: Ran = await run('python3', [join(repository, 'test/support/terminal.py'), '', ...program], {
      cwd: folder,
      env,
    });
    const { shown }: { shown: string } = JSON.parse(ran.stdout.toString());
    return shown.trimEnd().split('\r\n');
  };
  const mistake = ['send', 'x.pem', '--measure', 't', '25'];

  test.each([
    ['80', 80],
    ['60', 60],
    ['200', 200],
    ['0', 80],
  ])('a terminal of %s columns gets lines of at most %s', async (columns, most) => {
    const lines = await atTerminal(columns, mistake);
    const longest = Math.max(...lines.map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(most);
    expect(longest).toBeGreaterThan(Math.min(most, 110) - 20);
    const piped = await sapcert(mistake, { cwd: folder });
    expect(lines.join('\n').replaceAll('\n  ', ' ')).toBe(piped.stderr.trimEnd());
  });

  test('a name is not broken: it can be copied', async () => {
    expect((await atTerminal('80', ['strip', name])).join('\n')).toContain(name);
  });

  test('what is no terminal gets one line for each thing said', async () => {
    const { stderr } = await sapcert(mistake, { cwd: folder });
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
    expect(stderr).toMatch(/^sapcert: hint: .{90,}$/m);
  });
});

test.each<[string[], number, string[]]>([
  [['a', 'b', 'c'], 3, ['a b', '  c']],
  [['longer-than-the-line', 'b'], 5, ['longer-than-the-line', '  b']],
  [['東京', 'b'], 5, ['東京', '  b']],
  [[], 5, ['']],
])('%j on lines of %i columns', (parts, columns, lines) => {
  expect(fill(parts, columns, '  ')).toEqual(lines);
});
