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

  test('two outputs of one name are refused', async () => {
    const { bundle, path } = deviceFolder();
    const ran = await sapcert(['strip', bundle, '--key-out', path('same'), '--cert-out', path('same')]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('two outputs') });
  });
});

describe('an output that cannot be written', () => {
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
    const command = [
      process.execPath,
      join(repository, 'bin/sapcert.cjs'),
      'strip',
      bundle,
      '-o',
      path('closed/new.pem'),
    ];
    const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command];
    const [program = '', ...args] = isRoot ? asNobody : command;
    const ran = await run(program, args);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('no permission') });
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

  test('two processes on one output: one writes it, the other says so or finds it unchanged', async () => {
    const { folder, bundle, path } = deviceFolder();
    const runs = await Promise.all([1, 2, 3].map(() => sapcert(['strip', bundle])));
    for (const ran of runs) expect([0, 2]).toContain(ran.status);
    expect(runs.some(({ status }) => status === 0)).toBe(true);
    expect(isWhole(readFileSync(path('device.newcert.pem'), 'utf8'))).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['device.newcert.pem', 'device.pem', 'device.secret']);
  });
});
