import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { repository, run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();

/** A clone with some of its folders. */
function cloneWith(...folders: readonly string[]): string {
  const clone = mkdtempSync(join(root, 'clone-'));
  for (const name of ['bin', 'package.json', ...folders])
    cpSync(join(repository, name), join(clone, name), { recursive: true });
  return clone;
}

/** One line, which says what to do. */
const oneLine = (words: string): unknown =>
  expect.stringMatching(new RegExp(`^sapcert: error: ${words}[^\\n]*\\n$`));

describe('a program that cannot start says in one line what to do', () => {
  test('a clone that was never built', async () => {
    const clone = cloneWith();
    for (const args of [[], ['strip', 'x.pem'], ['--help']]) {
      const ran = await run(process.execPath, [join(clone, 'bin/sapcert.cjs'), ...args]);
      expect(ran).toMatchObject({ status: 3, stderr: oneLine('it is not built yet: run npm ci in ') });
      expect(ran.stderr).toContain(clone);
    }
  });

  test('a build without its packages', async () => {
    const clone = cloneWith('dist');
    for (const args of [['--help'], ['inspect', 'x.pem']]) {
      const ran = await run(process.execPath, [join(clone, 'bin/sapcert.cjs'), ...args]);
      expect(ran).toMatchObject({
        status: 3,
        stderr: oneLine('what it is built on is missing: run npm ci in '),
      });
    }
  });

  test('a Node that is too old', async () => {
    mkdirSync(join(root, 'old'));
    const old = join(root, 'old/node.cjs');
    writeFileSync(old, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");
    const ran = await run(process.execPath, ['-r', old, join(repository, 'bin/sapcert.cjs'), '--version']);
    expect(ran).toMatchObject({
      status: 3,
      stderr: oneLine('it needs Node 20.19 or newer, and this is 18.20.4'),
    });
  });
});

test('a CommonJS program has the library by require(), without a warning', async () => {
  const script =
    "const { explain, stripBundle } = require('sapcert'); console.log(typeof stripBundle, explain(3).matches[0].name)";
  const ran = await run(process.execPath, ['-e', script], { cwd: repository });
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(ran.stdout.toString()).toMatch(/^function CONNACK 3/);
});
