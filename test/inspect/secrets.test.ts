import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { selfSigned } from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { bundle, now, oneLine, lonelyDevice, secretOf } from './device.js';
import { inspect, openssl, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const { lonely } = lonelyDevice(folder);
const secret = secretOf('device');

describe('the secret', () => {
  test('a bundle is not worth a question', async () => {
    const { asked } = await inspect([lonely], { now, answers: [secret] });
    expect(asked).toEqual([]);
  });

  test('an empty secret file beside the bundle stops nothing', async () => {
    const path = write('beside.pem', bundle);
    write('beside.secret', '\n');
    const { code, out } = await inspect([path], { now });
    expect(code).toBe(0);
    expect(oneLine(out)).toContain('beside.secret is empty');
  });

  describeWithPeer('openssl', 'of a PKCS#12 file', () => {
    let p12: string;

    beforeAll(async () => {
      const { key, pem } = await selfSigned({ subject: 'CN=in the store', keyKind: 'rsa-2048' });
      p12 = join(folder, 'store.p12');
      const text = (key.export({ type: 'pkcs8', format: 'pem' }) as string) + pem;
      openssl([
        'pkcs12',
        '-export',
        '-in',
        write('store.pem', text),
        '-out',
        p12,
        '-passout',
        'pass:s3cr3t-canary',
      ]);
    });

    test('is asked for at a terminal, because the certificates need it', async () => {
      const { out, asked, code } = await inspect([p12], { now, answers: ['s3cr3t-canary'] });
      expect(asked).toHaveLength(1);
      expect(oneLine(out)).toContain('subject CN=in the store');
      expect(out).not.toContain('s3cr3t-canary');
      expect(code).toBe(0);
    });

    test.each([
      ['an empty answer', [p12Name()], { answers: [''] }],
      ['nobody to ask', [p12Name()], {}],
    ])('%s: what can be seen from outside', async (_, args, options) => {
      const { out, code } = await inspect(args, { now, ...options });
      expect(code).toBe(0);
      expect(oneLine(out)).toContain('certificates behind the secret');
      expect(oneLine(out)).toContain('shows with the secret: --passin file:PATH');
    });

    test('is not asked for among many', async () => {
      expect((await inspect([p12, lonely], { now, answers: ['x'] })).asked).toEqual([]);
    });

    function p12Name(): string {
      return join(folder, 'store.p12');
    }
  });
});
