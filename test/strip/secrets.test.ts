import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeWithPeer } from '../support/peers.js';
import { fixtures, repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();
const secret = readFileSync(join(fixtures, 'device-2018.secret'), 'utf8').trim();

/** A bundle without a secret beside it. */
function lonelyBundle(): { bundle: string; output: string; path: (name: string) => string } {
  const folder = mkdtempSync(join(root, 'secret-'));
  const bundle = join(folder, 'device.pem');
  copyFileSync(join(fixtures, 'device-2018.pem'), bundle);
  return { bundle, output: join(folder, 'device.newcert.pem'), path: (name) => join(folder, name) };
}

function secretFile(path: string, content = `${secret}\n`): string {
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

describe('where the secret comes from', () => {
  test.each<[string, (path: (name: string) => string) => Parameters<typeof sapcert>]>([
    ['env:', () => [['--passin', 'env:BUNDLE_SECRET'], { env: { BUNDLE_SECRET: secret } }]],
    ['file:', (path) => [['--passin', `file:${secretFile(path('s'))}`]]],
    ['file: with CRLF', (path) => [['--passin', `file:${secretFile(path('s'), `${secret}\r\n`)}`]]],
    [
      'file: UTF-16, as Windows PowerShell writes it',
      (path) => {
        const name = secretFile(path('s'));
        writeFileSync(name, Buffer.from(`\ufeff${secret}\r\n`, 'utf16le'));
        return [['--passin', `file:${name}`]];
      },
    ],
    [
      'file: with more lines',
      (path) => [['--passin', `file:${secretFile(path('s'), `${secret}\nnot this\n`)}`]],
    ],
    ['stdin', () => [['--passin', 'stdin'], { input: `${secret}\n` }]],
    [
      'fd:',
      (path) => [
        ['--passin', 'fd:3'],
        { stdio: ['pipe', 'pipe', 'pipe', openSync(secretFile(path('s')), 'r')] },
      ],
    ],
    ['--secret, the alias', () => [['--secret', 'env:BUNDLE_SECRET'], { env: { BUNDLE_SECRET: secret } }]],
    ['SAPCERT_SECRET', () => [[], { env: { SAPCERT_SECRET: secret } }]],
    ['<stem>.secret beside the bundle', (path) => (secretFile(path('device.secret')), [[]])],
  ])('%s', async (_, make) => {
    const { bundle, output, path } = lonelyBundle();
    const [args, options] = make(path);
    const ran = await sapcert(['strip', bundle, ...args], options);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(output)).toBe(true);
  });

  test('pass: works, and warns that others can read it', async () => {
    const { bundle } = lonelyBundle();
    const ran = await sapcert(['strip', bundle, '--passin', `pass:${secret}`]);
    expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('can be read by other users') });
    expect(ran.stderr).not.toContain(secret);
  });

  test('file: Latin-1, as editors of Windows write it', async () => {
    const { bundle, output, path } = lonelyBundle();
    const beyond = 'Schl\u00fcssel';
    const latin1 = path('latin1');
    writeFileSync(latin1, Buffer.from(`${beyond}\r\n`, 'latin1'), { mode: 0o600 });
    const seal = [
      'combine',
      '--key',
      bundle,
      '--cert',
      bundle,
      '--passin',
      `file:${secretFile(path('s'))}`,
      '--encrypt',
    ];
    const sealed = await sapcert([...seal, '--passout', `file:${latin1}`, '-o', path('sealed.pem')]);
    expect(sealed).toMatchObject({ status: 0 });
    for (const encoding of ['latin1', 'utf8'] as const) {
      writeFileSync(path('again'), Buffer.from(beyond, encoding), { mode: 0o600 });
      const args = ['--passin', `file:${path('again')}`, '--overwrite', '-o', output];
      expect(await sapcert(['strip', path('sealed.pem'), ...args])).toMatchObject({ status: 0 });
    }
  });

  test('the JSON download brings its own', async () => {
    const { path } = lonelyBundle();
    const ran = await sapcert(['strip', join(fixtures, 'download.json'), '-o', path('out.pem')]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
  });

  test('a download’s own secret comes before a file beside it', async () => {
    const { path } = lonelyBundle();
    copyFileSync(join(fixtures, 'download.json'), path('download.json'));
    secretFile(path('download.secret'), 'of an older download');
    for (const command of ['strip', 'inspect'])
      expect(await sapcert([command, path('download.json')])).toMatchObject({ status: 0, stderr: '' });
  });

  test('a key that is not encrypted needs none, whatever lies beside it', async () => {
    const { bundle, path } = lonelyBundle();
    await sapcert(['strip', bundle, '-o', path('plain.pem'), '--passin', `file:${secretFile(path('s'))}`]);
    secretFile(path('plain.secret'), '');
    expect(await sapcert(['strip', path('plain.pem')])).toMatchObject({ status: 0, stderr: '' });
  });

  test('a flag comes before the environment, the environment before the file', async () => {
    const { bundle, path } = lonelyBundle();
    secretFile(path('device.secret'), 'wrong');
    expect((await sapcert(['strip', bundle], { env: { SAPCERT_SECRET: secret } })).status).toBe(0);
    const ran = await sapcert(['strip', bundle, '--overwrite', '--passin', 'env:B'], {
      env: { SAPCERT_SECRET: 'x', B: secret },
    });
    expect(ran.status).toBe(0);
  });

  test.each([
    [`"${secret}"`, 'quotation marks'],
    [`secret: ${secret}`, 'the first line has to be the secret and nothing else'],
    [`\n${secret}`, 'has to stand in the first line'],
  ])(
    'a file that holds more than the secret, or less, in its first line: the hint says so',
    async (content, hint) => {
      const { bundle, path } = lonelyBundle();
      secretFile(path('device.secret'), content);
      const ran = await sapcert(['strip', bundle]);
      expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(hint) });
      expect(ran.stderr).not.toContain(secret);
    },
  );

  test('a secret file that others can read is warned of', async () => {
    const { bundle, path } = lonelyBundle();
    chmodSync(secretFile(path('device.secret')), 0o644);
    const ran = await sapcert(['strip', bundle]);
    expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('chmod 600') });
  });

  test.each([
    ['--passin', 'secret.txt', 'file:PATH'],
    ['--passin', 'env:NO_SUCH_VARIABLE', 'no variable NO_SUCH_VARIABLE'],
    ['--passin', 'fd:999', 'descriptor 999 is not open'],
    ['--passin', 'env:', 'takes env:NAME'],
    ['--passin', 'file:/dev/zero', 'larger than 64 KiB'],
    ['--passin', 'file:/no/such/file', 'no such file'],
  ])('%s %s is refused', async (option, value, says) => {
    const { bundle, output } = lonelyBundle();
    const ran = await sapcert(['strip', bundle, option, value]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
    expect(existsSync(output)).toBe(false);
  });

  test.each([
    [['strip', '-', '--passin', 'stdin']],
    [['strip', '-', '--passin', 'file:-']],
    [['strip', 'x', '--key', '-', '--passin', 'fd:0']],
    [['combine', '--key', '-', '--cert', '-']],
    [['combine', '--key', 'k', '--cert', 'c', '--encrypt', '--passin', 'stdin', '--passout', 'stdin']],
  ])('standard input cannot bring two things: %j', async (args) => {
    const ran = await sapcert(args, { input: secret });
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('only one thing') });
  });
});

interface Session {
  readonly status: number;
  readonly shown: string;
  readonly echo: readonly [before: boolean, during: boolean, after: boolean];
}

describeWithPeer('python3', 'the prompt, in a real pseudo-terminal', () => {
  async function atTerminal(
    keys: string,
    args: readonly string[],
    env: Record<string, string> = {},
  ): Promise<Session> {
    const program = [process.execPath, join(repository, 'bin/sapcert.cjs'), ...args];
    const ran = await run('python3', [join(repository, 'test/support/terminal.py'), keys, ...program], {
      env,
    });
    return JSON.parse(ran.stdout.toString()) as Session;
  }

  test('asks without showing what is typed, and restores the terminal', async () => {
    const { bundle, output } = lonelyBundle();
    const session = await atTerminal(`${secret}\\r`, ['strip', bundle]);
    expect(session).toMatchObject({ status: 0, echo: [true, false, true] });
    expect(session.shown).toContain('secret of ');
    expect(session.shown).not.toContain(secret);
    expect(existsSync(output)).toBe(true);
  });

  test('says what was typed wrongly, and that it was typed', async () => {
    const { bundle } = lonelyBundle();
    const session = await atTerminal(`${secret} \\r`, ['strip', bundle]);
    expect(session).toMatchObject({ status: 2, echo: [true, false, true] });
    expect(session.shown).toContain('the secret from the prompt does not open the private key');
    expect(session.shown).toContain('spaces around it');
  });

  test('understands backspace and line erase', async () => {
    const { bundle } = lonelyBundle();
    const session = await atTerminal(`nonsense\\x15${secret}xy\\x7f\\x7f\\r`, ['strip', bundle]);
    expect(session.status).toBe(0);
  });

  test('an empty secret in the arguments was not typed', async () => {
    const { bundle } = lonelyBundle();
    const ran = await sapcert(['strip', bundle, '--passin', 'pass:']);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('the secret is empty') });
  });

  test('says so when nothing was typed', async () => {
    const { bundle } = lonelyBundle();
    const session = await atTerminal('\\r', ['strip', bundle]);
    expect(session).toMatchObject({ status: 2, shown: expect.stringContaining('no secret was typed') });
  });

  test('takes no arrow key for a part of the secret', async () => {
    const { bundle } = lonelyBundle();
    const session = await atTerminal(`\\x1b[A${secret}\\x1bOD\\x1b[3~\\r\\n`, ['strip', bundle]);
    expect(session.status).toBe(0);
  });

  test('asks at the terminal also when standard error is a file', async () => {
    const { bundle, path } = lonelyBundle();
    const session = await atTerminal(`${secret}\\r`, ['strip', bundle], { PTY_STDERR: path('log') });
    expect(session).toMatchObject({ status: 0, echo: [true, false, true] });
    expect(session.shown).toContain('secret of ');
    expect(readFileSync(path('log'), 'utf8')).toBe('');
  });

  test.each([
    ['Ctrl-C', 3, '\\x03'],
    ['Ctrl-C after some keys', 3, 'abc\\x03'],
    ['Ctrl-D', 3, '\\x04'],
  ])('%s restores the terminal and exits %i, nothing written', async (_, status, keys) => {
    const { bundle, output } = lonelyBundle();
    const session = await atTerminal(keys, ['strip', bundle]);
    expect(session).toMatchObject({ status, echo: [true, false, true] });
    expect(existsSync(output)).toBe(false);
  });

  test('asks at the terminal also when the bundle comes through a pipe', async () => {
    const { bundle, path } = lonelyBundle();
    const session = await atTerminal(`${secret}\\r`, ['strip', '-', '-o', path('out.pem')], {
      PTY_STDIN: bundle,
    });
    expect(session).toMatchObject({ status: 0, echo: [true, false, true] });
  });

  test('asks twice for the secret of a new bundle', async () => {
    const { bundle, path } = lonelyBundle();
    await sapcert(['split', bundle, '--passin', 'env:S', '--key-out', path('k'), '--cert-out', path('c')], {
      env: { S: secret },
    });
    const args = ['combine', '--key', path('k'), '--cert', path('c'), '--encrypt', '-o', path('enc.pem')];
    const session = await atTerminal('new\\r\\nnew\\r\\n', args);
    expect(session).toMatchObject({ status: 0, echo: [true, false, true] });
    expect(readFileSync(path('enc.pem'), 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  });
});
