import { describe, expect, test } from '@jest/globals';
import { commands } from '../../src/cli/commands/index.js';
import { main } from '../../src/cli/main.js';
import { painter, printable, type Terminal } from '../../src/cli/terminal.js';
import { sapcert } from '../support/run.js';

/** A terminal that keeps what it is told. */
function recorder(): { terminal: Terminal; out: () => string; err: () => string } {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    out: (data) => void out.push(String(data)),
    err: (text) => void err.push(text),
    env: {},
    stdinIsTerminal: false,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    columns: 80,
    askSecrets: undefined,
    signal: new AbortController().signal,
    now: () => new Date(),
  };
  return { terminal, out: () => out.join(''), err: () => err.join('') };
}

describe('help', () => {
  test.each(commands.map(({ spec }) => [spec.name, spec] as const))(
    '%s --help fits 80 columns and shows examples',
    async (name, spec) => {
      const { terminal, out, err } = recorder();
      expect(await main([name, '--help'], terminal)).toBe(0);
      expect(err()).toBe('');
      expect(out()).toContain('Examples:');
      for (const option of Object.keys(spec.options)) expect(out()).toContain(`--${option}`);
      expect(
        Math.max(
          ...out()
            .split('\n')
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(80);
      expect(spec.examples.length).toBeGreaterThanOrEqual(2);
    },
  );

  test('without a command the help goes to stderr, exit code 2', async () => {
    const { terminal, out, err } = recorder();
    expect(await main([], terminal)).toBe(2);
    expect(out()).toBe('');
    expect(err()).toContain('sapcert strip [input..]');
  });

  test('the version is the package’s', async () => {
    const { terminal, out } = recorder();
    expect(await main(['--version'], terminal)).toBe(0);
    expect(out()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('mistakes', () => {
  test.each<[readonly string[], string]>([
    [['strp', 'x'], 'did you mean strip?'],
    [['strip'], 'there is no input'],
    [['strip', 'x', '--nonsense'], 'unknown argument: nonsense'],
    [['strip', 'x', '-o'], 'not enough arguments following: o'],
    [['strip', 'x', '--key-format', 'pkcs7'], 'choices'],
    [['strip', 'x', '-o', 'a', '-o', 'b'], '--output is given twice'],
    [['strip', 'x', 'y', '-o', 'z'], '--output is about one input'],
    [['strip', 'x', '-o', 'y', '--out-dir', 'z'], 'exclude each other'],
    [['split', 'x', 'y'], 'unknown argument: y'],
    [['combine', '--key', 'x'], 'needs --cert FILE'],
    [['combine', '--key', 'x', '--cert', 'y', '--p12', 'z', '--encrypt'], 'always encrypted'],
  ])('%j', async (argv, words) => {
    const asText = recorder();
    expect(await main(argv, asText.terminal)).toBe(2);
    expect(asText.out()).toBe('');
    expect(asText.err()).toContain(words);
    const asJson = recorder();
    expect(await main([...argv, '--json'], asJson.terminal)).toBe(2);
    expect(asJson.err()).toBe('');
    expect(JSON.parse(asJson.out())).toMatchObject({ schemaVersion: 1, error: { code: 'usage.invalid' } });
  });
});

describe('completion', () => {
  test('prints a script, and completes commands and options', async () => {
    expect((await sapcert(['completion'])).stdout.toString()).toContain('_sapcert_yargs_completions');
    expect((await sapcert(['--get-yargs-completions', 'sapcert', 'st'])).stdout.toString()).toContain(
      'strip',
    );
    expect(
      (await sapcert(['--get-yargs-completions', 'sapcert', 'strip', '--'])).stdout.toString(),
    ).toContain('--passin');
  });
});

describe('the terminal', () => {
  test.each<[Record<string, string>, boolean, boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal %s: colours %s', (env, isTerminal, coloured) => {
    expect(painter(env, isTerminal)('red', 'x') !== 'x').toBe(coloured);
  });

  test('control characters and bidirectional marks of foreign text are shown, not obeyed', () => {
    expect(printable('a\u001b[31mb\u0007\u202ec\u009b')).toBe(String.raw`a\x1b[31mb\x07\u202ec\x9b`);
  });
});
