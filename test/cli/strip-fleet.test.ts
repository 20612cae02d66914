import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixtures, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();
const secretOf = (name: string): string => readFileSync(join(fixtures, `${name}.secret`), 'utf8').trim();

/** A folder with three bundles, whose secrets stand in a table. */
function fleet(): { folder: string; out: string; table: string; path: (name: string) => string } {
  const folder = mkdtempSync(join(root, 'fleet-'));
  const path = (name: string): string => join(folder, name);
  const out = mkdtempSync(join(root, 'out-'));
  const table = join(out, 'secrets.csv');
  const names = ['device', 'device-2018', 'device-chain'];
  for (const name of names) copyFileSync(join(fixtures, `${name}.pem`), path(`${name}.pem`));
  writeFileSync(
    table,
    `file,secret\n${names.map((name) => `${name}.pem,"${secretOf(name)}"`).join('\n')}\n`,
    { mode: 0o600 },
  );
  return { folder, out, table, path };
}

const documents = (stdout: Buffer): unknown[] =>
  stdout
    .toString()
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('strip of many inputs', () => {
  test('a folder, with a table of secrets: all written, in order, one document each', async () => {
    const { folder, out, table } = fleet();
    const ran = await sapcert(['strip', folder, '--secrets', table, '--out-dir', out, '--json']);
    expect(ran.status).toBe(0);
    expect(documents(ran.stdout)).toMatchObject(
      ['device-2018.pem', 'device-chain.pem', 'device.pem'].map((input) => ({
        schemaVersion: 1,
        input,
        outputs: [{ status: 'written' }],
      })),
    );
    expect(readdirSync(out).filter((name) => name.endsWith('.newcert.pem'))).toHaveLength(3);
  });

  test('a broken one stops no other, and is told once with its place', async () => {
    const { folder, out, table, path } = fleet();
    writeFileSync(path('broken.pem'), readFileSync(path('device.pem'), 'utf8').slice(0, -100));
    const ran = await sapcert(['strip', folder, '--secrets', table, '--out-dir', out]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('4 of 4, 1 failed') });
    expect(ran.stderr.match(/broken\.pem, block 2/g)).toHaveLength(1);
    expect(ran.stdout.toString().match(/^written/gm)).toHaveLength(3);
  });

  test('--resume does what is missing and leaves what is right', async () => {
    const { folder, out, table } = fleet();
    await sapcert(['strip', join(folder, 'device.pem'), '--secrets', table, '--out-dir', out]);
    const ran = await sapcert(['strip', folder, '--secrets', table, '--out-dir', out, '--resume']);
    expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('3 of 3, 1 done before') });
  });

  test('shards: together everything, each thing once', async () => {
    const { folder, table } = fleet();
    const parts = await Promise.all(
      [1, 2, 3].map(async (index) => {
        const out = join(root, `shard-${index}`);
        mkdirSync(out);
        await sapcert(['strip', folder, '--secrets', table, '--out-dir', out, '--shard', `${index}/3`]);
        return readdirSync(out);
      }),
    );
    expect(parts.flat().toSorted()).toEqual([
      'device-2018.newcert.pem',
      'device-chain.newcert.pem',
      'device.newcert.pem',
    ]);
  });

  test('a pattern and a list name inputs too', async () => {
    const { folder, out, table, path } = fleet();
    const byPattern = await sapcert([
      'strip',
      join(folder, 'device-*.pem'),
      '--secrets',
      table,
      '--out-dir',
      out,
      '--json',
    ]);
    expect(documents(byPattern.stdout)).toHaveLength(2);
    writeFileSync(join(out, 'list'), `${path('device.pem')}\n`);
    const byList = await sapcert([
      'strip',
      '--from-file',
      join(out, 'list'),
      '--secrets',
      table,
      '--out-dir',
      out,
      '--json',
    ]);
    expect(documents(byList.stdout)).toHaveLength(1);
  });

  test.each([
    [['--output', 'x'], '--output is about one input'],
    [['--secrets', join(fixtures, 'device.secret')], 'one secret for all goes with --passin file:PATH'],
    [['--shard', '5/3'], 'there is no part 5 of 3'],
    [['--out-dir', '/no/such/folder'], 'there is no folder'],
  ])('%j is refused', async (args, words) => {
    const { folder } = fleet();
    expect(await sapcert(['strip', folder, ...args])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(words),
    });
  });
});
