import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { fixtures, repository, run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

// What V8 made of the start of the command line lies beside it; nothing may depend on it.

const copy = temporaryFolder();
const folder = join(copy, 'dist/cli');
const cache = join(folder, `entry.cjs.${process.platform}-${process.arch}.cache`);

beforeAll(() => {
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(repository, part), join(copy, part), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'), 'dir');
});

async function strip(): Promise<string> {
  const args = ['strip', join(fixtures, 'device.pem'), '-o', '-'];
  const { stdout, stderr, status } = await run(process.execPath, [join(copy, 'bin/sapcert.cjs'), ...args]);
  expect({ status, stderr: stderr.includes('sapcert: error') }).toEqual({ status: 0, stderr: false });
  return stdout.toString();
}

describe('the code cache of the command line', () => {
  test('is named after the platform that it was made on, and taken by the Node that made it', async () => {
    expect(readdirSync(folder).filter((name) => name.endsWith('.cache'))).toEqual([
      `entry.cjs.${process.platform}-${process.arch}.cache`,
    ]);
    const code = "const { script } = require('./bin/sapcert.cjs'); console.error(script.cachedDataRejected)";
    const { stderr } = await run(process.execPath, ['-e', code, '-'], { cwd: copy });
    expect(stderr).toContain('false');
  });

  test('may be missing, empty, cut, or of another version', async () => {
    const expected = await strip();
    expect(expected).toContain('-----BEGIN PRIVATE KEY-----');
    const good = readFileSync(cache);
    const others = [Buffer.alloc(0), good.subarray(0, good.length / 2), Buffer.alloc(good.length, 0x5a)];
    for (const bytes of others) {
      writeFileSync(cache, bytes);
      expect(await strip()).toBe(expected);
    }
    rmSync(cache);
    expect(await strip()).toBe(expected);
  });
});
