import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sapDevice, sapIssuer } from '../../src/pki/index.js';
import { temporaryFolder } from '../support/temp.js';
import { bundle, fixture, now, lonelyDevice } from './device.js';
import { inspect, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const { key } = lonelyDevice(folder);

describe('many inputs', () => {
  let paths: string[];

  beforeAll(async () => {
    const issuer = await sapIssuer({ keyKind: 'ec-p256' });
    const days = [200, 3, 50, -1];
    paths = [];
    for (const [index, left] of days.entries()) {
      const notBefore = new Date(now.getTime() - 400 * 86_400_000);
      const { pem } = await sapDevice(issuer, {
        deviceId: `d-${left}`,
        notBefore,
        days: 400.5 + left,
        keyKind: index === 2 ? 'ec-p384' : 'rsa-2048',
      });
      paths.push(write(`d${index}.crt`, pem));
    }
    paths.push(key);
  });

  const rowsOf = (out: string): string[][] =>
    out
      .split('\n')
      .slice(1, 6)
      .map((line) => line.trim().split(/ {2,}/));

  test('a table, what ends first on top, what has no end last', async () => {
    const { code, out, err } = await inspect(paths, { now });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out.split('\n')[0]?.trim().split(/ {2,}/)).toEqual([
      'days left',
      'valid until',
      'device',
      'key',
      'file',
    ]);
    const day = (left: number): string =>
      new Date(now.getTime() + (left + 0.5) * 86_400_000).toISOString().slice(0, 10);
    expect(rowsOf(out)).toEqual([
      ['-1', day(-1), 'd--1', 'RSA 2048', paths[3]],
      ['3', day(3), 'd-3', 'RSA 2048', paths[1]],
      ['50', day(50), 'd-50', 'EC secp384r1', paths[2]],
      ['200', day(200), 'd-200', 'RSA 2048', paths[0]],
      ['-', '-', '-', '-', paths[4]],
    ]);
    expect(out).toContain(`${paths[3]}: certificate 1 (d--1) expired 12 hours ago`);
    expect(out).toMatch(/5 inputs, 1 with problems/);
  });

  test('a broken one stops none of the others', async () => {
    const broken = write('half.pem', bundle.slice(0, 500));
    const { code, out, err } = await inspect([broken, ...paths, join(folder, 'none.pem')], { now });
    expect(code).toBe(2);
    expect(rowsOf(out)).toHaveLength(5);
    expect(out).toContain('7 inputs');
    expect(out).toContain('2 could not be read');
    expect(err).toContain(`${broken}, block 1, line 1: the block has no -----END`);
    expect(err).toContain('none.pem: ');
  });

  test('--json: one document a line, in the order of the inputs', async () => {
    const broken = join(folder, 'none.pem');
    const { code, lines, err } = await inspect([...paths.slice(0, 2), broken, key, '--json'], { now });
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(lines().map(({ input }) => input)).toEqual([paths[0], paths[1], broken, key]);
    expect(lines()).toMatchObject([
      { schemaVersion: 1, expiry: { daysLeft: 200 } },
      { schemaVersion: 1, expiry: { daysLeft: 3 } },
      { schemaVersion: 1, error: { code: expect.stringMatching(/^file\./) } },
      { schemaVersion: 1, keys: [{ state: 'locked' }] },
    ]);
  });

  test('--details shows each in full', async () => {
    const { out } = await inspect([...paths.slice(0, 2), '--details'], { now });
    expect(out.match(/^certificate 1, the device's own$/gm)).toHaveLength(2);
  });

  test('the named secret is read once and used for all', async () => {
    const [a, b] = [write('same-a.pem', bundle), write('same-b.pem', bundle)];
    const { lines } = await inspect([a, b, '--json', '--passin', `file:${fixture('device.secret')}`], {
      now,
    });
    expect(lines()).toMatchObject([{ keys: [{ state: 'open' }] }, { keys: [{ state: 'open' }] }]);
  });
});
