import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exportKey, isPrivateKeyLabel, sealKey } from '../../src/bundle/keys/index.js';
import { type BaseKey, makeBaseKeys } from '../corpus/base-keys.js';
import { openFile } from '../corpus/open-file.js';
import { openssl } from '../corpus/openssl.js';
import { describeWithPeer } from '../support/peers.js';
import { refusal } from './support.js';

const { privateKey } = generateKeyPairSync('ed25519');

describe('exportKey', () => {
  test.each([
    ['pkcs1', 'ec', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['sec1', 'ed25519', privateKey],
    ['pkcs1', 'ed25519', privateKey],
    ['sec1', 'rsa', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
  ] as const)('%s is no form of an %s key', async (format, type, key) => {
    const error = await refusal(() => exportKey(key, format));
    expect(error.code).toBe('usage.invalid');
    expect(error.message).toContain(type);
  });

  test('an RSA-PSS key stays one: no PKCS#1, and PKCS#8 as its traditional form', async () => {
    const key = generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).privateKey;
    expect((await refusal(() => exportKey(key, 'pkcs1'))).code).toBe('usage.invalid');
    const again = createPrivateKey(exportKey(key, 'traditional'));
    expect([again.asymmetricKeyType, again.equals(key)]).toEqual(['rsa-pss', true]);
  });
});

describe('sealKey', () => {
  test.each(['SAP', 'PBES2-AES256-PBKDF2-SHA256'] as const)(
    '%s: any passphrase opens what it sealed',
    async (scheme) => {
      const passphrases = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(passphrases, passphrases, async (passphrase, other) => {
          fc.pre(passphrase !== other);
          const sealed = Buffer.from(await sealKey(privateKey, passphrase, { scheme, iterations: 10 }));
          expect((await openFile(sealed, { passphrase }))[0]?.equals(privateKey)).toBe(true);
          expect((await refusal(() => openFile(sealed, { passphrase: other }))).code).toBe(
            'key.passphrase-wrong',
          );
        }),
        { numRuns: 60 },
      );
    },
  );

  test('Node opens both, with the iterations that they stand for', async () => {
    for (const [scheme, iterations] of [
      ['SAP', 131_072],
      ['PBES2-AES256-PBKDF2-SHA256', 600_000],
    ] as const) {
      const sealed = await sealKey(privateKey, 'secret', { scheme });
      expect(createPrivateKey({ key: sealed, passphrase: 'secret' }).equals(privateKey)).toBe(true);
      const hex = Buffer.from(sealed.replaceAll(/-----.*-----/g, ''), 'base64').toString('hex');
      expect(hex).toContain(`0203${iterations.toString(16).padStart(6, '0')}`);
    }
  });

  test('never the same twice', async () => {
    const [one, two] = [
      await sealKey(privateKey, 'x', { iterations: 1 }),
      await sealKey(privateKey, 'x', { iterations: 1 }),
    ];
    expect(one).not.toBe(two);
  });
});

test.each([
  ['PRIVATE KEY', true],
  ['ENCRYPTED PRIVATE KEY', true],
  ['RSA-PSS PRIVATE KEY', true],
  ['OPENSSH PRIVATE KEY', true],
  ['TSS2 PRIVATE KEY', true],
  ['PUBLIC KEY', false],
  ['CERTIFICATE', false],
  ['NOTPRIVATE KEY', false],
  ['PGP PRIVATE KEY BLOCK', false],
])('%s: a private key? %s', (label, expected) => {
  expect(isPrivateKeyLabel(label)).toBe(expected);
});

describeWithPeer('openssl', 'what openssl writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sapcert-write-'));
  let keys: ReadonlyMap<string, BaseKey>;
  beforeAll(async () => {
    keys = await makeBaseKeys(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const load = async (name: string): Promise<{ key: KeyObject; file: string }> => {
    const file = join(folder, keys.get(name)!.file);
    const [key] = await openFile(readFileSync(file), {});
    return { key: key!, file };
  };

  test.each([
    'RSA 2048',
    'RSA 2048, three primes',
    'RSA-PSS 1024 for SHA-256',
    'EC P-256',
    'EC sect283k1',
    'Ed25519',
    'Ed448',
    'X25519',
    'DSA 1024',
    'DH ffdhe2048',
  ])('%s: pkcs8 is what `openssl pkey` writes', async (name) => {
    const { key, file } = await load(name);
    expect(exportKey(key, 'pkcs8')).toBe((await openssl(['pkey', '-in', file])).toString());
  });

  test.each(['RSA 2048', 'EC P-256', 'EC brainpoolP256r1', 'DSA 1024'])(
    '%s: traditional is what `openssl pkey -traditional` writes',
    async (name) => {
      const { key, file } = await load(name);
      expect(exportKey(key, 'traditional')).toBe(
        (await openssl(['pkey', '-traditional', '-in', file])).toString(),
      );
    },
  );

  test("every curve that openssl names opens, and its public key is openssl's", async () => {
    const listed = (await openssl(['ecparam', '-list_curves'])).toString();
    const curves = [...listed.matchAll(/^\s+([\w-]+)\s*:/gm)]
      .map(([, name = '']) => name)
      .filter((name) => !/SM2|Oakley/.test(name));
    expect(curves.length).toBeGreaterThan(70);
    for (const curve of curves) {
      const key = await openssl(['ecparam', '-name', curve, '-genkey', '-noout']);
      const [opened] = await openFile(key, {});
      const publicKey = await openssl(['pkey', '-pubout'], { input: key });
      expect([curve, createPublicKey(opened!).export({ type: 'spki', format: 'pem' })]).toEqual([
        curve,
        publicKey.toString(),
      ]);
    }
  });
});
