import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixtures, repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();

function deviceFolder(): { folder: string; path: (name: string) => string } {
  const folder = mkdtempSync(join(root, 'device-'));
  for (const name of ['device.pem', 'device.secret']) copyFileSync(join(fixtures, name), join(folder, name));
  chmodSync(join(folder, 'device.secret'), 0o600);
  return { folder, path: (name) => join(folder, name) };
}

const commands = [
  ['strip', 'device.pem'],
  ['strip', 'device.pem', '--split'],
  ['split', 'device.pem'],
  ['strip', '.'],
] as const;

describe('--out-dir', () => {
  test.each(commands)('%s %s %s: a folder that is missing is made, for its owner alone', async (...words) => {
    const { folder, path } = deviceFolder();
    const ran = await sapcert([...words, '--out-dir', 'out/'], { cwd: folder });
    expect(ran).toMatchObject({ status: 0 });
    expect(statSync(path('out')).mode & 0o777).toBe(0o700);
    expect(readdirSync(path('out')).length).toBeGreaterThan(0);
  });

  test.each(commands)('%s %s %s: nothing is left where the secret is wrong', async (...words) => {
    const { folder, path } = deviceFolder();
    writeFileSync(path('device.secret'), 'wrong\n');
    expect(await sapcert([...words, '--out-dir', 'out'], { cwd: folder })).toMatchObject({ status: 2 });
    expect(existsSync(path('out'))).toBe(false);
  });

  test('a folder that came to nothing is gone again: a name that is too long', async () => {
    const { folder, path } = deviceFolder();
    const long = `${'x'.repeat(250)}.pem`;
    copyFileSync(path('device.pem'), path(long));
    const ran = await sapcert(['strip', long, '--passin', 'file:device.secret', '--out-dir', 'out'], {
      cwd: folder,
    });
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('the name is too long') });
    expect(existsSync(path('out'))).toBe(false);
  });

  test('a folder that came to nothing is gone again: no room', async () => {
    const { folder, path } = deviceFolder();
    const command = `"${process.execPath}" "${join(repository, 'bin/sapcert.cjs')}" strip device.pem --out-dir out`;
    const ran = await run('sh', ['-c', `ulimit -f 0; ${command}`], { cwd: folder });
    expect(ran).toMatchObject({ status: 3, stderr: expect.stringContaining('could not be written') });
    expect(existsSync(path('out'))).toBe(false);
  });

  test.each([
    ['no/out', 'there is no folder no to make no/out in'],
    ['device.secret', 'device.secret is a file, no folder'],
    ['device.secret/out', 'device.secret'],
    ['', 'the name of the folder is empty'],
  ])('%j is refused before the secret is looked for', async (out, words) => {
    const { folder, path } = deviceFolder();
    for (const command of commands) {
      const secret = command[1] === '.' ? [] : ['--passin', 'env:NOT_THERE'];
      const ran = await sapcert([...command, ...secret, '--out-dir', out], { cwd: folder });
      expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(words) });
    }
    expect(readdirSync(folder).toSorted()).toEqual(['device.pem', 'device.secret']);
    expect(existsSync(path('no'))).toBe(false);
  });
});
