import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixtures, type Ran, repository, run, sapcert } from '../support/run.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();
const names = ['device', 'device-2018', 'device-chain'];

/** A folder with bundles and their secrets. */
function folderOfBundles(): string {
  const folder = mkdtempSync(join(root, 'fleet-'));
  for (const name of names) {
    copyFileSync(join(fixtures, `${name}.pem`), join(folder, `${name}.pem`));
    writeFileSync(join(folder, `${name}.secret`), readFileSync(join(fixtures, `${name}.secret`)), {
      mode: 0o600,
    });
  }
  return folder;
}

/** A line of a script: the shell makes files of its patterns. */
const shell = (line: string, cwd: string): Promise<Ran> =>
  run(
    'sh',
    ['-c', line.replace(/^sapcert/, `"${process.execPath}" "${join(repository, 'bin/sapcert.cjs')}"`)],
    {
      cwd,
    },
  );

const statusesOf = ({ stdout }: Ran): string[] =>
  [...stdout.toString().matchAll(/^(written|replaced|unchanged)/gm)].map(([status]) => status);

describe('the same command twice', () => {
  test.each([
    ['words of the shell', 'sapcert strip *.pem', 3],
    ['a pattern', "sapcert strip '*.pem'", 3],
    ['a folder', 'sapcert strip .', 3],
    ['--split', 'sapcert strip *.pem --split', 9],
    ['--split of a folder', 'sapcert strip . --split', 9],
    ['--resume', 'sapcert strip *.pem --resume', 3],
    ['--overwrite', 'sapcert strip *.pem --overwrite', 3],
    ['all files there are', 'sapcert strip * --split', 9],
    ['--out-dir among the inputs', 'sapcert strip . --out-dir .', 3],
  ])('%s: %s', async (_name, line, outputs) => {
    const folder = folderOfBundles();
    const first = await shell(line, folder);
    expect({ status: first.status, written: statusesOf(first) }).toEqual({
      status: 0,
      written: Array.from({ length: outputs }, () => 'written'),
    });
    const after = readdirSync(folder);
    const second = await shell(line, folder);
    expect({ status: second.status, written: statusesOf(second) }).toEqual({
      status: 0,
      written: Array.from({ length: outputs }, () => 'unchanged'),
    });
    expect(second.stderr).toMatch(/note: \d+ left out, as they belong to other inputs/);
    expect(readdirSync(folder)).toEqual(after);
  });

  test('one bundle, which makes two words the second time', async () => {
    const folder = mkdtempSync(join(root, 'one-'));
    copyFileSync(join(fixtures, 'device.pem'), join(folder, 'device.pem'));
    copyFileSync(join(fixtures, 'device.secret'), join(folder, 'device.secret'));
    expect(await shell('sapcert strip *.pem', folder)).toMatchObject({ status: 0 });
    const second = await shell('sapcert strip *.pem', folder);
    expect(second).toMatchObject({ status: 0, stderr: expect.stringContaining('device.newcert.pem') });
    expect(statusesOf(second)).toEqual(['unchanged']);
  });

  describeWithPeer('python3', 'at a terminal', () => {
    test('one bundle whose secret is typed is asked for again', async () => {
      const folder = mkdtempSync(join(root, 'typed-'));
      copyFileSync(join(fixtures, 'device.pem'), join(folder, 'device.pem'));
      const secret = readFileSync(join(fixtures, 'device.secret'), 'utf8').trim();
      const atTerminal = async (): Promise<string> => {
        const line = `"${process.execPath}" "${join(repository, 'bin/sapcert.cjs')}" strip *.pem`;
        const program = [join(repository, 'test/support/terminal.py'), `${secret}\\r`, 'sh', '-c', line];
        const ran = await run('python3', program, { cwd: folder, env: { SAPCERT_SECRET: undefined } });
        const { shown }: { shown: string } = JSON.parse(ran.stdout.toString());
        return shown;
      };
      expect(await atTerminal()).toContain('written   device.newcert.pem');
      const second = await atTerminal();
      expect(second).toContain('1 left out, as it belongs to other inputs');
      expect(second).toContain('unchanged device.newcert.pem');
    });
  });

  test('a bundle that only has the name of an output is no output: it is neither left out nor replaced', async () => {
    const folder = folderOfBundles();
    copyFileSync(join(fixtures, 'device-2018.pem'), join(folder, 'device.newcert.pem'));
    const before = readFileSync(join(folder, 'device.newcert.pem'));
    const ran = await shell('sapcert strip *.pem --overwrite --passin file:device-2018.secret', folder);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('would replace the input') });
    expect(readFileSync(join(folder, 'device.newcert.pem'))).toEqual(before);
  });

  test('an output whose bundle is gone stays one for a folder, and is a bundle for who names it', async () => {
    const folder = folderOfBundles();
    await shell('sapcert strip . --out-dir .', folder);
    const out = mkdtempSync(join(root, 'out-'));
    copyFileSync(join(folder, 'device.newcert.pem'), join(out, 'device.newcert.pem'));
    expect(await sapcert(['strip', out])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no bundle among the inputs'),
    });
    expect(await sapcert(['strip', join(out, 'device.newcert.pem')])).toMatchObject({ status: 0 });
    const looked = await sapcert(['inspect', out, '--json']);
    expect(JSON.parse(looked.stdout.toString())).toMatchObject({
      input: 'device.newcert.pem',
      status: 'done',
    });
  });

  test('a bundle that changed is said to have changed', async () => {
    const folder = folderOfBundles();
    await shell('sapcert strip *.pem', folder);
    appendFileSync(join(folder, 'device.newcert.pem'), 'x\n');
    const second = await shell('sapcert strip *.pem', folder);
    expect(second).toMatchObject({ status: 2, stderr: expect.stringContaining('holds something else') });
    expect(statusesOf(second)).toEqual(['unchanged', 'unchanged']);
  });
});

describe('standard input among many', () => {
  test('has nothing beside it, and no hint says so', async () => {
    const folder = folderOfBundles();
    mkdirSync(join(folder, 'out'));
    const input = readFileSync(join(folder, 'device.pem'));
    const ran = await sapcert(['strip', '-', 'device-2018.pem', '--out-dir', 'out'], { cwd: folder, input });
    expect(ran).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('standard input, block 1, line 1: the private key'),
    });
    expect(ran.stderr).not.toContain('-.secret');
    expect(statusesOf(ran)).toEqual(['written']);
  });

  test('brings one thing', async () => {
    for (const args of [
      ['-', '--from-file', '-'],
      ['--from-file', '-', '--passin', 'stdin'],
      ['.', '-', '--secrets', '-'],
    ]) {
      expect(await sapcert(['strip', ...args])).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('standard input can bring only one thing'),
      });
    }
  });
});

describe('a secret that fails is called by where it came from', () => {
  test.each<[string, string[], Record<string, string>, string]>([
    ['a variable', [], { SAPCERT_SECRET: 'wrong' }, 'the secret from SAPCERT_SECRET does not open'],
    [
      'a source',
      ['--passin', 'env:MINE'],
      { MINE: 'wrong' },
      'the secret from --passin env:MINE does not open',
    ],
    ['a word', ['--passin', 'pass:wrong'], {}, ': the secret does not open'],
  ])('%s', async (_name, args, env, words) => {
    const folder = folderOfBundles();
    const ran = await sapcert(['strip', folder, ...args], { env });
    expect(ran.stderr.match(new RegExp(words, 'g'))).toHaveLength(3);
  });

  test('an empty file beside a bundle', async () => {
    const folder = folderOfBundles();
    writeFileSync(join(folder, 'device.secret'), '\n', { mode: 0o600 });
    const ran = await sapcert(['strip', folder]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('device.secret is empty') });
    expect(statusesOf(ran)).toHaveLength(2);
  });
});
