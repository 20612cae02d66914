import { describe, expect, test } from '@jest/globals';
import { distance, endsWithin, validityAt } from '../../src/bundle/inspect/expiry.js';
import type { DescribedCertificate } from '../../src/bundle/inspect/types.js';
import {
  encryptionWeakness,
  keyWeakness,
  purposeFault,
  signatureWeakness,
} from '../../src/bundle/inspect/weakness.js';
import type { KeyEncryption } from '../../src/bundle/index.js';

/** What counts as weak, and when a certificate ends: on both sides of each line that is drawn. */

const encryption = (changes: Partial<KeyEncryption>): KeyEncryption => ({
  scheme: 'PBES2',
  cipher: 'aes-256-cbc',
  kdf: 'PBKDF2 with HMAC-SHA-256',
  iterations: 600_000,
  ...changes,
});

describe('the encryption of a key', () => {
  test.each([
    ['nothing', undefined, undefined],
    ['PBES2 as it should be', encryption({}), undefined],
    // NIST SP 800-63B (revision 3) section 5.1.1.2.
    ['10,000 iterations', encryption({ iterations: 10_000 }), undefined],
    ['9,999 iterations', encryption({ iterations: 9999 }), /^9999 iterations of PBKDF2/],
    ['one iteration', encryption({ iterations: 1 }), /^1 iteration of/],
    ['a derivation that does not count', encryption({ iterations: undefined }), undefined],
    ['OpenSSH, which counts rounds of its own', encryption({ scheme: 'OpenSSH', iterations: 16 }), undefined],
    ['RC2 of 40 bits', encryption({ cipher: 'rc2-40-cbc' }), /rc2-40-cbc, which can be broken/],
    ['RC2 of 64 bits', encryption({ cipher: 'rc2-64-cbc' }), /can be broken/],
    ['RC2 of 128 bits', encryption({ cipher: 'rc2-cbc' }), undefined],
    ['RC4', encryption({ cipher: 'rc4' }), /can be broken/],
    ['RC4 of 40 bits', encryption({ cipher: 'rc4-40' }), /can be broken/],
    ['DES', encryption({ cipher: 'des-cbc' }), /can be broken/],
    ['DES three times', encryption({ cipher: 'des-ede3-cbc' }), undefined],
    ['DES-X', encryption({ cipher: 'desx-cbc' }), undefined],
    ['a traditional key', encryption({ scheme: 'DEK-Info', iterations: 1 }), /hashed only once/],
  ] as const)('%s', (_, given, words) => {
    const found = encryptionWeakness(given);
    if (words === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(words);
  });
});

describe('the key of a certificate (RFC 9325 section 4.5)', () => {
  test.each([
    ['rsa', 2048, undefined],
    ['rsa', 2047, 'its RSA key has only 2047 bits'],
    ['dsa', 1024, 'its DSA key has only 1024 bits'],
    ['ec', 'prime256v1', undefined],
    ['ec', 'secp224r1', undefined],
    ['ec', 'prime192v1', 'its key is on the small curve prime192v1'],
    ['ec', 'brainpoolP160r1', 'its key is on the small curve brainpoolP160r1'],
    ['ed25519', undefined, undefined],
  ])('%s %s', (type, size, words) => {
    expect(keyWeakness({ key: { type, size } })).toBe(words);
  });
});

const described = (changes: Partial<DescribedCertificate>): DescribedCertificate =>
  ({ signatureAlgorithm: 'sha256WithRSAEncryption', selfIssued: false, ...changes }) as DescribedCertificate;

describe('the signature of a certificate', () => {
  test.each([
    ['sha256WithRSAEncryption', false, false],
    ['sha1WithRSAEncryption', false, true],
    ['sha1WithRSA', false, true],
    ['md5WithRSAEncryption', false, true],
    ['md2WithRSAEncryption', false, true],
    ['ecdsa-with-SHA1', false, true],
    ['RSASSA-PSS with SHA1', false, true],
    ['ecdsa-with-SHA3-256', false, false],
    ['sha1WithRSAEncryption', true, false],
  ])('%s, by itself: %s', (signatureAlgorithm, selfIssued, weak) => {
    const found = signatureWeakness(described({ signatureAlgorithm, selfIssued }));
    expect(found?.includes(signatureAlgorithm) ?? false).toBe(weak);
  });
});

describe('what a TLS client may use (RFC 5280 sections 4.2.1.3 and 4.2.1.12)', () => {
  test.each([
    ['nothing is limited', {}, undefined],
    ['clientAuth', { extendedKeyUsage: ['clientAuth'] }, undefined],
    ['serverAuth and clientAuth', { extendedKeyUsage: ['serverAuth', 'clientAuth'] }, undefined],
    ['any', { extendedKeyUsage: ['anyExtendedKeyUsage'] }, undefined],
    ['serverAuth', { extendedKeyUsage: ['serverAuth', 'emailProtection'] }, /serverAuth, emailProtection$/],
    ['no purpose at all', { extendedKeyUsage: [] }, /not meant for TLS clients/],
    ['signing', { keyUsage: ['digitalSignature'] }, undefined],
    ['agreement', { keyUsage: ['keyAgreement'] }, undefined],
    [
      'encryption',
      { keyUsage: ['keyEncipherment', 'dataEncipherment'] },
      /must not sign.*keyEncipherment, data/,
    ],
    [
      'the wrong purpose before the wrong use',
      { extendedKeyUsage: ['serverAuth'], keyUsage: [] },
      /purpose|meant/,
    ],
  ])('%s', (_, changes, words) => {
    const found = purposeFault(described(changes));
    if (words === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(words);
  });
});

describe('when a certificate ends', () => {
  const [notBefore, notAfter] = ['2026-01-01T00:00:00Z', '2026-06-01T00:00:00Z'];

  // RFC 5280 section 4.1.2.5: both ends belong to the validity.
  test.each([
    ['2025-12-31T23:59:59.999Z', 'not-yet-valid', 151],
    ['2026-01-01T00:00:00.000Z', 'valid', 151],
    ['2026-05-31T00:00:00.001Z', 'valid', 0],
    ['2026-06-01T00:00:00.000Z', 'valid', 0],
    ['2026-06-01T00:00:00.001Z', 'expired', -1],
  ])('%s: %s', (now, validity, daysLeft) => {
    expect(validityAt({ notBefore, notAfter }, new Date(now))).toEqual({ validity, daysLeft });
  });

  test('within a time that is asked for, and within thirty days where none is', () => {
    const at = (now: string, limit?: number) => endsWithin({ notAfter }, new Date(now), limit);
    expect(at('2026-05-02T00:00:00Z')).toBe(true);
    expect(at('2026-05-01T23:59:59Z')).toBe(false);
    expect(at('2026-05-31T23:59:59Z', 1000)).toBe(true);
    expect(at('2026-05-31T23:59:58Z', 1000)).toBe(false);
    expect(at('2027-01-01T00:00:00Z', 0)).toBe(true);
  });

  test.each([
    [0, 'in 0 minutes'],
    [59_999, 'in 0 minutes'],
    [60_000, 'in 1 minute'],
    [119 * 60_000, 'in 119 minutes'],
    [120 * 60_000, 'in 2 hours'],
    [47 * 3_600_000, 'in 47 hours'],
    [48 * 3_600_000, 'in 2 days'],
    [400 * 86_400_000, 'in 400 days'],
    [-1, '0 minutes ago'],
    [-60_000, '1 minute ago'],
    [-48 * 3_600_000, '2 days ago'],
  ])('%i ms away: %s', (milliseconds, words) => {
    const now = new Date('2026-06-01T00:00:00Z');
    expect(distance(new Date(now.getTime() + milliseconds).toISOString(), now)).toBe(words);
  });
});
