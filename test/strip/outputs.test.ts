import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixtures, repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();
const isRoot = process.getuid?.() === 0;

/** A folder with one bundle and its secret in it. */
function deviceFolder(): { folder: string; bundle: string; path: (name: string) => string } {
  const folder = mkdtempSync(join(root, 'device-'));
  for (const name of ['device.pem', 'device.secret']) copyFileSync(join(fixtures, name), join(folder, name));
  chmodSync(join(folder, 'device.secret'), 0o600);
  return { folder, bundle: join(folder, 'device.pem'), path: (name) => join(folder, name) };
}

const mode = (path: string): number => statSync(path).mode & 0o777;
const isWhole = (text: string): boolean =>
  /^-----BEGIN PRIVATE KEY-----[^]*-----END CERTIFICATE-----\n$/.test(text);

describe('what strip writes', () => {
  test('one file beside its input, 0600, and nothing else', async () => {
    const { folder, bundle, path } = deviceFolder();
    expect(await sapcert(['strip', bundle])).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(folder).toSorted()).toEqual(['device.newcert.pem', 'device.pem', 'device.secret']);
    expect(mode(path('device.newcert.pem'))).toBe(0o600);
    expect(isWhole(readFileSync(path('device.newcert.pem'), 'utf8'))).toBe(true);
  });

  test('--key-out and --cert-out each write just that one beside the combined file', async () => {
    const { folder, bundle, path } = deviceFolder();
    await sapcert(['strip', bundle, '--cert-out', path('only.crt')]);
    expect(readdirSync(folder).toSorted()).toEqual([
      'device.newcert.pem',
      'device.pem',
      'device.secret',
      'only.crt',
    ]);
    expect(mode(path('only.crt')) & 0o044).toBe(0o044 & ~process.umask());
  });

  test('-o - gives the combined text on stdout and nothing more', async () => {
    const { bundle } = deviceFolder();
    const ran = await sapcert(['strip', bundle, '-o', '-']);
    expect(isWhole(ran.stdout.toString())).toBe(true);
    expect(ran.stderr).toContain('pump-0001');
  });

  test('-o - leaves no room for the document of --json, nor for a second output', async () => {
    const { bundle, folder } = deviceFolder();
    const json = await sapcert(['strip', bundle, '-o', '-', '--json']);
    expect(json.status).toBe(2);
    expect(JSON.parse(json.stdout.toString())).toMatchObject({ error: { code: 'usage.invalid' } });
    const twice = await sapcert(['strip', bundle, '-o', '-', '--key-out', '/dev/stdout']);
    expect(twice).toMatchObject({ status: 2, stderr: expect.stringContaining('standard output') });
    expect(twice.stdout.toString()).toBe('');
    expect(readdirSync(folder).toSorted()).toEqual(['device.pem', 'device.secret']);
  });

  test('split gives one part on stdout and writes the other', async () => {
    const { bundle, folder } = deviceFolder();
    const ran = await sapcert(['split', bundle, '--key-out', '-'], { cwd: folder });
    expect(ran.stdout.toString()).toMatch(/^-----BEGIN PRIVATE KEY-----[^]*-----END PRIVATE KEY-----\n$/);
    expect(readdirSync(folder).toSorted()).toEqual(['device.certificate.crt', 'device.pem', 'device.secret']);
  });

  test('standard input to standard output', async () => {
    const { bundle, path } = deviceFolder();
    const ran = await sapcert(['strip', '-', '--passin', `file:${path('device.secret')}`], {
      input: readFileSync(bundle),
    });
    expect(isWhole(ran.stdout.toString())).toBe(true);
  });

  test('many inputs, one of them broken: the others are written, the exit code tells', async () => {
    const { folder, bundle, path } = deviceFolder();
    writeFileSync(path('broken.pem'), 'x');
    const ran = await sapcert(['strip', path('broken.pem'), bundle, '--json']);
    expect(ran.status).toBe(2);
    const documents = ran.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(documents).toMatchObject([
      { error: { code: 'file.unrecognised' } },
      { outputs: [{ status: 'written' }] },
    ]);
    expect(existsSync(join(folder, 'device.newcert.pem'))).toBe(true);
  });
});

describe('an output that exists', () => {
  test('is an error and stays, exit code 2', async () => {
    const { bundle, path } = deviceFolder();
    writeFileSync(path('device.newcert.pem'), 'precious');
    const ran = await sapcert(['strip', bundle, '--split']);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('--overwrite') });
    expect(readFileSync(path('device.newcert.pem'), 'utf8')).toBe('precious');
    expect(existsSync(path('device.private.key'))).toBe(false);
  });

  test('and holds exactly this is left unchanged, exit code 0', async () => {
    const { bundle, path } = deviceFolder();
    await sapcert(['strip', bundle]);
    const before = statSync(path('device.newcert.pem'));
    const ran = await sapcert(['strip', bundle]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout.toString()).toMatch(/^unchanged /);
    expect(statSync(path('device.newcert.pem')).ino).toBe(before.ino);
  });

  test('is replaced with --overwrite, and is 0600 though it was 0644', async () => {
    const { bundle, path } = deviceFolder();
    writeFileSync(path('device.newcert.pem'), 'old', { mode: 0o644 });
    expect(await sapcert(['strip', bundle, '--overwrite'])).toMatchObject({ status: 0 });
    expect(mode(path('device.newcert.pem'))).toBe(0o600);
    expect(isWhole(readFileSync(path('device.newcert.pem'), 'utf8'))).toBe(true);
  });

  test('as a symbolic link is not written through', async () => {
    const { bundle, path } = deviceFolder();
    writeFileSync(path('victim'), 'precious');
    symlinkSync(path('victim'), path('device.newcert.pem'));
    expect(await sapcert(['strip', bundle])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('symbolic link'),
    });
    expect(await sapcert(['strip', bundle, '--overwrite'])).toMatchObject({ status: 0 });
    expect(readFileSync(path('victim'), 'utf8')).toBe('precious');
    expect(lstatSync(path('device.newcert.pem')).isSymbolicLink()).toBe(false);
  });

  test('as another name of a file leaves that file as it was', async () => {
    const { bundle, path } = deviceFolder();
    writeFileSync(path('victim'), 'precious', { mode: 0o644 });
    linkSync(path('victim'), path('device.newcert.pem'));
    expect(await sapcert(['strip', bundle, '--overwrite'])).toMatchObject({ status: 0 });
    expect(readFileSync(path('victim'), 'utf8')).toBe('precious');
  });

  test.each([['--overwrite'], ['--split']])('as the input itself is refused (%s)', async (extra) => {
    const { bundle, path } = deviceFolder();
    symlinkSync(bundle, path('alias.pem'));
    for (const output of [bundle, path('alias.pem'), join(path('.'), 'device.pem')]) {
      const ran = await sapcert(['strip', bundle, '-o', output, extra]);
      expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('its own input') });
    }
    expect(readFileSync(bundle)).toEqual(readFileSync(join(fixtures, 'device.pem')));
  });

  test.each([
    ['the secret beside the bundle', []],
    ['the secret that was named', ['--passin', 'file:device.secret']],
  ])('as %s is refused: SAP shows it once', async (_, extra) => {
    const { bundle, folder, path } = deviceFolder();
    const args = ['strip', bundle, '-o', path('device.secret'), '--overwrite', ...extra];
    const ran = await sapcert(args, { cwd: folder });
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('its own input') });
    expect(readFileSync(path('device.secret'))).toEqual(readFileSync(join(fixtures, 'device.secret')));
  });

  test('two outputs of one name are refused', async () => {
    const { bundle, path } = deviceFolder();
    const ran = await sapcert(['strip', bundle, '--key-out', path('same'), '--cert-out', path('same')]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('two outputs') });
  });
});

describe('an output that is a stream', () => {
  const program = join(repository, 'bin/sapcert.cjs');
  const shell = (script: string, folder: string): ReturnType<typeof run> =>
    run('bash', ['-c', `sapcert() { '${process.execPath}' '${program}' "$@"; }; ${script}`], { cwd: folder });

  test.each(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])(
    '%s is -o -, also where it is a file',
    async (name) => {
      const { folder, path } = deviceFolder();
      const ran = await shell(
        `echo before > out; sapcert strip device.pem --overwrite -o ${name} >> out`,
        folder,
      );
      expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('pump-0001') });
      const [first, ...rest] = readFileSync(path('out'), 'utf8').split('\n');
      expect(first).toBe('before');
      expect(isWhole(rest.join('\n'))).toBe(true);
      expect(lstatSync('/dev/stdout').isSymbolicLink()).toBe(true);
    },
  );

  test('a process substitution', async () => {
    const { folder, path } = deviceFolder();
    const ran = await shell('sapcert strip device.pem -o >(cat > out); wait $!', folder);
    expect(ran.status).toBe(0);
    expect(isWhole(readFileSync(path('out'), 'utf8'))).toBe(true);
  });

  test('a named pipe, whose reader may start late', async () => {
    const { folder, path } = deviceFolder();
    const ran = await shell(
      'mkfifo pipe; (sleep 0.5; cat pipe > out) & sapcert strip device.pem -o pipe; wait',
      folder,
    );
    expect(ran.status).toBe(0);
    expect(isWhole(readFileSync(path('out'), 'utf8'))).toBe(true);
    expect(lstatSync(path('pipe')).isFIFO()).toBe(true);
  });

  test('a named pipe that nobody reads is said after a while, exit code 3', async () => {
    const { folder } = deviceFolder();
    const ran = await shell('mkfifo pipe; sapcert strip device.pem -o pipe', folder);
    expect(ran).toMatchObject({ status: 3, stderr: expect.stringContaining('nobody reads the pipe') });
  });

  test.each([[''], ['--json']])(
    'standard output on a full disk: exit code 3, said on stderr (%s)',
    async (json) => {
      const { folder } = deviceFolder();
      const ran = await shell(`sapcert strip device.pem ${json} > /dev/full`, folder);
      expect(ran).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('no space left for standard output'),
      });
      expect(ran.stderr).not.toContain('    at ');
    },
  );

  test('standard error on a full disk changes no result', async () => {
    const { folder } = deviceFolder();
    const ran = await shell('sapcert strip device.pem -o - 2> /dev/full', folder);
    expect(ran.status).toBe(0);
    expect(isWhole(ran.stdout.toString())).toBe(true);
  });

  test('an input that is a stream has no place beside it', async () => {
    const { folder } = deviceFolder();
    const ran = await shell('sapcert strip <(cat device.pem) --passin file:device.secret', folder);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('-o FILE') });
  });
});

describe('an output that cannot be written', () => {
  test.each([
    ['a file for a folder', 'device.pem/new.pem', 'is a file'],
    ['a circle of links', 'loop/new.pem', 'circle of links'],
    ['a name that is too long', 'x'.repeat(300), 'too long'],
  ])('%s', async (_, name, says) => {
    const { bundle, path } = deviceFolder();
    symlinkSync('loop', path('loop'));
    const ran = await sapcert(['strip', bundle, '-o', path(name)]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
  });

  test('its folder is missing', async () => {
    const { bundle, path } = deviceFolder();
    const ran = await sapcert(['strip', bundle, '-o', path('nowhere/new.pem')]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('does not exist') });
  });

  test('it is a folder', async () => {
    const { bundle, folder } = deviceFolder();
    expect(await sapcert(['strip', bundle, '-o', folder])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is a folder'),
    });
  });

  test('its folder may not be written to', async () => {
    const { bundle, folder, path } = deviceFolder();
    for (const name of [root, folder]) chmodSync(name, 0o755);
    for (const name of ['device.pem', 'device.secret']) chmodSync(path(name), 0o644);
    mkdirSync(path('closed'), { mode: 0o555 });
    mkdirSync(path('shut'), { mode: 0o644 });
    for (const output of ['closed/new.pem', 'shut/new.pem']) {
      const command = [
        process.execPath,
        join(repository, 'bin/sapcert.cjs'),
        'strip',
        bundle,
        '-o',
        path(output),
      ];
      const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command];
      const [program = '', ...args] = isRoot ? asNobody : command;
      const ran = await run(program, args);
      expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('no permission') });
    }
    expect(readdirSync(path('closed'))).toEqual([]);
  });

  test('the disk is full: exit code 3, nothing is left', async () => {
    const { bundle } = deviceFolder();
    const ran = await sapcert(['strip', bundle, '-o', '/dev/full']);
    expect(ran).toMatchObject({ status: 3, stderr: expect.stringContaining('no space left') });
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  (isRoot && process.platform === 'linux' ? test : test.skip)(
    'a small file system fills up: the old files stay',
    async () => {
      const { bundle, path } = deviceFolder();
      mkdirSync(path('small'));
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', path('small')]);
      if (mounted.status !== 0) return; // containers often may not mount; /dev/full covers the message
      try {
        writeFileSync(path('small/device.newcert.pem'), 'old');
        writeFileSync(path('small/filler'), Buffer.alloc(8192));
        const ran = await sapcert(['strip', bundle, '--split', '--overwrite', '--out-dir', path('small')]);
        expect(ran).toMatchObject({ status: 3, stderr: expect.stringContaining('no space left') });
        expect(readdirSync(path('small')).toSorted()).toEqual(['device.newcert.pem', 'filler']);
        expect(readFileSync(path('small/device.newcert.pem'), 'utf8')).toBe('old');
      } finally {
        spawnSync('umount', [path('small')]);
      }
    },
  );
});

describe('interrupted', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends what waits for its input', async (signal) => {
    const child = spawn(process.execPath, [join(repository, 'bin/sapcert.cjs'), 'strip', '-'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const ended = new Promise<unknown>((resolve) => {
      child.on('close', (code, by) => resolve(by ?? code));
    });
    setTimeout(() => child.kill(signal), 700);
    expect([signal, 3]).toContain(await ended);
  });

  test('killed at any moment: the old file or the new one, whole; a rerun clears what was left', async () => {
    const { folder, bundle, path } = deviceFolder();
    const output = path('device.newcert.pem');
    writeFileSync(output, 'old');
    for (let delay = 30; delay < 190; delay += 8) {
      const child = spawn(
        process.execPath,
        [join(repository, 'bin/sapcert.cjs'), 'strip', bundle, '--overwrite'],
        { stdio: 'ignore' },
      );
      const ended = new Promise((resolve) => child.on('close', resolve));
      setTimeout(() => child.kill('SIGKILL'), delay);
      await ended;
      const text = readFileSync(output, 'utf8');
      expect(text === 'old' || isWhole(text)).toBe(true);
    }
    const stale = join(folder, '.sapcert-4194305-0123456789ab.tmp');
    writeFileSync(stale, 'a key that a killed process left');
    spawnSync('touch', ['-d', '1 minute ago', stale]);
    await sapcert(['strip', bundle, '--overwrite']);
    expect(existsSync(stale)).toBe(false);
  });

  test('many processes on one output with --overwrite: all of them succeed, and it is whole', async () => {
    const { folder, bundle, path } = deviceFolder();
    const other = join(fixtures, 'device-2018.pem');
    const secret = ['--passin', `file:${join(fixtures, 'device-2018.secret')}`];
    const output = ['-o', path('new.pem'), '--overwrite'];
    const runs = await Promise.all(
      [1, 2, 3].flatMap(() => [
        sapcert(['strip', bundle, ...output]),
        sapcert(['strip', other, ...output, ...secret]),
      ]),
    );
    expect(runs.map(({ status }) => status)).toEqual(runs.map(() => 0));
    expect(isWhole(readFileSync(path('new.pem'), 'utf8'))).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['device.pem', 'device.secret', 'new.pem']);
  });

  test('several processes on one output: one writes it, the other says so or finds it unchanged', async () => {
    const { folder, bundle, path } = deviceFolder();
    const runs = await Promise.all([1, 2, 3].map(() => sapcert(['strip', bundle])));
    for (const ran of runs) expect([0, 2]).toContain(ran.status);
    expect(runs.some(({ status }) => status === 0)).toBe(true);
    expect(isWhole(readFileSync(path('device.newcert.pem'), 'utf8'))).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['device.newcert.pem', 'device.pem', 'device.secret']);
  });
});
