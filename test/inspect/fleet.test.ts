import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { inspectMany, type InspectedInput } from '../../src/index.js';
import { temporaryFolder } from '../support/temp.js';
import { bundle, fixture, now, secretOf } from './device.js';
import { inspect, type Inspected, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const at = (...parts: string[]): string => join(folder, ...parts);

/** `plant` has five inputs: three bundles, a download and a certificate; and what is none. */
beforeAll(() => {
  for (const name of ['plant', 'plant/hall 2', 'plant/Halle Süd', 'empty']) mkdirSync(at(name));
  write('plant/a.pem', bundle);
  write('plant/hall 2/b.pem', readFileSync(fixture('device-2018.pem')));
  write('plant/hall 2/b.secret', secretOf('device-2018'));
  write('plant/Halle Süd/c.pem', readFileSync(fixture('device-chain.pem')));
  write('plant/download.json', readFileSync(fixture('download.json')));
  write('plant/ca.crt', readFileSync(fixture('sap-ca.crt')));
  write('plant/README.md', '# the plant\n');
  write('plant/a.newcert.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
});

const names = ['Halle Süd/c.pem', 'a.pem', 'ca.crt', 'download.json', 'hall 2/b.pem'];
const inputsOf = ({ lines }: Inspected): unknown[] => lines().map(({ input }) => input);
const statesOf = ({ lines }: Inspected): Record<string, unknown> =>
  Object.fromEntries(
    lines().map(({ input, keys }) => [input, (keys as { state: string }[])[0]?.state ?? 'no key']),
  );

describe('inspect of a folder', () => {
  test('takes what holds a key or a certificate, not what was written beside it', async () => {
    const ran = await inspect([at('plant'), '--json'], { now });
    expect(ran.code).toBe(0);
    expect(inputsOf(ran)).toEqual(names);
    expect(ran.lines().every(({ status, schemaVersion }) => status === 'done' && schemaVersion === 1)).toBe(
      true,
    );
    expect(ran.err).toContain('note: 1 left out, as it belongs to other inputs');
  });

  test('finds the secret beside a bundle, and in a download', async () => {
    expect(statesOf(await inspect([at('plant'), '--json'], { now }))).toEqual({
      'Halle Süd/c.pem': 'locked',
      'a.pem': 'locked',
      'ca.crt': 'no key',
      'download.json': 'open',
      'hall 2/b.pem': 'open',
    });
  });

  test.each([
    [
      'CSV by file',
      `file;secret\r\nc.pem;${secretOf('device-chain')}\r\n"a.pem";"${secretOf('device')}"\r\n`,
    ],
    [
      'CSV by device',
      `\ufeffdevice,secret\npump-0003,${secretOf('device-chain')}\npump-0001,${secretOf('device')}\n`,
    ],
    [
      'JSON',
      JSON.stringify({ 'Halle Süd/c.pem': secretOf('device-chain'), 'pump-0001': secretOf('device') }),
    ],
  ])('a table opens the keys: %s', async (_name, table) => {
    const file = write('table', table);
    // The secret for all is for those that the table does not know.
    const ran = await inspect([at('plant'), '--secrets', file, '--json'], {
      now,
      env: { SAPCERT_SECRET: 'wrong' },
    });
    expect(statesOf(ran)).toMatchObject({ 'Halle Süd/c.pem': 'open', 'a.pem': 'open' });
    expect(ran.code).toBe(2);
    expect(ran.out).toContain('the secret from SAPCERT_SECRET does not open');
  });

  test('as a table, with the numbers below it', async () => {
    const { out, code } = await inspect([at('plant')], { now });
    expect(code).toBe(0);
    expect(
      out
        .split('\n')
        .slice(1, 6)
        .map((line) => line.replace(/.*\d  +/, '').trim())
        .toSorted(),
    ).toEqual(names);
    expect(out).toContain('5 inputs');
  });

  test('of two folders that hold the same names, each is called by its path', async () => {
    mkdirSync(at('other'), { recursive: true });
    write('other/a.pem', bundle);
    const ran = await inspect([at('plant'), at('other'), '--json'], { now });
    expect(inputsOf(ran)).toEqual([names[0], at('plant/a.pem'), ...names.slice(2), at('other/a.pem')]);
  });

  test('what cannot be looked at is said, in links that lead nowhere or in a circle too', async () => {
    mkdirSync(at('links'), { recursive: true });
    symlinkSync('nowhere.pem', at('links/gone.pem'));
    symlinkSync('circle.pem', at('links/circle.pem'));
    symlinkSync('..', at('links/up'));
    write('links/a.pem', bundle);
    const ran = await inspect([at('links'), '--json'], { now });
    expect(ran.lines()).toMatchObject([
      { input: 'a.pem', status: 'done' },
      { input: 'circle.pem', status: 'failed', error: { code: 'file.unreadable' } },
      { input: 'gone.pem', status: 'failed', error: { code: 'file.not-found' } },
    ]);
    expect(ran.code).toBe(2);
  });

  test('without anything in it', async () => {
    const { code, err } = await inspect([at('empty')]);
    expect(code).toBe(2);
    expect(err).toContain('files are taken that hold a private key or a certificate');
  });
});

describe('inspect of many', () => {
  test('a pattern that the shell did not expand, and a list', async () => {
    const pattern = await inspect([at('plant/**/*.pem'), '--json'], { now });
    expect(inputsOf(pattern)).toEqual([
      at('plant/Halle Süd/c.pem'),
      at('plant/a.pem'),
      at('plant/hall 2/b.pem'),
    ]);
    const list = write('list', `${at('plant/a.pem')}\r\n${at('plant/hall 2')}\r\n${at('none.pem')}\r\n`);
    const listed = await inspect(['--from-file', list, '--json'], { now });
    expect(inputsOf(listed)).toEqual([at('plant/a.pem'), 'b.pem', at('none.pem')]);
  });

  test('shards: together everything, nothing twice', async () => {
    const parts = await Promise.all(
      ['1/3', '2/3', '3/3'].map((shard) => inspect([at('plant'), '--shard', shard, '--json'], { now })),
    );
    const inputs = parts.flatMap((part) => (part.out === '' ? [] : inputsOf(part)));
    expect(inputs.map(String).toSorted()).toEqual(names);
  });

  test('--unordered gives the same documents', async () => {
    const [ordered, unordered] = await Promise.all(
      [[], ['--unordered']].map((more) => inspect([at('plant'), '--json', ...more], { now })),
    );
    expect(unordered?.out.split('\n').toSorted()).toEqual(ordered?.out.split('\n').toSorted());
  });

  test('what was named by itself is looked at, also what sapcert wrote', async () => {
    const ran = await inspect([at('plant/a.pem'), at('plant/ca.crt'), at('plant/a.newcert.pem'), '--json'], {
      now,
    });
    expect(inputsOf(ran)).toEqual([at('plant/a.pem'), at('plant/ca.crt'), at('plant/a.newcert.pem')]);
  });

  test('a terminal shows how far it is, and the line is gone at the end', async () => {
    const inputs = Array.from({ length: 40 }, (_, index) => write(`many-${index}.pem`, bundle));
    const { err, out } = await inspect(inputs, { now, colour: true });
    expect(err).toMatch(/\d+ of 40, [\d.]+\/s, \d+ s left/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
    expect(out).toContain('40 inputs');
  });

  test('--expires-within holds for all', async () => {
    const ran = await inspect([at('plant'), '--expires-within', '500d', '--json'], { now });
    expect(ran.code).toBe(1);
    const ending = ran.lines().filter(({ problems }) => (problems as unknown[]).length > 0);
    expect(ending.map(({ input }) => input)).toEqual(names.filter((name) => name !== 'ca.crt'));
  });

  test('an interrupt ends it, exit code 3', async () => {
    const { code, err } = await inspect([at('plant')], { now, signal: AbortSignal.abort() });
    expect(code).toBe(3);
    expect(err).toContain('not all was inspected');
  });
});

describe('inspectMany', () => {
  test('takes bytes and paths, in order, and gives plain data', async () => {
    const results: InspectedInput[] = [];
    const inputs = [
      { name: 'first', bytes: Buffer.from(bundle) },
      { name: 'second', path: at('none.pem') },
      { name: 'third', path: at('plant/hall 2/b.pem') },
    ];
    for await (const result of inspectMany(inputs, { now, concurrency: 2 })) results.push(result);
    expect(results).toMatchObject([
      { status: 'done', input: 'first', inspection: { leaf: 1 } },
      { status: 'failed', input: 'second', error: { code: 'file.not-found' } },
      { status: 'done', input: 'third', inspection: { keys: [{ state: 'open' }] } },
    ]);
    expect(structuredClone(results)).toEqual(results);
  });
});
