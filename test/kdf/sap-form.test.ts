import { createPrivateKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { plainEngine, wasmEngine } from '../../src/kdf/engine.js';
import {
  type SapForm,
  openSapForm,
  openSapFormBatch,
  readRsaKey,
  readRsaPkcs1,
  warmUp,
} from '../../src/kdf/index.js';
import { describeWithPeer } from '../support/peers.js';
import { encryptKey, makeKey } from './openssl-keys.js';

const rsa = (bits: number, ...more: string[]): string[] => [
  '-algorithm',
  'RSA',
  '-pkeyopt',
  `rsa_keygen_bits:${bits}`,
  ...more,
];
const hex = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString('hex');

describeWithPeer('openssl', 'keys that openssl encrypted', () => {
  const sap = makeKey(rsa(2048), 'jJ3fF7dD0rR2rR3wW0eE2tT', 131_072);

  test('a key with the parameters of SAP', () => {
    const opened = openSapForm(sap.form);
    expect(hex(opened?.pkcs8)).toBe(hex(sap.pkcs8));
    const key = createPrivateKey({
      key: sap.encrypted,
      format: 'der',
      type: 'pkcs8',
      passphrase: sap.form.passphrase,
    });
    expect(hex(opened?.pkcs1)).toBe(hex(key.export({ format: 'der', type: 'pkcs1' })));
    expect(Buffer.from(opened?.modulus ?? []).toString('base64url')).toBe(key.export({ format: 'jwk' }).n);
  });

  test('the same after a warm-up, and after another', () => {
    for (let round = 0; round < 2; round++) {
      warmUp();
      expect(hex(openSapForm(sap.form)?.pkcs8)).toBe(hex(sap.pkcs8));
    }
  });

  test.each([
    ['512 bits', rsa(512)],
    ['1024 bits', rsa(1024)],
    ['1032 bits', rsa(1032)],
    ['3072 bits', rsa(3072)],
    ['4096 bits', rsa(4096)],
    ['public exponent 3', rsa(2048, '-pkeyopt', 'rsa_keygen_pubexp:3')],
  ])('RSA of %s', (_name, args) => {
    const { form, pkcs8 } = makeKey(args, 'ab12', 3);
    expect(hex(openSapForm(form)?.pkcs8)).toBe(hex(pkcs8));
  });

  test.each(['', ' spaces ', 'A#1!?', 'käse', 'ключ', '\u{1f511}', 'x'.repeat(100)])(
    'the passphrase %j',
    (passphrase) => {
      const { form, pkcs8 } = encryptKey(sap.pkcs8, passphrase, 2);
      expect(hex(openSapForm(form)?.pkcs8)).toBe(hex(pkcs8));
      expect(hex(openSapForm({ ...form, passphrase: Buffer.from(passphrase) })?.pkcs8)).toBe(hex(pkcs8));
    },
  );

  test('bytes that are not UTF-8 are Latin-1, as openssl takes them', () => {
    const { form, pkcs8 } = encryptKey(sap.pkcs8, 'k\u00e4se', 2);
    expect(hex(openSapForm({ ...form, passphrase: Buffer.from('k\u00e4se', 'latin1') })?.pkcs8)).toBe(
      hex(pkcs8),
    );
  });

  test.each([
    ['EC', ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-521']],
    [
      'EC with explicit parameters',
      ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-pkeyopt', 'ec_param_enc:explicit'],
    ],
    ['Ed25519', ['-algorithm', 'ED25519']],
    ['RSA-PSS', ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048']],
    ['RSA of three primes', rsa(2048, '-pkeyopt', 'rsa_keygen_primes:3')],
  ])('%s is left to others', (_name, args) => {
    const { form } = makeKey(args, 'secret', 2);
    expect(openSapForm(form)).toBeUndefined();
    expect(openSapFormBatch([form, form, form, form])).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('a wrong secret opens nothing', () => {
    const { form } = encryptKey(sap.pkcs8, 'right', 1);
    const others = fc.string().filter((passphrase) => passphrase !== 'right');
    // About one wrong secret in 256 decrypts to good padding: 500 runs meet some.
    fc.assert(
      fc.property(others, (passphrase) => {
        expect(openSapForm({ ...form, passphrase })).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('any change of the ciphertext is noticed', () => {
    const { form } = encryptKey(sap.pkcs8, 'right', 1);
    const anywhere = fc.nat({ max: form.ciphertext.length - 1 });
    fc.assert(
      fc.property(anywhere, fc.integer({ min: 1, max: 255 }), (at, change) => {
        const ciphertext = Buffer.from(form.ciphertext);
        ciphertext[at] = (ciphertext[at] ?? 0) ^ change;
        expect(openSapForm({ ...form, ciphertext })).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test.each([0, 8, 256, 264, 1215, 65_536])('a ciphertext of %i bytes that is none', (length) => {
    const form: SapForm = { ...sap.form, iterations: 1, ciphertext: Buffer.alloc(length, 3) };
    expect(openSapForm(form)).toBeUndefined();
  });

  test('a batch gives what each gives alone, whatever stands beside it', () => {
    const unlike = [
      encryptKey(sap.pkcs8, 'a', 1000),
      makeKey(['-algorithm', 'ED25519'], 'b', 700),
      encryptKey(sap.pkcs8, 'c', 1),
      makeKey(rsa(1024), 'd', 2048),
      encryptKey(sap.pkcs8, 'e', 1000),
    ].map(({ form }) => form);
    const wrong = { ...encryptKey(sap.pkcs8, 'f', 300).form, passphrase: 'g' };
    const forms = [...unlike, wrong];
    const alone = new Map(forms.map((form) => [form, hex(openSapForm(form)?.pkcs8)]));
    expect([...alone.values()].map((key) => key !== undefined)).toEqual([
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...forms), { maxLength: 10 }), (batch) => {
        expect(openSapFormBatch(batch).map((key) => hex(key?.pkcs8))).toEqual(
          batch.map((form) => alone.get(form)),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('without WebAssembly, or without its SIMD', () => {
    const { form, pkcs8 } = encryptKey(sap.pkcs8, 'secret', 5);
    const none = { single: undefined, wide: undefined };
    expect(openSapForm(form, none)).toBeUndefined();
    expect(openSapFormBatch([form], none)).toEqual([undefined]);
    for (const single of [wasmEngine(1), plainEngine()]) {
      const opened = openSapFormBatch([form, form, form], { single, wide: undefined });
      expect(opened.map((key) => hex(key?.pkcs8))).toEqual([hex(pkcs8), hex(pkcs8), hex(pkcs8)]);
    }
  });

  test('numbers that do not fit each other are refused wherever the fault is', () => {
    const { pkcs8 } = sap;
    expect(hex(readRsaKey(pkcs8)?.pkcs8)).toBe(hex(pkcs8));
    fc.assert(
      fc.property(fc.nat({ max: pkcs8.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(pkcs8);
        changed[at] = (changed[at] ?? 0) ^ change;
        expect(readRsaKey(changed)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.nat({ max: pkcs8.length - 1 }), (length) => {
        expect(readRsaKey(pkcs8.subarray(0, length))).toBeUndefined();
      }),
    );
  });

  test('a traditional key becomes the PKCS#8 that openssl writes', () => {
    for (const key of [sap, makeKey(rsa(512), 'secret', 1)]) {
      const pkcs1 = readRsaKey(key.pkcs8)?.pkcs1 ?? new Uint8Array();
      expect(hex(readRsaPkcs1(pkcs1)?.pkcs8)).toBe(hex(key.pkcs8));
      expect(readRsaPkcs1(pkcs1.subarray(0, -1))).toBeUndefined();
    }
  });

  test('attributes, which openssl would not write again, are left to others', () => {
    const ec = makeKey(['-algorithm', 'ED25519'], 'secret', 1).pkcs8;
    expect(readRsaKey(ec)).toBeUndefined();
    const attributes = Buffer.from('a000', 'hex');
    const grown = Buffer.concat([sap.pkcs8, attributes]);
    expect(readRsaKey(grown)).toBeUndefined();
    grown.writeUInt16BE(grown.length - 4, 2);
    expect(readRsaKey(grown)).toBeUndefined();
  });
});
