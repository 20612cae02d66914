import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Engine, type Engines, plainEngine, wasmEngine } from '../../src/kdf/engine.js';
import { type KeyRequest, bmpString, pkcs12KeySha1, pkcs12KeySha1Batch } from '../../src/kdf/index.js';
import { describeWithPeer, peerEnv } from '../support/peers.js';
import { keyRequest, referenceKey } from './reference.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function present(engine: Engine | undefined): Engine {
  if (engine === undefined) throw new Error('this runtime has no WebAssembly with SIMD');
  return engine;
}

const scalar = present(wasmEngine(1));
const wide = present(wasmEngine(4));
const machines: readonly (readonly [string, Engines])[] = [
  ['WebAssembly with SIMD', { single: scalar, wide }],
  ['WebAssembly without SIMD', { single: scalar, wide: undefined }],
  ['node:crypto alone', { single: undefined, wide: undefined }],
];

/** Dr Stephen Henson's vectors, which OpenSSL and Bouncy Castle test with. */
const vectors: readonly (readonly [string, string, number, 1 | 2 | 3, string])[] = [
  ['smeg', '0A58CF64530D823F', 1, 1, '8AAAE6297B6CB04642AB5B077851284EB7128F1A2A7FBCA3'],
  ['smeg', '0A58CF64530D823F', 1, 2, '79993DFE048D3B76'],
  ['smeg', '642B99AB44FB4B1F', 1, 1, 'F3A95FEC48D7711E985CFE67908C5AB79FA3D7C5CAA5D966'],
  ['smeg', '642B99AB44FB4B1F', 1, 2, 'C0A38D64A79BEA1D'],
  ['smeg', '3D83C0E4546AC140', 1, 3, '8D967D88F6CAA9D714800AB3D48051D63F73A312'],
  ['queeg', '05DEC959ACFF72F7', 1000, 1, 'ED2034E36328830FF09DF1E1A07DD357185DAC0D4F9EB3D4'],
  ['queeg', '05DEC959ACFF72F7', 1000, 2, '11DEDAD7758D4860'],
  ['queeg', '1682C0FC5B3F7EC5', 1000, 1, '483DD6E919D7DE2E8E648BA8F862F3FBFBDC2BCB2C02957F'],
  ['queeg', '1682C0FC5B3F7EC5', 1000, 2, '9D461D1B00355C50'],
  ['queeg', '263216FCC2FAB31C', 1000, 3, '5EC4C7A80DF652294C3925B6489A7AB857C83476'],
];

const vectorRequests = vectors.map(([passphrase, salt, iterations, purpose, key]): KeyRequest => ({
  password: bmpString(passphrase),
  salt: Buffer.from(salt, 'hex'),
  iterations,
  purpose,
  length: key.length / 2,
}));
const vectorKeys = vectors.map(([, , , , key]) => key.toLowerCase());

describe.each(machines)('on %s', (_name, on) => {
  test('published vectors, one by one', () => {
    expect(vectorRequests.map((request) => hex(pkcs12KeySha1(request, on)))).toEqual(vectorKeys);
  });

  test('published vectors, all at once', () => {
    expect(pkcs12KeySha1Batch(vectorRequests, on).map(hex)).toEqual(vectorKeys);
  });

  test('any request gives what RFC 7292 says', () => {
    fc.assert(
      fc.property(keyRequest, (request) => {
        expect(hex(pkcs12KeySha1(request, on))).toBe(hex(referenceKey(request)));
      }),
    );
  });

  test('any batch of unlike requests gives what each gives alone', () => {
    fc.assert(
      fc.property(fc.array(keyRequest, { maxLength: 11 }), (requests) => {
        expect(pkcs12KeySha1Batch(requests, on).map(hex)).toEqual(
          requests.map((one) => hex(referenceKey(one))),
        );
      }),
      { numRuns: 50 },
    );
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity])('%p iterations are refused', (iterations) => {
    const request: KeyRequest = {
      password: bmpString('x'),
      salt: new Uint8Array(8),
      iterations,
      purpose: 1,
      length: 8,
    };
    expect(() => pkcs12KeySha1(request, on)).toThrow(RangeError);
    expect(() => pkcs12KeySha1Batch([request], on)).toThrow(RangeError);
  });
});

test('the engines forget what they hashed', () => {
  for (const engine of [scalar, wide, plainEngine()]) {
    engine.put(0, Buffer.alloc(20, 7));
    engine.run(3);
    expect(hex(engine.get(0))).not.toMatch(/^0+$/);
    engine.wipe();
    expect(hex(engine.get(0))).toMatch(/^0+$/);
  }
});

test('the request is left as it was', () => {
  const request: KeyRequest = {
    password: bmpString('secret'),
    salt: Buffer.alloc(8, 255),
    iterations: 300,
    purpose: 1,
    length: 60,
  };
  const before = [hex(request.password), hex(request.salt)];
  pkcs12KeySha1Batch([request, request, request]);
  expect([hex(request.password), hex(request.salt)]).toEqual(before);
});

test.each([
  ['', '0000'],
  ['Beavis', '0042006500610076006900730000'], // the example of RFC 7292 appendix B.1
  ['ä€', '00e420ac0000'],
  ['\u{1f511}', 'd83ddd110000'],
  ['\ud83d', 'fffd0000'],
])('the BMPString of %j', (passphrase, expected) => {
  expect(hex(bmpString(passphrase))).toBe(expected);
});

describeWithPeer('openssl', 'against openssl kdf', () => {
  test('random requests', () => {
    const askable = keyRequest.filter(
      ({ password, salt, length }) => password.length * salt.length * length > 0,
    );
    for (const request of fc.sample(askable, { numRuns: 12, seed: 7292 })) {
      const { password, salt, iterations, purpose, length } = request;
      const options = [
        `digest:SHA1`,
        `hexpass:${hex(password)}`,
        `hexsalt:${hex(salt)}`,
        `iter:${iterations}`,
        `id:${purpose}`,
      ];
      const args = [
        'kdf',
        '-keylen',
        `${length}`,
        '-binary',
        ...options.flatMap((option) => ['-kdfopt', option]),
        'PKCS12KDF',
      ];
      expect(hex(pkcs12KeySha1(request))).toBe(hex(execFileSync('openssl', args, { env: peerEnv() })));
    }
  });
});
