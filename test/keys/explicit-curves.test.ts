import { createPublicKey, getCurves } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { inspectBundle, openPrivateKey, stripBundle } from '../../src/bundle/index.js';
import { openForTls } from '../../src/bundle/keys/index.js';
import { openFile, readKeys } from '../corpus/open-file.js';
import { openssl } from '../corpus/openssl.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { refusal } from './support.js';

const named = ['-param_enc', 'named_curve'] as const;
const generate = (curve: string, form = 'uncompressed'): Promise<Buffer> =>
  openssl(['ecparam', '-name', curve, '-genkey', '-noout', '-param_enc', 'explicit', '-conv_form', form]);

/** The same curve under another name has other bytes, but the same points. */
const asNamed = async (key: Buffer): Promise<string> =>
  (await openssl(['ec', '-pubout', ...named, '-conv_form', 'uncompressed'], { input: key })).toString();

describeWithPeer('openssl', 'a curve whose parameters are spelled out', () => {
  const folder = temporaryFolder();
  // SM2 keys are refused as such; Oakley-EC2N are not in openssl's list of named keys with identifiers.
  const curves = getCurves().filter((curve) => !/^(?:SM2|Oakley)/.test(curve));

  test.each(curves)('%s is recognised', async (curve) => {
    const key = await generate(curve);
    const { pem } = await openPrivateKey(key);
    expect(createPublicKey(pem).equals(createPublicKey(await asNamed(key)))).toBe(true);
    expect(Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64').length).toBeLessThan(key.length);
  });

  test.each(['compressed', 'hybrid'])('with its points %s', async (form) => {
    const key = await generate('secp224r1', form);
    const [opened] = await openFile(key, {});
    expect(createPublicKey(opened!).equals(createPublicKey(await asNamed(key)))).toBe(true);
  });

  test('encrypted, as PKCS#8: wrong passphrases are wrong', async () => {
    const key = await generate('prime256v1');
    const args = ['pkcs8', '-topk8', '-passout', 'env:PASSPHRASE'];
    const sealed = await openssl(args, { input: key, passphrase: 'x' });
    const [opened] = await openFile(sealed, { passphrase: 'x' });
    expect(createPublicKey(opened!).equals(createPublicKey(await asNamed(key)))).toBe(true);
    expect((await refusal(() => openFile(sealed, { passphrase: 'y' }))).code).toBe('key.passphrase-wrong');
  });

  test('in a bundle, with a warning; the certificate may name the curve or spell it out', async () => {
    const key = await generate('prime256v1');
    const path = (name: string) => join(folder, name);
    writeFileSync(path('spelled'), key);
    writeFileSync(path('named'), await openssl(['ec', ...named], { input: key }));
    for (const name of ['spelled', 'named']) {
      const certificate = await openssl(['req', '-x509', '-new', '-key', path(name), '-subj', '/CN=d']);
      const stripped = await stripBundle(Buffer.concat([key, certificate]));
      expect(stripped.warnings).toMatchObject([
        { code: 'repaired.explicit-curve', message: expect.stringMatching(/RFC 8422.*prime256v1/) },
      ]);
      expect(stripped.key.size).toBe('prime256v1');
      const { warnings } = await inspectBundle(Buffer.concat([key, certificate]));
      expect(warnings.map(({ code }) => code)).toContain('repaired.explicit-curve');
    }
  });

  test('a key that names its curve has no warning', async () => {
    const key = await openssl(['ecparam', '-name', 'prime256v1', '-genkey', '-noout']);
    expect((await openPrivateKey(key)).warnings).toEqual([]);
  });
});

describeWithPeer('openssl', 'parameters that are not quite those of a curve', () => {
  const p256 = {
    p: 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
    b: '5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b',
    x: '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
    y: '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
    n: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  };
  // 2G of P-256 (NIST's "Mathematical routines for the NIST prime elliptic curves", 4.3): a point of the curve.
  const twice = {
    x: '7cf27b188d034f7e8a52380304b51ac3c08969e277f21b35a60b48fc47669978',
    y: '07775510db8ed040293d9ac69f7430dbba7dade63ce982299e04b79d227873d1',
  };

  test.each([
    ['another generator (CVE-2020-0601)', [p256.x + p256.y, twice.x + twice.y]],
    ['another order', [p256.n, `${p256.n.slice(0, -2)}4f`]],
    ['another coefficient', [p256.b, `${p256.b.slice(0, -2)}4d`]],
    ['another prime', [p256.p, `${p256.p.slice(0, -2)}fd`]],
  ])('%s', async (_what, [original = '', changed = '']) => {
    const pem = (await generate('prime256v1')).toString();
    const hex = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64').toString('hex');
    expect(hex.split(original)).toHaveLength(2);
    const error = await refusal(() => openFile(Buffer.from(hex.replace(original, changed), 'hex'), {}));
    expect(error.code).toBe('key.unsupported-type');
    expect(error.message).toMatch(/no curve that this Node knows/);
  });
});

describe('without openssl', () => {
  // RFC 5915's structure around the parameters of P-256; the private number is 1, so that the point is the generator.
  const key = Buffer.from(
    '3081fd0201010420' +
      `${'0'.repeat(63)}1` +
      'a081d53081d2' +
      '020101302c06072a8648ce3d0101022100ffffffff00000001000000000000000000000000ffffffffffffffffffffffff' +
      '30440420ffffffff00000001000000000000000000000000fffffffffffffffffffffffc' +
      '04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b' +
      '0421036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
      '022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551020101',
    'hex',
  );

  test('P-256 by its parameters', async () => {
    const whole = Buffer.concat([Buffer.of(0x30, 0x81, key.length - 3), key.subarray(3)]);
    whole[42] = whole.length - 43;
    whole[45] = whole.length - 46;
    const [locked] = await readKeys(whole, {});
    expect(locked?.type).toBe('ec');
    const opened = await openForTls(locked!, {});
    expect(opened.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(opened.export({ format: 'jwk' }).x).toBe('axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY');
  });
});
