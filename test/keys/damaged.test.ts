import {
  createDecipheriv,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  scryptSync,
} from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { der, parseAsn1 } from '../../src/bundle/asn1/index.js';
import { exportKey, sealKey } from '../../src/bundle/keys/index.js';
import { writePkcs12 } from '../../src/bundle/pkcs12/index.js';
import {
  hmac,
  pbkdf2,
  pemText,
  sealCbc,
  sealGcm,
  sealTraditional,
  encryptedPrivateKeyInfo,
} from '../corpus/made-encryption.js';
import { openFile } from '../corpus/open-file.js';
import { refusal, refuse } from './support.js';

const passphrase = 'jJ3fF7dD0rR2rR3wW0eE2tT';
const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsaPkcs8 = rsa.export({ type: 'pkcs8', format: 'der' });
const rsaPkcs1 = rsa.export({ type: 'pkcs1', format: 'der' });

/** The bytes of a PEM text with one block. */
const bodyOf = (pem: string): Buffer => Buffer.from(pem.replaceAll(/-----.*-----/g, ''), 'base64');

function flip(bytes: Uint8Array, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0x40;
  return changed;
}

/** The same container with another ciphertext. */
function withCiphertext(container: Uint8Array, change: (ciphertext: Buffer) => Uint8Array): Uint8Array {
  const [algorithm, ciphertext] = parseAsn1(container, refuse).sequenceOf('');
  return der.sequence(algorithm!.bytes, der.octets(change(Buffer.from(ciphertext!.content))));
}

describe('an encrypted key that was changed is damaged, not a matter of the passphrase', () => {
  const containers: readonly [string, () => Promise<Buffer>][] = [
    ['PBES2', async () => bodyOf(await sealKey(rsa, passphrase, { iterations: 1000 }))],
    [
      'the form of SAP',
      async () => bodyOf(await sealKey(rsa, passphrase, { scheme: 'SAP', iterations: 1000 })),
    ],
  ];
  const changes: readonly [string, (ciphertext: Buffer) => Uint8Array][] = [
    ['a bit in the middle', (bytes) => flip(bytes, bytes.length >> 1)],
    ['a bit in the last block', (bytes) => flip(bytes, bytes.length - 3)],
    ['half a block lost', (bytes) => bytes.subarray(0, -4)],
    ['a whole block lost', (bytes) => bytes.subarray(0, -16)],
    ['half of it lost', (bytes) => bytes.subarray(0, 320)],
    ['a block twice', (bytes) => Buffer.concat([bytes, bytes.subarray(-16)])],
    ['all of it lost', () => Buffer.alloc(0)],
  ];

  test.each(
    containers.flatMap(([name, make]) => changes.map(([what, change]) => ({ name, what, make, change }))),
  )('$name: $what', async ({ make, change }) => {
    const damaged = withCiphertext(await make(), change);
    expect((await refusal(() => openFile(damaged, { passphrase }))).code).toBe('key.damaged');
    if (change(Buffer.alloc(640)).length % 16 === 0 && change(Buffer.alloc(640)).length > 0) {
      const wrong = await refusal(() => openFile(damaged, { passphrase: 'another' }));
      expect(wrong.code).toBe('key.passphrase-wrong');
    }
  });

  test('a traditional key', async () => {
    const { iv, ciphertext } = sealTraditional(rsaPkcs1, Buffer.from(passphrase));
    const headers = ['Proc-Type: 4,ENCRYPTED', `DEK-Info: AES-128-CBC,${iv.toString('hex')}`];
    const file = (bytes: Uint8Array) => pemText('RSA PRIVATE KEY', bytes, headers);
    expect((await openFile(file(ciphertext), { passphrase }))[0]?.equals(rsa)).toBe(true);
    const changed = await refusal(() => openFile(file(flip(ciphertext, 100)), { passphrase }));
    expect(changed.code).toBe('key.damaged');
  });

  test.each([
    ['no DEK-Info', ['Proc-Type: 4,ENCRYPTED'], /DEK-Info header is missing/],
    [
      'a vector that is cut',
      ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,0011223344556677'],
      /has 8 bytes, not 16/,
    ],
    [
      'a vector that is no hexadecimal',
      ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,xyz'],
      /hexadecimal/,
    ],
    ['no vector', ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC'], /has 0 bytes/],
  ])('headers: %s', async (_what, headers, message) => {
    const error = await refusal(() =>
      openFile(pemText('RSA PRIVATE KEY', Buffer.alloc(64), headers), { passphrase }),
    );
    expect(error.code).toBe('key.damaged');
    expect(error.message).toMatch(message);
  });

  test('GCM: a tag that does not fit says no more than that', async () => {
    const sealed = encryptedPrivateKeyInfo(
      sealGcm(
        rsaPkcs8,
        pbkdf2(Buffer.from(passphrase), hmac.sha256),
        'aes-256-gcm',
        '2.16.840.1.101.3.4.1.46',
        16,
      ),
    );
    const error = await refusal(() => openFile(flip(sealed, sealed.length - 30), { passphrase }));
    expect(error.code).toBe('key.passphrase-wrong');
  });
});

test('one wrong passphrase in 256 leaves a sound padding and is called wrong all the same', async () => {
  const { iv, ciphertext } = sealTraditional(rsaPkcs1, Buffer.from(passphrase));
  const headers = ['Proc-Type: 4,ENCRYPTED', `DEK-Info: AES-128-CBC,${iv.toString('hex')}`];
  const file = pemText('RSA PRIVATE KEY', ciphertext, headers);
  const soundPadding = (candidate: string): boolean => {
    const key = createHash('md5').update(candidate).update(iv.subarray(0, 8)).digest();
    const decipher = createDecipheriv('aes-128-cbc', key, iv);
    try {
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).length > 0;
    } catch {
      return false;
    }
  };
  const candidates = Array.from({ length: 1500 }, (_, index) => `wrong ${index}`);
  const sound = candidates.filter(soundPadding);
  expect(sound.length).toBeGreaterThan(0);
  for (const candidate of sound) {
    expect((await refusal(() => openFile(file, { passphrase: candidate }))).code).toBe(
      'key.passphrase-wrong',
    );
  }
});

test('an error that something else left in OpenSSL is not taken for one in the key', async () => {
  expect(() => scryptSync('', '', 32, { N: 2 ** 20 })).toThrow(/memory limit/);
  const [key] = await openFile(Buffer.from(exportKey(ec, 'pkcs8')), {});
  expect(key?.equals(ec)).toBe(true);
});

describe('a key whose parts do not belong together', () => {
  const numbers = parseAsn1(rsaPkcs1, refuse)
    .sequenceOf('')
    .map((element) => element.integer(''));
  const names = ['version', 'n', 'e', 'd', 'p', 'q', 'dP', 'dQ', 'qInv'];

  test.each(names.slice(1).map((name, index) => [name, index + 1] as const))(
    'RSA: %s',
    async (_name, index) => {
      const changed = numbers.with(index, numbers[index]! + 2n);
      const bytes = der.sequence(...changed.map((number) => der.integer(number)));
      const error = await refusal(() => openFile(pemText('RSA PRIVATE KEY', bytes), {}));
      expect(error.code).toBe('key.damaged');
      const inPkcs8 = der.sequence(
        der.integer(0),
        der.sequence(der.oid('1.2.840.113549.1.1.1'), der.null()),
        der.octets(bytes),
      );
      expect((await refusal(() => openFile(pemText('PRIVATE KEY', inPkcs8), {}))).code).toBe('key.damaged');
      const sealed = sealCbc(inPkcs8, pbkdf2(Buffer.from(passphrase), hmac.sha256));
      const inside = await refusal(() => openFile(encryptedPrivateKeyInfo(sealed), { passphrase }));
      expect(inside.code).toBe('key.damaged');
    },
  );

  test.each([
    ['an exponent of 1', numbers.with(2, 1n).with(3, 1n).with(6, 1n).with(7, 1n)],
    ['a modulus of more than 16,384 bits', numbers.with(1, 2n ** 20_000n + 1n)],
    ['primes of zero but for one', numbers.with(4, 0n).with(5, 0n).with(6, 0n).with(7, 0n)],
    ['a prime of zero', numbers.with(4, 0n)],
    ['a negative exponent', numbers.with(3, 0n)],
  ])('RSA: %s', async (_what, changed) => {
    const bytes = der.sequence(...changed.map((number) => der.integer(number)));
    expect((await refusal(() => openFile(pemText('RSA PRIVATE KEY', bytes), {}))).code).toBe('key.damaged');
  });

  test('EC: a public point of another key, and a private number of zero', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const point = other.export({ type: 'spki', format: 'der' }).subarray(-65);
    const { d = '' } = ec.export({ format: 'jwk' });
    const sec1 = (scalar: Uint8Array) =>
      der.sequence(
        der.integer(1),
        der.octets(scalar),
        der.explicit(0, der.oid('1.2.840.10045.3.1.7')),
        der.explicit(1, der.bits(point)),
      );
    for (const scalar of [
      Buffer.from(d, 'base64url'),
      Buffer.alloc(32),
      Buffer.alloc(32, 0xff),
      Buffer.alloc(0),
    ]) {
      const error = await refusal(() => openFile(pemText('EC PRIVATE KEY', sec1(scalar)), {}));
      expect(error.code).toBe('key.damaged');
    }
  });

  test('Ed25519, version 2: a public key of another key', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const content = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(5);
    const tagged = Buffer.concat([Buffer.of(0x81, 33, 0), randomBytes(32)]);
    const error = await refusal(() => openFile(der.sequence(der.integer(1), content, tagged), {}));
    expect(error.code).toBe('key.damaged');
  });

  test('Ed25519: a seed that is too short', async () => {
    const algorithm = der.sequence(der.oid('1.3.101.112'));
    const bytes = der.sequence(der.integer(0), algorithm, der.octets(der.octets(Buffer.alloc(31))));
    expect((await refusal(() => openFile(pemText('PRIVATE KEY', bytes), {}))).code).toBe('key.damaged');
  });

  test('DSA: a public number of another key', async () => {
    const { privateKey } = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 });
    const traditional = bodyOf(exportKey(privateKey, 'traditional'));
    expect((await openFile(traditional, {}))[0]?.equals(privateKey)).toBe(true);
    const parts = parseAsn1(traditional, refuse)
      .sequenceOf('')
      .map((element) => element.integer(''));
    const changed = der.sequence(...parts.with(4, parts[4]! + 1n).map((number) => der.integer(number)));
    expect((await refusal(() => openFile(changed, {}))).code).toBe('key.damaged');
  });
});

describe('PKCS#12', () => {
  const file = writePkcs12({ key: rsa, certificates: [], passphrase });

  test('a change under a MAC that the passphrase opens is damage', async () => {
    const bytes = await file;
    const [version, authSafe, mac] = parseAsn1(bytes, refuse).sequenceOf('');
    const macContent = Buffer.from(mac!.bytes);
    const changedMac = flip(macContent, macContent.indexOf(Buffer.from(der.null())) + 6);
    const changed = der.sequence(version!.bytes, authSafe!.bytes, changedMac);
    const error = await refusal(() => openFile(changed, { passphrase }));
    expect(error.code).toBe('key.damaged');
    expect(error.message).toMatch(/its MAC does not fit/);
    expect((await refusal(() => openFile(changed, { passphrase: 'another' }))).code).toBe(
      'key.passphrase-wrong',
    );
  });

  test('cut anywhere, it is damaged', async () => {
    const bytes = await file;
    for (let length = 40; length < bytes.length; length += 61) {
      const error = await refusal(() => openFile(bytes.subarray(0, length), { passphrase }));
      expect(error.code).toBe('key.damaged');
    }
  });

  test('whole, it opens', async () => {
    const [key] = await openFile(await file, { passphrase });
    expect(createPublicKey(key!).equals(createPublicKey(rsa))).toBe(true);
  });
});
