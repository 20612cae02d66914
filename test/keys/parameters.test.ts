import { describe, expect, test } from '@jest/globals';
import { der, parseAsn1 } from '../../src/bundle/asn1/index.js';
import { readKdf } from '../../src/bundle/keys/encryption/kdf-parameters.js';
import { readPbes2 } from '../../src/bundle/keys/encryption/pbes2.js';
import { outcome, refuse } from './support.js';

/** Parameters of ciphers and derivations: those that the standards allow, and none besides. */

const salt = der.octets(Buffer.alloc(8));
const parse = (bytes: Uint8Array) => parseAsn1(bytes, refuse);

// RFC 7914 section 2: N is a power of two and larger than 1; r and p are positive.
describe('scrypt', () => {
  test.each([
    [2, 1, 1, true],
    [16_384, 8, 1, true],
    [1, 8, 1, false],
    [0, 8, 1, false],
    [3, 8, 1, false],
    [16_383, 8, 1, false],
    [16_384, 0, 1, false],
    [16_384, 8, 0, false],
  ])('N %i, r %i, p %i: allowed? %s', async (N, r, p, allowed) => {
    const numbers = [N, r, p].map((number) => der.integer(number));
    const algorithm = der.sequence(der.oid('1.3.6.1.4.1.11591.4.11'), der.sequence(salt, ...numbers));
    const error = await outcome(() => readKdf(parse(algorithm)));
    expect(error?.message).toBe(
      allowed ? undefined : 'the scrypt parameters are not ones that scrypt allows',
    );
  });
});

// RFC 8018 appendix B.2.3: 160, 120 and 58 stand for 40, 64 and 128 bits; from 256 on the number is the bits.
describe('RC2', () => {
  const rc2 = (parameters: Uint8Array) => {
    const kdf = der.sequence(
      der.oid('1.2.840.113549.1.5.12'),
      der.sequence(salt, der.integer(1000), der.integer(16)),
    );
    const cipher = der.sequence(der.oid('1.2.840.113549.3.2'), parameters);
    return readPbes2(parse(der.sequence(kdf, cipher)), 'octets');
  };
  const iv = der.octets(Buffer.alloc(8));

  test.each([
    [160, 40],
    [120, 64],
    [58, 128],
    [256, 256],
    [264, 264],
    [1024, 1024],
    [255, undefined],
    [257, undefined],
    [1025, undefined],
    [1032, undefined],
    [1, undefined],
  ])('version %i stands for %s bits', async (version, bits) => {
    const read = () => rc2(der.sequence(der.integer(version), iv));
    if (bits === undefined) {
      expect((await outcome(read))?.message).toBe(
        `the RC2 version ${version} stands for no usual key length`,
      );
    } else expect(read()).toMatchObject({ supported: true, parameters: { effectiveBits: bits } });
  });

  test('the vector alone, and one without a version, stand for 32 bits', () => {
    for (const parameters of [iv, der.sequence(iv)]) {
      expect(rc2(parameters)).toMatchObject({ supported: true, parameters: { effectiveBits: 32 } });
    }
  });
});

// RFC 5084 section 3.2: the tag has 12 bytes where no length is given.
describe('AES-GCM', () => {
  const gcm = (nonce: number, tagBytes?: number) => {
    const kdf = der.sequence(der.oid('1.2.840.113549.1.5.12'), der.sequence(salt, der.integer(1000)));
    const length = tagBytes === undefined ? [] : [der.integer(tagBytes)];
    const parameters = der.sequence(der.octets(Buffer.alloc(nonce)), ...length);
    const cipher = der.sequence(der.oid('2.16.840.1.101.3.4.1.46'), parameters);
    return readPbes2(parse(der.sequence(kdf, cipher)), 'octets');
  };

  test.each([
    [12, undefined, 12],
    [12, 16, 16],
    [12, 4, 4],
    [7, 16, 16],
    [64, 16, 16],
    [6, 16, undefined],
    [65, 16, undefined],
    [12, 3, undefined],
    [12, 17, undefined],
  ])('a nonce of %i bytes and a tag of %s', async (nonce, given, tagBytes) => {
    const read = () => gcm(nonce, given);
    if (tagBytes === undefined) expect((await outcome(read))?.message).toMatch(/is not possible$/);
    else expect(read()).toMatchObject({ supported: true, parameters: { tagBytes } });
  });
});
