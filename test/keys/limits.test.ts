import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { der } from '../../src/bundle/asn1/index.js';
import { describePkcs12, readPkcs12 } from '../../src/bundle/pkcs12/index.js';
import { encryptedPrivateKeyInfo, hmac, pbkdf2, scrypt, sealCbc } from '../corpus/made-encryption.js';
import { pkcs12 } from '../corpus/made-pkcs12.js';
import { openFile, readKeys } from '../corpus/open-file.js';
import { refusal } from './support.js';

const passphrase = 'secret';
const password = Buffer.from(passphrase);
const { privateKey } = generateKeyPairSync('ed25519');
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });

const salt = der.octets(Buffer.alloc(8));
const prf = der.sequence(der.oid(hmac.sha256.oid), der.null());
const streebog = der.sequence(der.oid('1.2.643.7.1.1.4.2'), der.null());
const aes = der.sequence(der.oid('2.16.840.1.101.3.4.1.42'), der.octets(Buffer.alloc(16)));

function container(scheme: string, parameters: Uint8Array): Uint8Array {
  const algorithm = der.sequence(der.oid(scheme), parameters);
  return der.sequence(algorithm, der.octets(Buffer.alloc(64)));
}
const pbes2 = (kdf: Uint8Array) => container('1.2.840.113549.1.5.13', der.sequence(kdf, aes));
const pbkdf2Of = (iterations: bigint | number, hash: Uint8Array = prf) =>
  pbes2(der.sequence(der.oid('1.2.840.113549.1.5.12'), der.sequence(salt, der.integer(iterations), hash)));
const scryptOf = (...numbers: readonly (number | bigint)[]) =>
  pbes2(
    der.sequence(
      der.oid('1.3.6.1.4.1.11591.4.11'),
      der.sequence(salt, ...numbers.map((number) => der.integer(number))),
    ),
  );
const pbes1Of = (oid: string, iterations: number) =>
  container(oid, der.sequence(salt, der.integer(iterations)));

describe('work that no genuine file asks for is refused before it begins', () => {
  test.each([
    ['PBKDF2, one more than the limit', pbkdf2Of(5_000_001)],
    ['PBKDF2, 2^31 - 1', pbkdf2Of(2 ** 31 - 1)],
    ['PBKDF2 with Streebog, an eighth of the limit and one more', pbkdf2Of(625_001, streebog)],
    ['PBKDF2, 2^63', pbkdf2Of(2n ** 63n)],
    ['PBKDF2, a number of a thousand digits', pbkdf2Of(10n ** 1000n)],
    ['PBES1 with MD5', pbes1Of('1.2.840.113549.1.5.3', 2 ** 31 - 1)],
    ['PKCS#12 with SHA-1, the form of SAP', pbes1Of('1.2.840.113549.1.12.1.3', 2 ** 31 - 1)],
    ['PKCS#12 with RC2', pbes1Of('1.2.840.113549.1.12.1.6', 2 ** 31 - 1)],
    ['scrypt, N of 2^24', scryptOf(2 ** 24, 8, 1)],
    ['scrypt, N of 2^80', scryptOf(2n ** 80n, 8, 1)],
    ['scrypt, r of four million', scryptOf(2, 2 ** 22, 1)],
    ['scrypt, r of a million', scryptOf(1024, 1_000_000, 1)],
    ['scrypt, p of 1024', scryptOf(16_384, 8, 1024)],
    ['scrypt, p of 2^62', scryptOf(2, 1, 2n ** 62n)],
  ])('%s', async (_what, file) => {
    const error = await refusal(() => openFile(file, { passphrase }));
    expect(error.code).toBe('key.kdf-too-costly');
    expect(error.hint).toMatch(/--allow-slow-kdf/);
    const [key] = await readKeys(file, {});
    expect(key?.encryption).toBeDefined();
  });

  test.each([
    ['PBKDF2, 2^63', pbkdf2Of(2n ** 63n)],
    ['PBKDF2, 2^31', pbkdf2Of(2 ** 31)],
    ['scrypt, N of 2^80', scryptOf(2n ** 80n, 8, 1)],
    ['scrypt, 8 TiB', scryptOf(2 ** 33, 8, 1)],
  ])('not even with slow derivation allowed: %s', async (_what, file) => {
    const error = await refusal(() => openFile(file, { passphrase, allowSlowKdf: true }));
    expect(error.code).toBe('key.kdf-too-costly');
  });

  test.each([
    ['no iterations', pbkdf2Of(0)],
    ['scrypt with an N that is no power of two', scryptOf(1000, 8, 1)],
    ['scrypt with an N of 1', scryptOf(1, 8, 1)],
    ['scrypt without parallelization', scryptOf(1024, 8, 0)],
    [
      'a salt of more than a megabyte',
      container('1.2.840.113549.1.5.3', der.sequence(der.octets(Buffer.alloc(2 ** 20 + 1)), der.integer(1))),
    ],
  ])('impossible: %s', async (_what, file) => {
    expect((await refusal(() => openFile(file, { passphrase, allowSlowKdf: true }))).code).toBe(
      'key.damaged',
    );
  });
});

describe('genuine files above the limit', () => {
  test('open when slow derivation is allowed', async () => {
    const iterations = 5_000_001;
    const sealed = encryptedPrivateKeyInfo(sealCbc(pkcs8, pbkdf2(password, hmac.sha1, { iterations })));
    expect((await refusal(() => openFile(sealed, { passphrase }))).code).toBe('key.kdf-too-costly');
    const [key] = await openFile(sealed, { passphrase, allowSlowKdf: true });
    expect(key?.equals(privateKey)).toBe(true);
  });

  test('scrypt of 64 MiB, which OpenSSL refuses, is below it', async () => {
    const sealed = encryptedPrivateKeyInfo(sealCbc(pkcs8, scrypt(password, 2 ** 16, 8, 1)));
    expect(() =>
      createPrivateKey({ key: Buffer.from(sealed), format: 'der', type: 'pkcs8', passphrase }),
    ).toThrow(/memory limit|decod|error/i);
    expect((await openFile(sealed, { passphrase }))[0]?.equals(privateKey)).toBe(true);
  });
});

describe('PKCS#12', () => {
  const sealed = sealCbc(pkcs8, pbkdf2(password, hmac.sha256));
  const manyBags = (iterations: number, count: number): Uint8Array => {
    const costly = { ...sealed, algorithm: algorithmWith(iterations) };
    const bags = Array.from({ length: count }, () => pkcs12.shroudedKeyBag(costly));
    return pkcs12.file(pkcs12.authenticatedSafe(pkcs12.open(...bags)));
  };
  const algorithmWith = (iterations: number): Uint8Array => {
    const kdf = der.sequence(
      der.oid('1.2.840.113549.1.5.12'),
      der.sequence(salt, der.integer(iterations), prf),
    );
    return der.sequence(der.oid('1.2.840.113549.1.5.13'), der.sequence(kdf, aes));
  };

  test('many bags, each below the limit, together above it', async () => {
    const error = await refusal(() => readPkcs12(manyBags(600_000, 9), { passphrase }, {}));
    expect(error.code).toBe('key.kdf-too-costly');
    const below = await readPkcs12(manyBags(600_000, 8), { passphrase }, {});
    expect(below.keys).toHaveLength(8);
  });

  test('a MAC above the limit', async () => {
    const safe = pkcs12.authenticatedSafe(pkcs12.open(pkcs12.shroudedKeyBag(sealed)));
    const digest = der.sequence(
      der.sequence(der.oid('1.3.14.3.2.26'), der.null()),
      der.octets(Buffer.alloc(20)),
    );
    const file = pkcs12.file(safe, der.sequence(digest, salt, der.integer(2 ** 31 - 1)));
    expect((await refusal(() => readPkcs12(file, { passphrase }, {}))).code).toBe('key.kdf-too-costly');
    expect(describePkcs12(file, {}).mac?.iterations).toBe(2 ** 31 - 1);
  });

  test('bags nested without end', async () => {
    let bag = pkcs12.keyBag(pkcs8);
    for (let depth = 0; depth < 40; depth += 1) bag = pkcs12.nestedBag(bag);
    const file = pkcs12.file(pkcs12.authenticatedSafe(pkcs12.open(bag)));
    expect((await refusal(() => readPkcs12(file, { passphrase }, {}))).code).toBe('key.damaged');
  });
});
