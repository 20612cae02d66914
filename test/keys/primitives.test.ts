import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openssl, legacyProvider } from '../corpus/openssl.js';
import { blockModes } from '../../src/bundle/keys/encryption/block-cipher.js';
import { blowfish } from '../../src/bundle/keys/encryption/blowfish.js';
import { allCiphers } from '../../src/bundle/keys/encryption/ciphers.js';
import { rc2 } from '../../src/bundle/keys/encryption/forge-rc2.js';
import { allHashes, requireHash } from '../../src/bundle/keys/encryption/hashes.js';
import { derivePkcs12 } from '../../src/bundle/keys/encryption/pkcs12-kdf.js';
import { allSchemes } from '../../src/bundle/keys/encryption/pbes1.js';
import { rc4 } from '../../src/bundle/keys/encryption/rc4.js';
import { repeatHash } from '../../src/bundle/keys/encryption/repeat-hash.js';
import { seed } from '../../src/bundle/keys/encryption/seed.js';
import { describeWithPeer } from '../support/peers.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('block ciphers', () => {
  test.each([
    [
      '00000000000000000000000000000000',
      '000102030405060708090a0b0c0d0e0f',
      '5ebac6e0054e166819aff1cc6d346cdb',
    ],
    [
      '000102030405060708090a0b0c0d0e0f',
      '00000000000000000000000000000000',
      'c11f22f20140505084483597e4370f43',
    ],
    [
      '4706480851e61be85d74bfb3fd956185',
      '83a2f8a288641fb9a4e9a5cc2f131c7d',
      'ee54d13ebcae706d226bc3142cd40d4a',
    ],
    [
      '28dbc3bc49ffd87dcfa509b11d422be7',
      'b41e6be2eba84a148e2eed84593c5ec7',
      '9b9b7bfcd1813cb95d0b3618f40f5122',
    ],
  ])('SEED, RFC 4269 appendix B: key %s', (key, plain, cipher) => {
    const block = seed(hex(key));
    expect(Buffer.from(block.encrypt(hex(plain))).toString('hex')).toBe(cipher);
    expect(Buffer.from(block.decrypt(hex(cipher))).toString('hex')).toBe(plain);
  });

  test.each([
    [64, 'ffffffffffffffff', 'ffffffffffffffff', '278b27e42e2f0d49'],
    [64, '3000000000000000', '1000000000000001', '30649edf9be7d2c2'],
    [64, '88bca90e90875a', '0000000000000000', '6ccf4308974c267f'],
    [128, '88bca90e90875a7f0f79c384627bafb2', '0000000000000000', '2269552ab0f85ca6'],
  ])('RC2, RFC 2268 section 5: %i effective bits of %s', (bits, key, plain, cipher) => {
    const block = rc2(hex(key), bits);
    expect(Buffer.from(block.encrypt(hex(plain))).toString('hex')).toBe(cipher);
    expect(Buffer.from(block.decrypt(hex(cipher))).toString('hex')).toBe(plain);
  });

  test('RC4, RFC 6229 section 2: 40-bit key', () => {
    const stream = rc4(hex('0102030405'), Buffer.alloc(16));
    expect(Buffer.from(stream).toString('hex')).toBe('b2396305f03dc027ccc3524a0a1118a8');
  });

  test('a plaintext block that ends in zeros keeps them under Blowfish', () => {
    const block = blowfish(hex('00112233445566778899aabbccddeeff'));
    const plain = hex('0102030400000000');
    expect(Buffer.from(block.decrypt(block.encrypt(plain)))).toEqual(plain);
  });
});

describe('iterated SHA-256', () => {
  test.each([0, 1, 2, 1000, 1001, 5000])('%i rounds equal node:crypto', (times) => {
    const start = createHash('sha256').update('start').digest();
    let expected = start;
    for (let round = 0; round < times; round += 1) expected = createHash('sha256').update(expected).digest();
    expect(repeatHash('sha256', start, times)).toEqual(expected);
  });
});

describeWithPeer('openssl', 'primitives against openssl', () => {
  const blocks = [
    ['bf', blowfish(hex('00112233445566778899aabbccddeeff')), '00112233445566778899aabbccddeeff'],
    ['seed', seed(hex('00112233445566778899aabbccddeeff')), '00112233445566778899aabbccddeeff'],
    ['rc2', rc2(hex('00112233445566778899aabbccddeeff'), 128), '00112233445566778899aabbccddeeff'],
  ] as const;
  const modes = ['cbc', 'cfb', 'ofb', 'ecb'] as const;

  test.each(blocks.flatMap(([name, block, key]) => modes.map((mode) => ({ name, mode, block, key }))))(
    '$name-$mode',
    async ({ name, mode, block, key }) => {
      const iv = Buffer.alloc(block.blockBytes, 0xa5);
      const plain = createHash('sha512').update(name).digest();
      const args = ['enc', '-a', '-A', `-${name}-${mode}`, '-K', key, '-nopad', ...legacyProvider];
      const vector = mode === 'ecb' ? [] : ['-iv', iv.toString('hex')];
      const ciphertext = Buffer.from(
        (await openssl([...args, ...vector], { input: plain })).toString(),
        'base64',
      );
      expect(Buffer.from(blockModes[mode]!(block, iv, ciphertext))).toEqual(plain);
    },
  );

  test.each(['sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-256', 'sha3-256', 'md5'])(
    'PKCS#12 derivation with %s',
    async (name) => {
      const password = Buffer.from('grün\0', 'utf16le').swap16();
      for (const [purpose, id, length] of [
        ['key', 1, 70],
        ['iv', 2, 8],
        ['mac', 3, 20],
      ] as const) {
        const hash = requireHash(name);
        const options = [
          `digest:${name}`,
          `hexpass:${password.toString('hex')}`,
          'hexsalt:0102030405060708090a',
        ];
        const kdfopts = [...options, 'iter:1234', `id:${id}`].flatMap((option) => ['-kdfopt', option]);
        const derived = await openssl(['kdf', '-binary', '-keylen', `${length}`, ...kdfopts, 'PKCS12KDF']);
        const parameters = { salt: hex('0102030405060708090a'), iterations: 1234 };
        expect(Buffer.from(await derivePkcs12(hash, parameters, purpose, password, length))).toEqual(derived);
      }
    },
  );

  test('object identifiers are those that openssl knows', async () => {
    const objects = (await openssl(['list', '-objects'])).toString();
    const known = new Set(
      objects.split('\n').flatMap((line) => / = (?:[^,]*, )?([\d.]+)$/.exec(line)?.[1] ?? []),
    );
    const named = (name: string, oid: string) => ({ name, oid, found: known.has(oid) });
    const foreign = /^(?:chacha20|rc5|magma|kuznyechik|desx)/;
    const rows = [
      ...allCiphers
        .filter(
          ({ name, oid }) =>
            oid !== undefined &&
            !foreign.test(name) &&
            !/^bf-(?:ecb|cfb|ofb)|idea-(?:ecb|cfb|ofb)/.test(name),
        )
        .map(({ name, oid }) => named(name, oid ?? '')),
      ...allHashes.map(({ name, oid }) => named(name, oid)),
      ...allSchemes
        .filter(({ oid }) => !oid.startsWith('1.3.6.1.4.1.22554'))
        .map(({ cipher, oid }) => named(cipher, oid)),
    ];
    expect(rows.filter(({ found }) => !found)).toEqual([]);
    expect(rows.length).toBeGreaterThan(80);
  });
});
