import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { inspectBundle } from '../../src/bundle/index.js';
import { createAuthority } from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { openssl, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const secret = 'pass:s3cr3t-canary';
const passphrase = 's3cr3t-canary';

let keyFile: string;
let certificateFile: string;

beforeAll(async () => {
  const ca = await createAuthority({ subject: 'CN=ca', keyKind: 'ec-p256' });
  const device = await ca.issue({ subject: 'CN=device', keyKind: 'rsa-2048' });
  keyFile = write('plain.key', device.key.export({ type: 'pkcs8', format: 'pem' }));
  certificateFile = write('device.crt', device.pem);
});

describeWithPeer('openssl', 'PKCS#12, with and without its secret', () => {
  const store = (...args: string[]): Buffer => {
    const out = join(folder, 'device.p12');
    openssl([
      'pkcs12',
      '-export',
      '-in',
      certificateFile,
      '-inkey',
      keyFile,
      '-out',
      out,
      '-passout',
      secret,
      '-name',
      'my\u0007 device',
      ...args,
    ]);
    return readFileSync(out);
  };

  test.each([
    ['as openssl 3 writes it', [], 'hmac-sha256', 'aes-256-cbc'],
    ['as SAP writes it', ['-legacy'], 'hmac-sha1', 'rc2-40-cbc'],
  ])('PKCS#12 %s', async (_, args, mac, cipher) => {
    const bytes = store(...args);
    const sealed = await inspectBundle(bytes);
    expect(sealed).toMatchObject({ format: 'pkcs12', certificates: [], problems: [] });
    expect(sealed.stores).toMatchObject([{ sealed: true }]);
    expect(sealed.stores[0]?.mac?.algorithm).toBe(mac);
    expect(sealed.stores[0]?.contents[0]?.encryption?.cipher).toBe(cipher);
    expect(sealed.keys).toMatchObject([{ state: 'locked', friendlyName: 'my\u0007 device' }]);
    const rc2 = sealed.warnings.filter(({ message }) => message.includes('OpenSSL 3 and Node refuse'));
    expect(rc2).toHaveLength(cipher === 'rc2-40-cbc' ? 1 : 0);

    const open = await inspectBundle(bytes, { passphrase });
    expect(open.stores).toMatchObject([{ sealed: false }]);
    expect(open.keys).toMatchObject([{ state: 'open', size: 2048, certificates: [1] }]);
    expect(open.certificates).toMatchObject([{ commonName: 'device', friendlyName: 'my\u0007 device' }]);

    const wrong = await inspectBundle(bytes, { passphrase: 'no' });
    expect(wrong.problems.map(({ code }) => code)).toEqual(['key.passphrase-wrong']);
    expect(wrong.stores).toEqual(sealed.stores);
  });

  test.each([
    [['-certpbe', 'NONE'], 'hmac-sha256'],
    [['-certpbe', 'NONE', '-nomac'], undefined],
  ])('PKCS#12 whose certificates are not encrypted needs no secret for them: %j', async (args, mac) => {
    const { certificates, keys, stores } = await inspectBundle(store(...args));
    expect(stores).toMatchObject([{ sealed: false }]);
    expect(stores[0]?.mac?.algorithm).toBe(mac);
    expect(certificates).toMatchObject([{ commonName: 'device' }]);
    expect(keys).toMatchObject([{ state: 'locked' }]);
  });

  test.each([
    ['as bytes in base64', (p12: Buffer) => p12.toString('base64'), 'pkcs12'],
    [
      'in a download',
      (p12: Buffer) => JSON.stringify({ p12: p12.toString('base64') }),
      'device-management-json',
    ],
    [
      'in an onboarding response',
      (p12: Buffer) =>
        JSON.stringify({
          deviceAlternateId: 'd-1',
          authentication: { type: 'P12', certificate: p12.toString('base64') },
          connectionCriteria: { host: 'gw.example.com', port: '8883', clientId: 'd-1' },
        }),
      'agrirouter-json',
    ],
  ])('PKCS#12 %s, without its secret', async (_, wrap, format) => {
    const inspection = await inspectBundle(wrap(store()), { file: 'x.json' });
    expect(inspection).toMatchObject({
      format,
      certificates: [],
      bringsSecret: false,
      stores: [{ sealed: true }],
    });
    expect(inspection.keys).toMatchObject([{ state: 'locked' }]);
    if (format === 'agrirouter-json')
      expect(inspection.connection).toMatchObject({ host: 'gw.example.com', port: 8883 });
  });

  test('a download that brings a wrong secret is described all the same', async () => {
    const text = JSON.stringify({ secret: 'wrong-canary', p12: store().toString('base64') });
    const inspection = await inspectBundle(text);
    expect(inspection).toMatchObject({
      bringsSecret: true,
      stores: [{ sealed: true }],
      problems: [{ code: 'key.passphrase-wrong' }],
    });
    expect(JSON.stringify(inspection)).not.toContain('wrong-canary');
  });
});
