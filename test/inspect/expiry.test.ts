import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { inspectBundle } from '../../src/bundle/index.js';
import { createAuthority, type Credentials } from '../../src/pki/index.js';
import { describeWithPeer, peerEnv } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { inspect, writerTo } from './support.js';

const write = writerTo(temporaryFolder());
const second = 1000;
const day = 86_400 * second;
const start = new Date('2030-01-01T00:00:00Z');
const end = new Date('2030-12-31T00:00:00Z');
const before = (milliseconds: number): Date => new Date(end.getTime() - milliseconds);

let device: Credentials;
let path: string;

beforeAll(async () => {
  const ca = await createAuthority({ subject: 'CN=ca', keyKind: 'ec-p256', notBefore: start, days: 3650 });
  device = await ca.issue({ subject: 'CN=device', keyKind: 'ec-p256', notBefore: start, days: 364 });
  path = write('device.crt', device.pem);
});

interface Row {
  readonly now: Date;
  readonly within?: string;
  readonly code: 0 | 1;
  readonly says: string;
}

const rows: readonly Row[] = [
  { now: before(31 * day), code: 0, says: '31 days left' },
  { now: before(29 * day), code: 0, says: 'expires in 29 days, on 2030-12-31' },
  { now: before(0), code: 0, says: 'ends in 0 minutes' },
  { now: before(-second), code: 1, says: 'expired 0 minutes ago' },
  { now: before(-3 * day), code: 1, says: 'expired 3 days ago, on 2030-12-31' },
  { now: new Date(start.getTime() - second), code: 1, says: 'is not valid yet' },
  { now: start, code: 0, says: '364 days left' },
  { now: before(30 * day), within: '30d', code: 1, says: 'expires in 30 days' },
  { now: before(30 * day + second), within: '30d', code: 0, says: '30 days left' },
  { now: before(36 * 3600 * second), within: '36h', code: 1, says: 'expires in 36 hours' },
  { now: before(36 * 3600 * second + second), within: '36h', code: 0, says: 'ends in 36 hours' },
  { now: before(14 * day), within: '2w', code: 1, says: 'expires in 14 days' },
  { now: before(14 * day + second), within: '2w', code: 0, says: '14 days left' },
  { now: before(90 * 60 * second), within: '90m', code: 1, says: 'expires in 90 minutes' },
  { now: before(45 * day), within: '1.5w', code: 0, says: '45 days left' },
  { now: before(second), within: '0d', code: 0, says: 'ends in 0 minutes' },
  { now: before(0), within: '0d', code: 1, says: 'expires in 0 minutes' },
  { now: before(-day), within: '30d', code: 1, says: 'expired 24 hours ago' },
];

describe('--expires-within, to the second', () => {
  test.each(rows)('$now within $within: exit code $code', async ({ now, within, code, says }) => {
    const args = within === undefined ? [path] : [path, '--expires-within', within];
    const text = await inspect(args, { now });
    expect(text.out.replace(/\s+/g, ' ')).toContain(says);
    expect(text.code).toBe(code);
    const json = await inspect([...args, '--json'], { now });
    expect(json.code).toBe(code);
    expect((json.json()['problems'] as unknown[]).length > 0).toBe(code === 1);
  });

  test.each(['30', 'd', '30 days', '-1d', '1y', '1e3d', '', '30d30d', '99999999999d'])(
    'is no time: %j',
    async (within) => {
      const { code, err, out } = await inspect([path, `--expires-within=${within}`]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/expires-within/);
    },
  );

  test('of many inputs one that ends is enough', async () => {
    const ca = await createAuthority({ subject: 'CN=ca', keyKind: 'ec-p256' });
    const long = write('long.crt', ca.pem);
    const now = before(3 * day);
    expect((await inspect([long, path], { now })).code).toBe(0);
    const { code, out } = await inspect([long, path, '--expires-within', '1w'], { now });
    expect(code).toBe(1);
    expect(out).toContain(`${path}: certificate 1 (device) expires in 3 days, on 2030-12-31`);
  });

  test('what counts is the device certificate with its issuers', async () => {
    const short = await createAuthority({
      subject: 'CN=short',
      keyKind: 'ec-p256',
      notBefore: start,
      days: 30,
    });
    const leaf = await short.issue({ subject: 'CN=leaf', keyKind: 'ec-p256', notBefore: start, days: 300 });
    const now = new Date(start.getTime() + 40 * day);
    const { problems, expiry } = await inspectBundle(leaf.pem + short.pem, { now });
    expect(problems.map(({ code }) => code)).toEqual(['chain.intermediate-expired']);
    expect(expiry).toMatchObject({ certificate: 2, daysLeft: -10 });
  });

  test('an expired authority among others is a problem only to who asks', async () => {
    const old = await createAuthority({ subject: 'CN=old', keyKind: 'ec-p256', notBefore: start, days: 30 });
    const young = await createAuthority({
      subject: 'CN=young',
      keyKind: 'ec-p256',
      notBefore: start,
      days: 900,
    });
    const now = new Date(start.getTime() + 40 * day);
    const file = write('roots.pem', old.pem + young.pem);
    expect((await inspect([file], { now })).code).toBe(0);
    expect((await inspect([file, '--expires-within', '1d'], { now })).code).toBe(1);
  });
});

describeWithPeer(['openssl', 'faketime'], 'the same line as openssl x509 -checkend', () => {
  test.each([-86_401, -1, 0, 1, 3599, 3600, 3601, 2_592_000])(
    '%i seconds before the end',
    async (seconds) => {
      const now = before(seconds * second);
      for (const limit of [0, 3600, 86_400]) {
        const at = now.toISOString().replace('T', ' ').slice(0, 19);
        const openssl = ['openssl', 'x509', '-noout', '-checkend', String(limit), '-in', path];
        // Its exit code is 1 also where it could not run at all.
        let said = '';
        for (let tries = 0; tries < 3 && !said.startsWith('Certificate will'); tries++)
          said = spawnSync('faketime', ['-f', at, ...openssl], {
            encoding: 'utf8',
            env: peerEnv({ TZ: 'UTC' }),
          }).stdout;
        expect(said).toMatch(/^Certificate will (?:not )?expire/);
        const ends = !said.includes('not');
        const { code } = await inspect([path, '--expires-within', `${limit}s`], { now });
        expect({ seconds, limit, ends: code === 1 }).toEqual({ seconds, limit, ends });
      }
    },
  );
});
