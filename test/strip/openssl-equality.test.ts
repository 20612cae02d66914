import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { stripBundle } from '../../src/index.js';
import { describeWithPeer } from '../support/peers.js';
import { fixtures, openssl, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const secret = 'jJ3fF7dD0rR2rR3wW0eE2tT';

/** How a key is made, and how it is encrypted: the arguments of the real openssl. */
const keys = {
  'RSA 2048': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'RSA 3072': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
  'RSA 4096': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:4096'],
  'EC P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'EC P-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  Ed25519: ['-algorithm', 'ED25519'],
} as const;

const encryptions = {
  'SAP form': ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', '-iter', '131072'],
  PBES2: ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-v2prf', 'hmacWithSHA256'],
  'traditional AES-256': ['pkey', '-traditional', '-aes256'],
} as const;

/** What each of our formats is called there; an Ed25519 key has no traditional form, and openssl says so. */
const formats = {
  both: [
    ['pkcs8', []],
    ['traditional', ['-traditional']],
  ],
  onlyPkcs8: [['pkcs8', []]],
} as const;

type KeyName = keyof typeof keys;

const rows = (Object.keys(keys) as KeyName[]).flatMap((key) =>
  (Object.keys(encryptions) as (keyof typeof encryptions)[])
    // Ed25519 has no traditional form.
    .filter((encryption) => !(key === 'Ed25519' && encryption === 'traditional AES-256'))
    .map((encryption) => ({ key, encryption, kind: key.startsWith('RSA') ? 'rsa' : 'pkey' })),
);

describeWithPeer('openssl', 'the bytes of the three openssl steps', () => {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder, name);

  beforeAll(async () => {
    for (const [name, args] of Object.entries(keys)) {
      await openssl(['genpkey', ...args, '-out', path(`${name}.plain`)]);
      const subject = '/C=DE/O=SAP Trust Community/OU=IoT Services/CN=deviceAlternateId:pump|gatewayId:3';
      await openssl([
        'req',
        '-x509',
        '-new',
        '-key',
        path(`${name}.plain`),
        '-subj',
        subject,
        '-days',
        '365',
        '-out',
        path(`${name}.crt`),
      ]);
    }
  }, 120_000);

  test.each(rows)('$key under $encryption', async ({ key, encryption, kind }) => {
    const bundle = path(`${key} ${encryption}.pem`);
    const encrypted = await openssl([
      ...encryptions[encryption],
      '-in',
      path(`${key}.plain`),
      '-passout',
      `pass:${secret}`,
    ]);
    writeFileSync(bundle, Buffer.concat([encrypted, readFileSync(path(`${key}.crt`))]));

    const certificate = await openssl(['x509', '-in', bundle]);
    for (const [keyFormat, flags] of formats[key === 'Ed25519' ? 'onlyPkcs8' : 'both']) {
      const privateKey = await openssl([kind, '-in', bundle, '-passin', `pass:${secret}`, ...flags]);
      const stripped = await stripBundle(readFileSync(bundle), { passphrase: secret, keyFormat });
      expect(stripped.privateKey).toBe(privateKey.toString());
      expect(stripped.certificate).toBe(certificate.toString());
      expect(stripped.combined).toBe(Buffer.concat([privateKey, certificate]).toString());
    }
  });

  test('the command writes the same three files as the three steps', async () => {
    const secretFile = join(fixtures, 'device.secret');
    const bundle = join(fixtures, 'device.pem');
    await openssl(['rsa', '-in', bundle, '-out', path('openssl.key'), '-passin', `file:${secretFile}`]);
    await openssl(['x509', '-in', bundle, '-out', path('openssl.crt')]);
    const ran = await sapcert(['strip', bundle, '--split', '--out-dir', folder]);
    expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('') });
    const [key, certificate] = [
      readFileSync(path('openssl.key'), 'utf8'),
      readFileSync(path('openssl.crt'), 'utf8'),
    ];
    expect(readFileSync(path('device.private.key'), 'utf8')).toBe(key);
    expect(readFileSync(path('device.certificate.crt'), 'utf8')).toBe(certificate);
    expect(readFileSync(path('device.newcert.pem'), 'utf8')).toBe(key + certificate);
    expect(statSync(path('device.newcert.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(path('device.private.key')).mode & 0o777).toBe(0o600);
  });
});
