import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { commands } from '../../src/cli/commands/index.js';
import { main } from '../../src/cli/main.js';
import { painter, printable, type Terminal } from '../../src/cli/terminal.js';
import type { Arguments } from '../../src/cli/options.js';
import { parseArguments } from '../../src/cli/yargs.js';
import { repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const folder = temporaryFolder();

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
    stderrColumns: 80,
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
      expect(out()).not.toContain('\u0002');
      const firstScreen = out().split('\n').slice(0, 23).join('\n');
      for (const [example] of spec.examples.slice(0, 2)) {
        expect(firstScreen.replaceAll(/ \\\n +/g, ' ')).toContain(`\n  ${example}\n`);
      }
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

  test.each(['-v', '-V'])('%s is --version', async (word) => {
    const { terminal, out } = recorder();
    expect(await main([word], terminal)).toBe(0);
    expect(out()).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('mistakes', () => {
  test.each<[readonly string[], string]>([
    [['strp', 'x'], 'did you mean strip?'],
    [['strip'], 'there is no input'],
    [['device.pem'], 'there is no command device.pem'],
    [['demo'], 'sapcert sandbox does it'],
    [['x509', '-in', 'y'], 'sapcert inspect does it'],
    [['verify', 'y'], 'sapcert check does it'],
    [['help', 'publish'], 'sapcert send does it'],
    [['help', 'nope'], 'there is no command nope'],
    [['completion', 'fish'], 'there is no completion for fish'],
    [['--nonsense'], 'a command comes before --nonsense'],
    [['strip', 'x', '--nonsense'], 'there is no option --nonsense'],
    [['strip', '--nonsense', 'x'], 'there is no option --nonsense'],
    [['strip', 'x', '--passn', 'y'], 'did you mean --passin?'],
    [['strip', 'x', '--outdir=y'], 'did you mean --out-dir?'],
    [['strip', 'x', '-o'], '-o needs a value'],
    [['strip', 'x', '--passin'], '--passin needs a value'],
    [['strip', 'x', '--key-format', 'pkcs7'], 'choices'],
    [['strip', 'x', '-o', 'a', '-o', 'b'], '--output is given twice'],
    [['strip', 'x', 'y', '-o', 'z'], '--output is about one input'],
    [['strip', 'x', '-o', 'y', '--out-dir', 'z'], 'exclude each other'],
    [['split', 'x', 'y'], 'one word too many: y'],
    [['combine', '--key', 'x'], 'needs --cert FILE'],
    [['combine', '--key', 'x', '--cert', 'y', '--p12', 'z', '--encrypt'], 'always encrypted'],
    [['combine', '--key', 'x', '--cert', 'y', '--passout', 'env:Z'], 'add --encrypt'],
    [['combine', '--key', 'x', '--cert', 'y', '--encrypt', '--key-format', 'pkcs1'], 'always PKCS#8'],
    [['combine', '--key', '', '--cert', 'y'], 'the name of a file is empty'],
    [['strip', 'x', '-p', 'y'], 'there is no option -p'],
    [['strip', '-in', 'x', '-out', 'y'], 'there is no option -in'],
    [['strip', 'x', '-out', 'y'], 'here it is --output FILE'],
    [['strip', 'x', '-overwrite'], 'did you mean --overwrite?'],
    [['strip', 'x', '-passin', 'pass:y'], 'did you mean --passin?'],
    [['strip', 'x', '--passphrase=y'], 'here it is --passin SOURCE'],
    [['strip', 'x', '-inform', 'DER'], 'recognised by its content'],
    [['strip', 'x', '-nodes'], 'decrypts the key by itself'],
    [['strip', 'x', '--force'], 'here it is --overwrite'],
    [['strip', 'x', '-noout', '-enddate'], 'sapcert inspect shows it'],
    [['inspect', 'x', '-checkend', '3600'], 'here it is --expires-within TIME'],
    [['combine', '--key', 'x', '--cert', 'y', '-export'], 'here it is --p12 FILE'],
    [['combine', '--key', 'x', '-certfile', 'y'], 'here it is --chain FILE'],
    [['check', 'x', '--cafile', 'y'], 'here it is --ca FILE'],
    [['check', 'x', '--cert', 'y'], 'stands by itself, as the input'],
    [['check', 'x', '--insecure'], 'nothing here goes on without checking the server'],
    [['check', 'x', '-k'], '--ca FILE'],
    [['check', 'x', '-k', '30'], 'the keepalive, which -k is to mosquitto_pub, has no option here'],
    [['send', 'x', '-s'], 'measures on standard input are read without an option'],
    [['check', 'x', '-d'], 'here it is --trace'],
    [['send', 'x', '-d'], 'SAPCERT_DEBUG=1'],
    [['strip', 'x', '-d', 'y'], 'here it is --out-dir DIR'],
    [['strip', 'x', '-r'], 'of a folder all files count'],
    [['check', 'x', '--recursive'], 'of a folder all files count'],
    [['check', 'x', '-h', 'gateway'], '--host HOST'],
    [['check', 'x', '-connect', 'h:1'], 'here it is --host HOST'],
    [['send', 'x', '-p', '8883'], 'here it is --port N'],
    [['send', 'x', '-t', 'y'], 'here it is --topic TOPIC'],
    [['check', 'x', '-t', 'y'], 'here it is --publish TOPIC'],
    [['send', 'x', '--insecure'], 'name its authority with --ca FILE'],
    [['send', 'x', '-P', 'y'], 'here it is --password SOURCE'],
    [['strip', 'x', '--capath', 'y'], 'sapcert check has it: --ca FILE'],
    [['strip', 'x', '--out', 'y'], 'did you mean --output or --out-dir?'],
    [['check', 'x', '--capability', 'y'], 'sapcert send has it'],
    [['split'], 'hint: sapcert split device.pem; what comes through a pipe is the input -'],
    [['strip'], 'what comes through a pipe is the input -'],
    [['combine', 'x', 'y'], 'sapcert combine --key private.key --cert certificate.crt'],
    [['send', 'x', '--measure', 't', '25'], 'a measure goes with --measure NAME=VALUE'],
    [['check', '--host', 'h', '--timeout', '5'], '--timeout 30s'],
    [['check', '--host', 'h:1', '--port', '2'], 'two ports are given: 1 in --host, 2 with --port'],
    [['check', '--host', 'h', '--until', 'ack'], '--until ack needs something to publish'],
    [['check', '--host', 'h', '--measure', 't=25'], 'sapcert send takes NAME=VALUE'],
    [
      ['check', '--host', 'h', '--until', 'tls', '--measure', '{}'],
      '--measure has no effect with --until tls',
    ],
    [['check', '--from', 'x', '--host', 'h'], '--from nothing is contacted: --host would have no effect'],
    [
      ['check', 'y', '--from', 'x', '--ca', 'c', '--port', '1'],
      'an input, --port and --ca would have no effect',
    ],
    [['check', '--from', 'x', '--until', 'tls'], '--until would have no effect'],
    [['check', '--from', 'x', '--secrets', 's'], '--secrets would have no effect'],
    [['check', '--host', 'h', '--pcap-no-secrets'], '--pcap-no-secrets has no effect without --pcap'],
    [['check', '--host', 'h', '--no-redact'], '--no-redact has no effect without --report'],
    [['check', '--host', 'h', '--qos', '0'], '--qos has no effect without --publish'],
    [['send', 'x', '--host', 'h', '--sensor', 's'], '--sensor has no effect without --measure'],
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

test.each([
  ['check', '-r'],
  ['send', '-r'],
  ['strip', '-k'],
  ['strip', '-s'],
  ['explain', '-d'],
])(
  'sapcert %s %s: no hint, as the letter means different things to different programs',
  async (name, option) => {
    const { terminal, err } = recorder();
    expect(await main([name, 'x', option], terminal)).toBe(2);
    expect(err()).toContain(`hint: see sapcert ${name} --help`);
  },
);

describe('words that need care', () => {
  const command = `"${process.execPath}" "${join(repository, 'bin/sapcert.cjs')}"`;

  const parsed = async (...argv: string[]): Promise<Arguments | undefined> => {
    const specs = commands.map(({ spec }) => spec);
    const found = await parseArguments(argv, specs, 80);
    return found.kind === 'command' ? found.args : undefined;
  };

  test.each<[string[], Arguments]>([
    [['strip', '--', '-x.pem', '--help'], { inputs: ['-x.pem', '--help'], options: {} }],
    [['strip', '-o', 'y', '--', '-'], { inputs: ['-'], options: { output: 'y' } }],
    [['strip', 'x', '-oy'], { inputs: ['x'], options: { output: 'y' } }],
    [['strip', 'x', '-o=y'], { inputs: ['x'], options: { output: 'y' } }],
    [['strip', '-', '-o', '-'], { inputs: ['-'], options: { output: '-' } }],
    [['explain', 'returned', '-0x2700'], { inputs: ['returned', '-0x2700'], options: {} }],
    [['explain', '-1'], { inputs: ['-1'], options: {} }],
  ])('%j', async (argv, args) => expect(await parsed(...argv)).toEqual(args));

  test.each(commands.map(({ spec }) => [spec.name]))('help %s is %s --help', async (name) => {
    const [before, after] = [recorder(), recorder()];
    expect(await main(['help', name], before.terminal)).toBe(0);
    await main([name, '--help'], after.terminal);
    expect(before.out()).toBe(after.out());
  });

  const secret = 's3cr3t-canary';
  const pem = `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`;
  test.each([
    [['strip', pem]],
    [['strip', ...pem.split(/\s/)]],
    [['split', `{"secret":"${secret}","pem":"x"}`]],
    [['inspect', ` { "secret": "${secret}" }`]],
    [['combine', '--key', pem, '--cert', 'x']],
    [[pem]],
  ])('a bundle in place of its name is not quoted (%#)', async (argv) => {
    const ran = await sapcert(argv);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('sapcert strip -') });
    expect(ran.stderr).not.toContain(secret);
  });

  test('a file that begins with a hyphen is no option, and the hint says how it is one', async () => {
    const script = `echo x > -dev.pem; ${command} strip -dev.pem; ${command} strip -- -dev.pem`;
    const ran = await run('sh', ['-c', script], { cwd: folder });
    expect(ran.stderr).toContain('a file of that name goes behind --');
    expect(ran.stderr).toContain('-dev.pem: neither PEM');
  });

  test('a current folder that is gone', async () => {
    const script = `cd "$(mktemp -d)"; rmdir "$PWD"; ${command} split x.pem; ${command} strip --help`;
    const ran = await run('sh', ['-c', script]);
    expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('x.pem: there is no such file') });
  });
});

describe('errors', () => {
  test('more defects than a terminal takes are counted; --json has them all', async () => {
    const input = '-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n'.repeat(500);
    const asText = await sapcert(['strip', '-'], { input });
    expect(asText.stderr.split('\n').length).toBeLessThan(30);
    expect(asText.stderr).toContain('and 480 more defects');
    const asJson = await sapcert(['strip', '-', '-o', 'x', '--json'], { input });
    expect(JSON.parse(asJson.stdout.toString())).toMatchObject({ error: { defects: { length: 500 } } });
  });

  test('SAPCERT_DEBUG=1 shows where an error came from, and no text of it', async () => {
    const ran = await sapcert(['strip', 'nowhere.pem'], { env: { SAPCERT_DEBUG: '1' } });
    expect(ran.stderr).toMatch(/^ {4}at /m);
    expect(ran.stderr.match(/nowhere/g)).toHaveLength(1);
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
