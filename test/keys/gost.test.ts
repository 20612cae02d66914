import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { inspectBundle, openPrivateKey, stripBundle } from '../../src/bundle/index.js';
import { exportKey } from '../../src/bundle/keys/index.js';
import { gost341194, streebog256, streebog512 } from '../../src/bundle/keys/encryption/rare/index.js';
import { readPkcs12 } from '../../src/bundle/pkcs12/index.js';
import { openAny } from '../corpus/open-file.js';
import { openssl } from '../corpus/openssl.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { refusal } from './support.js';

/** What the GOST engine of OpenSSL makes is opened; what it computes is computed. */

const passphrase = 'Пароль';
// Larger than 1024 bytes, after which GOST 28147 changes its key.
const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const gost = (args: readonly string[], options = {}): Promise<Buffer> =>
  openssl([args[0] ?? '', '-engine', 'gost', ...args.slice(1)], { passphrase, ...options });

beforeAll(() => writeFileSync(path('rsa.key'), rsa.export({ type: 'pkcs8', format: 'pem' })));

describeWithPeer('gost-engine', 'hashes', () => {
  const lengths = [1, 31, 32, 33, 63, 64, 65, 127, 128, 1000];
  const rows = [
    { name: 'md_gost12_256', digest: streebog256 },
    { name: 'md_gost12_512', digest: streebog512 },
    { name: 'md_gost94', digest: gost341194 },
  ];

  test.each(rows)('$name', async ({ name, digest }) => {
    for (const length of lengths) {
      const input = Buffer.from(Array.from({ length }, (_, index) => (7 * index + length) & 0xff));
      const printed = (await gost(['dgst', `-${name}`, '-r'], { input })).toString();
      expect(digest(input).toString('hex')).toBe(printed.split(' ')[0]);
    }
  });
});

const sets = [
  'id-tc26-gost-28147-param-Z',
  ...['A', 'B', 'C', 'D'].map((set) => `id-Gost28147-89-CryptoPro-${set}-ParamSet`),
];
const pseudoRandom = [
  ['id-HMACGostR3411-94', 'gost3411-94'],
  ['id-tc26-hmac-gost-3411-2012-256', 'streebog-256'],
  ['id-tc26-hmac-gost-3411-2012-512', 'streebog-512'],
  ['hmacWithSHA256', 'sha256'],
] as const;

describeWithPeer('gost-engine', 'GOST 28147', () => {
  const seal = (prf: string, set: string): Promise<Buffer> => {
    const args = ['pkcs8', '-topk8', '-in', path('rsa.key'), '-v2', 'gost89', '-v2prf', prf];
    return gost([...args, '-iter', '50', '-passout', 'env:PASSPHRASE'], { env: { CRYPT_PARAMS: set } });
  };

  test.each(sets)('%s', async (set) => {
    const sealed = await seal('hmacWithSHA256', set);
    const { pem, encryption } = await openPrivateKey(sealed, { passphrase });
    expect(createPrivateKey(pem).equals(rsa)).toBe(true);
    expect(encryption).toMatchObject({ scheme: 'PBES2', cipher: 'gost28147-cfb' });
    expect((await refusal(() => openPrivateKey(sealed, { passphrase: 'x' }))).code).toBe(
      'key.passphrase-wrong',
    );
  });

  test.each(pseudoRandom)('PBKDF2 with %s', async (prf, name) => {
    const sealed = await seal(prf, sets[0] ?? '');
    const { pem, encryption } = await openPrivateKey(sealed, { passphrase });
    expect(createPrivateKey(pem).equals(rsa)).toBe(true);
    expect(encryption?.kdf).toBe(`pbkdf2-${name}`);
  });

  test.each([
    ['md_gost94', 'gost3411-94'],
    ['md_gost12_256', 'streebog-256'],
    ['md_gost12_512', 'streebog-512'],
  ])('PKCS#12 with %s', async (hash, name) => {
    const args = ['-keypbe', 'gost89', '-certpbe', 'gost89', '-macalg', hash, '-iter', '50'];
    await openssl(['req', '-x509', '-key', path('rsa.key'), '-subj', '/CN=d', '-out', path('crt')]);
    const files = ['-inkey', path('rsa.key'), '-in', path('crt'), '-passout', 'env:PASSPHRASE'];
    const store = await gost(['pkcs12', '-export', ...files, ...args]);
    const read = await readPkcs12(store, { passphrase }, {});
    expect(read.integrity).toBe('checked');
    expect((await stripBundle(store, { passphrase })).certificate).toContain('BEGIN CERTIFICATE');
    expect((await inspectBundle(store)).stores[0]?.mac).toMatchObject({
      algorithm: `hmac-${name}`,
      kdf: `pbkdf2-${name}`,
    });
    expect((await refusal(() => stripBundle(store, { passphrase: 'x' }))).code).toBe('key.passphrase-wrong');
  });
});

describeWithPeer('gost-engine', 'keys of a kind that Node does not have', () => {
  const make = (kind: string): Promise<Buffer> =>
    gost(['genpkey', '-algorithm', kind, '-pkeyopt', 'paramset:A']);

  test.each([
    ['gost2001', 'GOST R 34.10-2001'],
    ['gost2012_256', 'GOST R 34.10-2012 (256 bits)'],
    ['gost2012_512', 'GOST R 34.10-2012 (512 bits)'],
  ])('%s comes out as openssl writes it', async (kind, name) => {
    const key = await make(kind);
    writeFileSync(path('gost.key'), key);
    const args = ['pkcs8', '-topk8', '-in', path('gost.key'), '-v2', 'aes256', '-passout', 'env:PASSPHRASE'];
    const sealed = await gost(args);
    for (const input of [key, sealed]) {
      expect(await openPrivateKey(input, { passphrase })).toMatchObject({ pem: key.toString(), type: name });
    }
    expect((await refusal(() => openPrivateKey(sealed, { passphrase: 'x' }))).code).toBe(
      'key.passphrase-wrong',
    );
    expect(await inspectBundle(sealed, { passphrase })).toMatchObject({
      keys: [{ state: 'open', type: name }],
      problems: [
        {
          code: 'key.unsupported-type',
          message: `the private key is ${name}, which Node cannot use for TLS`,
        },
      ],
    });
  });

  test('no other form than PKCS#8, and no bundle for TLS', async () => {
    const key = await make('gost2012_256');
    writeFileSync(path('gost.key'), key);
    const certificate = await gost(['req', '-x509', '-key', path('gost.key'), '-subj', '/CN=d']);
    const [opened] = await openAny(key, {});
    expect(exportKey(opened!, 'traditional')).toBe(key.toString());
    for (const format of ['pkcs1', 'sec1'] as const) {
      expect((await refusal(() => exportKey(opened!, format))).code).toBe('usage.invalid');
    }
    const bundle = Buffer.concat([key, certificate]);
    const error = await refusal(() => stripBundle(bundle));
    expect(error.message).toContain(
      'the private key is GOST R 34.10-2012 (256 bits), which Node cannot use for TLS',
    );
    const { problems, certificates } = await inspectBundle(bundle);
    expect(problems.map(({ code }) => code)).not.toContain('key.certificate-mismatch');
    expect(certificates[0]?.key.type).toBe('GOST R 34.10-2012 (256 bits)');
  });
});
