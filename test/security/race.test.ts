import { spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import { fixtures, repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();
const unix = process.platform === 'win32' ? describe.skip : describe;
const mode = (path: string): number => statSync(path).mode & 0o777;
const isWhole = (text: string): boolean =>
  /^-----BEGIN PRIVATE KEY-----[^]*-----END CERTIFICATE-----\n$/.test(text);

function deviceFolder(): string {
  const folder = mkdtempSync(join(root, 'device-'));
  for (const name of ['device.pem', 'device.secret']) copyFileSync(join(fixtures, name), join(folder, name));
  chmodSync(join(folder, 'device.secret'), 0o600);
  return folder;
}

/** As a careless service runs it: nothing is masked. */
function unmasked(args: readonly string[], cwd: string): ReturnType<typeof run> {
  const command = [process.execPath, join(repository, 'bin/sapcert.cjs'), ...args];
  return run('sh', ['-c', 'umask 0; exec "$@"', 'sh', ...command], { cwd });
}

describe('many processes on one output', () => {
  test.each([[['--overwrite']], [[]]])('with %j: one whole file, nothing left over', async (options) => {
    const folder = deviceFolder();
    const output = join(folder, 'device.newcert.pem');
    const looked: boolean[] = [];
    const watch = setInterval(() => {
      if (readdirSync(folder).includes('device.newcert.pem')) {
        looked.push(isWhole(readFileSync(output, 'utf8')) && mode(output) === 0o600);
      }
    }, 2);
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => sapcert(['strip', join(folder, 'device.pem'), ...options])),
    );
    clearInterval(watch);
    expect(runs.filter(({ status }) => status === 0).length).toBeGreaterThan(0);
    for (const { status, stderr } of runs)
      expect({ status, stderr }).toEqual(
        status === 0 ? { status, stderr: '' } : { status: 2, stderr: expect.stringContaining('exists') },
      );
    expect(looked.every(Boolean)).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['device.newcert.pem', 'device.pem', 'device.secret']);
    expect(mode(output)).toBe(0o600);
  });

  test('of different content: the file is one of them, never a mixture', async () => {
    const folder = deviceFolder();
    const output = join(folder, 'one.pem');
    const args = ['strip', join(folder, 'device.pem'), '--overwrite', '-o', output];
    await Promise.all(
      ['pkcs8', 'traditional', 'pkcs8', 'traditional', 'pkcs8', 'traditional'].map((format) =>
        sapcert([...args, '--key-format', format]),
      ),
    );
    const alone = await Promise.all(
      ['pkcs8', 'traditional'].map(async (format) =>
        (
          await sapcert(['strip', join(folder, 'device.pem'), '-o', '-', '--key-format', format])
        ).stdout.toString(),
      ),
    );
    expect(alone).toContain(readFileSync(output, 'utf8'));
    expect(readdirSync(folder).toSorted()).toEqual(['device.pem', 'device.secret', 'one.pem']);
  });

  test('links are put in the place of the output while many write: nothing is written where the link leads', async () => {
    const folder = deviceFolder();
    const victim = mkdtempSync(join(root, 'victim-'));
    writeFileSync(join(victim, 'precious'), 'precious');
    const link = join(folder, 'device.newcert.pem');
    const swapping = setInterval(() => {
      try {
        symlinkSync(join(victim, 'precious'), link);
      } catch {
        // A run has just put its file there.
      }
    }, 1);
    const ran = await Promise.all(
      Array.from({ length: 6 }, () => sapcert(['strip', join(folder, 'device.pem'), '--overwrite'])),
    );
    clearInterval(swapping);
    expect(ran.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readFileSync(join(victim, 'precious'), 'utf8')).toBe('precious');
  });
});

unix('with umask 0', () => {
  test.each([
    [
      ['strip', 'device.pem', '--split'],
      ['device.newcert.pem', 'device.private.key'],
    ],
    [['strip', '.', '--out-dir', '.'], ['device.newcert.pem']],
    [
      ['strip', 'device.pem', '--key-out', 'k'],
      ['device.newcert.pem', 'k'],
    ],
  ])('%j: what holds a key is 0600', async (args, keys) => {
    const folder = deviceFolder();
    expect(await unmasked(args, folder)).toMatchObject({ status: 0 });
    for (const name of keys) expect({ name, mode: mode(join(folder, name)) }).toEqual({ name, mode: 0o600 });
  });

  test('a report and a capture are for their owner alone', async () => {
    const folder = deviceFolder();
    const args = ['check', 'device.pem', '--host', '127.0.0.1:1', '--report', 'r.html', '--pcap', 'c.pcapng'];
    expect(await unmasked(args, folder)).toMatchObject({ status: 1 });
    expect(['r.html', 'c.pcapng'].map((name) => mode(join(folder, name)))).toEqual([0o600, 0o600]);
  });

  test('the sandbox: its folders are 0700, its keys and secrets 0600, whether they are new or were open', async () => {
    const folder = mkdtempSync(join(root, 'sandbox-'));
    mkdirSync(join(folder, 'open'), { mode: 0o777 });
    chmodSync(join(folder, 'open'), 0o777);
    for (const dir of ['new', 'open']) {
      const args = [join(repository, 'bin/sapcert.cjs'), 'sandbox', '--port', '0', '--dir', dir, '--json'];
      const child = spawn('sh', ['-c', 'umask 0; exec "$@"', 'sh', process.execPath, ...args], {
        cwd: folder,
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      child.stderr.resume();
      for await (const _line of createInterface({ input: child.stdout })) break;
      child.kill('SIGINT');
      await ended;
      expect({ dir, mode: mode(join(folder, dir)) }).toEqual({ dir, mode: 0o700 });
      const open = readdirSync(join(folder, dir), { recursive: true, encoding: 'utf8' }).filter((name) => {
        const path = join(folder, dir, name);
        const isPublic =
          statSync(path).isFile() && !/PRIVATE KEY|^[\w!#?]{20,40}\s*$/.test(readFileSync(path, 'utf8'));
        return !isPublic && (mode(path) & 0o077) !== 0;
      });
      expect({ dir, open }).toEqual({ dir, open: [] });
    }
  });

  test('a sandbox does not follow a link that lies where it keeps a key', async () => {
    const folder = mkdtempSync(join(root, 'sandbox-'));
    writeFileSync(join(folder, 'victim'), 'precious');
    mkdirSync(join(folder, 'box'), { mode: 0o700 });
    for (const name of ['ca.crt', 'ca.key', 'server.key', 'device-1.pem', 'device-1.secret']) {
      symlinkSync(join(folder, 'victim'), join(folder, 'box', name));
    }
    const ran = await sapcert(['sandbox', '--port', '0', '--dir', join(folder, 'box')]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('error') });
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
  });
});
