import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openssl, legacyProvider } from '../corpus/openssl.js';
import { type BlockCipher, blockModes } from '../../src/bundle/keys/encryption/block-cipher.js';
import { blowfish } from '../../src/bundle/keys/encryption/blowfish.js';
import { allCiphers } from '../../src/bundle/keys/encryption/ciphers.js';
import { rc2 } from '../../src/bundle/keys/encryption/forge-rc2.js';
import { allHashes, requireHash } from '../../src/bundle/keys/encryption/hashes.js';
import { derivePkcs12 } from '../../src/bundle/keys/encryption/pkcs12-kdf.js';
import { allSchemes } from '../../src/bundle/keys/encryption/pbes1.js';
import {
  cast5,
  desx,
  idea,
  md2,
  nodeBlock,
  openGcm,
  openSiv,
  rc5,
  serpent,
  threefish512,
  twofish,
} from '../../src/bundle/keys/encryption/rare/index.js';
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

  test.each([
    // RFC 2144 appendix B.1: 128, 80 and 40 bits
    [cast5, '0123456712345678234567893456789a', '0123456789abcdef', '238b4fe5847e44b2'],
    [cast5, '01234567123456782345', '0123456789abcdef', 'eb6a711a2c02271b'],
    [cast5, '0123456712', '0123456789abcdef', '7ac816d16e9b302e'],
    // Lai, "On the design and security of block ciphers", 1992
    [idea, '00010002000300040005000600070008', '0000000100020003', '11fbed2b01986de5'],
    // Rivest, "The RC5 encryption algorithm", 1997
    [rc5, '00000000000000000000000000000000', '0000000000000000', '21a5dbee154b8f6d'],
    [rc5, '915f4619be41b2516355a50110a9ce91', '21a5dbee154b8f6d', 'f7c013ac5b2b8952'],
    // Schneier et al., "Twofish", 1998, appendix B
    [twofish, '00'.repeat(16), '00'.repeat(16), '9f589f5cf6122c32b6bfec2f2ae8c35a'],
    [
      twofish,
      '0123456789abcdeffedcba98765432100011223344556677',
      '00'.repeat(16),
      'cfd1d2e5a9be9cdf501f13b892bd2248',
    ],
    [
      twofish,
      '0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff',
      '00'.repeat(16),
      '37527be0052334b89f0cfccae87cfa20',
    ],
    // NESSIE's test vectors, set 1, vector 0
    [serpent, `80${'00'.repeat(31)}`, '00'.repeat(16), 'a223aa1288463c0e2be38ebd825616c0'],
    // Skein 1.3, the test vector of Threefish-512 of zeros
    [
      threefish512,
      '00'.repeat(64),
      '00'.repeat(64),
      'b1a2bbc6ef6025bc40eb3822161f36e375d1bb0aee3186fbd19e47c5d479947b' +
        '7bc2f8586e35f0cff7e7f03084b0b7b1f1ab3961a580a3e97eb41ea14a6d7bbe',
    ],
  ])('%p of %s', (cipher: (key: Uint8Array) => BlockCipher, key, plain, expected) => {
    const block = cipher(hex(key));
    expect(Buffer.from(block.encrypt(hex(plain))).toString('hex')).toBe(expected);
    expect(Buffer.from(block.decrypt(hex(expected))).toString('hex')).toBe(plain);
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

test.each([
  ['', '8350e5a3e24c153df2275c9f80692773'],
  ['a', '32ec01ec4a6dac72c0ab96fb34c0b5d1'],
  ['abcdefghijklmnopqrstuvwxyz', '4e8ddff3650292ab5a4108c3aa47940b'],
  ['1234567890'.repeat(8), 'd5976f79d83d3a0dc9806c3c66f3efd8'],
])('MD2 of %j, RFC 1319 appendix A.5', (message, digest) => {
  expect(md2(Buffer.from(message)).toString('hex')).toBe(digest);
});

describe('authenticated modes', () => {
  test.each([12, 16])('GCM is that of node:crypto, with a vector of %i bytes', (ivBytes) => {
    const [key, iv] = [Buffer.alloc(16, 7), Buffer.alloc(ivBytes, 9)];
    for (const length of [0, 1, 16, 100]) {
      const plain = Buffer.alloc(length, 'text');
      const cipher = createCipheriv('aes-128-gcm', key, iv);
      const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
      const tag = cipher.getAuthTag();
      const block = nodeBlock('aes-128', 16, key);
      expect(Buffer.from(openGcm(block, iv, ciphertext, tag) ?? 'closed')).toEqual(plain);
      tag.writeUInt8(tag.readUInt8(0) ^ 1, 0);
      expect(openGcm(block, iv, ciphertext, tag)).toBeUndefined();
    }
  });

  test('SIV, RFC 5297 appendix A.1', () => {
    const key = hex('fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
    const nonce = hex('101112131415161718191a1b1c1d1e1f2021222324252627');
    const [tag, ciphertext] = [hex('85632d07c6e8f37f950acd320a2ecc93'), hex('40c02b9690c4dc04daef7f6afe5c')];
    const plain = openSiv(key, nonce, ciphertext, tag);
    expect(Buffer.from(plain ?? []).toString('hex')).toBe('112233445566778899aabbccddee');
    tag.writeUInt8(tag.readUInt8(0) ^ 1, 0);
    expect(openSiv(key, nonce, ciphertext, tag)).toBeUndefined();
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
    ['cast5', cast5(hex('00112233445566778899aabbccddeeff')), '00112233445566778899aabbccddeeff'],
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

  test('desx-cbc', async () => {
    const [key, iv] = [createHash('sha1').update('x').digest('hex').padEnd(48, '5'), Buffer.alloc(8, 0xa5)];
    const plain = createHash('sha512').update('desx').digest();
    const args = ['enc', '-a', '-A', '-desx-cbc', '-K', key, '-iv', iv.toString('hex'), '-nopad'];
    const sealed = await openssl([...args, ...legacyProvider], { input: plain });
    const ciphertext = Buffer.from(sealed.toString(), 'base64');
    expect(Buffer.from(blockModes['cbc']!(desx(hex(key)), iv, ciphertext))).toEqual(plain);
  });

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
    const foreign = /^(?:chacha20|rc5|magma|kuznyechik|desx|twofish|serpent|threefish|aes-\d+-siv|sm4-gcm)/;
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
