import { createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { der, parseAsn1 } from '../../src/bundle/asn1/index.js';
import { macFits, readMac } from '../../src/bundle/pkcs12/mac.js';
import { refusal, refuse } from './support.js';

/** MacData (RFC 7292 appendix A.2) made by hand: what a MAC says of itself, and what is no MAC. */

const sha256 = '2.16.840.1.101.3.4.2.1';
const hmacSha256 = '1.2.840.113549.2.9';
const pbmac1 = '1.2.840.113549.1.5.14';
const salt = Buffer.from('salt-of-8');

function macData(algorithm: Uint8Array, value: Uint8Array, iterations: Uint8Array[] = [], salted = salt) {
  const digest = der.sequence(algorithm, der.octets(value));
  return parseAsn1(der.sequence(digest, der.octets(salted), ...iterations), refuse);
}

const byHash = (oid: string) => der.sequence(der.oid(oid), der.null());

function byPbmac1(keyBytes: number | undefined, scheme = hmacSha256, kdf = '1.2.840.113549.1.5.12') {
  const length = keyBytes === undefined ? [] : [der.integer(keyBytes)];
  const prf = der.sequence(der.oid(hmacSha256), der.null());
  const parameters = der.sequence(der.octets(salt), der.integer(1000), ...length, prf);
  return der.sequence(der.oid(pbmac1), der.sequence(der.sequence(der.oid(kdf), parameters), byHash(scheme)));
}

describe("the MAC of PKCS#12's own derivation", () => {
  test('says its hash and its iterations, one where it gives no number', () => {
    const facts = { scheme: 'PKCS#12', algorithm: 'hmac-sha256', kdf: 'pkcs12-sha256' };
    expect(readMac(macData(byHash(sha256), Buffer.alloc(32)))).toMatchObject({
      supported: true,
      keyBytes: 32,
      facts: { ...facts, iterations: 1 },
    });
    expect(readMac(macData(byHash(sha256), Buffer.alloc(32), [der.integer(2048)])).facts).toEqual({
      ...facts,
      iterations: 2048,
    });
  });

  test.each([
    ['a hash that nobody knows', '1.2.3.4', 'hmac-1.2.3.4'],
    ['MD2, which no program takes here', '1.2.840.113549.2.2', 'hmac-md2'],
  ])('%s is described, and not supported', (_, oid, algorithm) => {
    const mac = readMac(macData(byHash(oid), Buffer.alloc(16)));
    expect(mac).toMatchObject({ supported: false, facts: { algorithm } });
  });

  test.each([
    [
      'no iterations at all',
      () => macData(byHash(sha256), Buffer.alloc(32), [der.integer(0)]),
      /count of the MAC is 0/,
    ],
    [
      'a salt of a megabyte and a byte',
      () => macData(byHash(sha256), Buffer.alloc(32), [], Buffer.alloc(2 ** 20 + 1)),
      /salt of 1048577 bytes/,
    ],
    [
      'something after the iterations',
      () => macData(byHash(sha256), Buffer.alloc(32), [der.integer(1), der.null()]),
      /more fields/,
    ],
  ])('%s is refused', async (_, make, words) => {
    expect((await refusal(() => readMac(make()))).message).toMatch(words);
  });

  test('a salt of a megabyte is taken', () => {
    expect(readMac(macData(byHash(sha256), Buffer.alloc(32), [], Buffer.alloc(2 ** 20))).supported).toBe(
      true,
    );
  });
});

describe('PBMAC1 (RFC 9579)', () => {
  const content = Buffer.from('what is protected');
  const valueFor = (keyBytes: number) =>
    createHmac('sha256', pbkdf2Sync('secret', salt, 1000, keyBytes, 'sha256'))
      .update(content)
      .digest();

  test.each([1, 32, 64, 1024])('a key of %i bytes', async (keyBytes) => {
    const mac = readMac(macData(byPbmac1(keyBytes), valueFor(keyBytes)));
    expect(mac.facts).toEqual({
      scheme: 'PBMAC1',
      algorithm: 'hmac-sha256',
      kdf: 'pbkdf2-sha256',
      iterations: 1000,
    });
    if (!mac.supported) throw new Error('not supported');
    expect(await macFits(mac, content, 'secret')).toBe(true);
    expect(await macFits(mac, content, 'other')).toBe(false);
    expect(await macFits(mac, Buffer.from('something else'), 'secret')).toBe(false);
  });

  test.each([undefined, 0, 1025])('a key of %s bytes is refused', async (keyBytes) => {
    const { message } = await refusal(() => readMac(macData(byPbmac1(keyBytes), Buffer.alloc(32))));
    expect(message).toMatch(/without a possible key length/);
  });

  test.each([
    ['a MAC that nobody knows', byPbmac1(32, '1.2.3.4'), { algorithm: 'hmac-1.2.3.4', iterations: 1000 }],
    [
      'a derivation that nobody knows',
      byPbmac1(32, hmacSha256, '1.2.3.5'),
      { algorithm: 'hmac-sha256', kdf: expect.stringContaining('1.2.3.5') },
    ],
  ])('%s is described, and not supported', (_, algorithm, facts) => {
    expect(readMac(macData(algorithm, Buffer.alloc(32)))).toMatchObject({ supported: false, facts });
  });

  test('a MAC that is cut fits nothing', async () => {
    const mac = readMac(macData(byPbmac1(32), valueFor(32).subarray(0, 31)));
    if (!mac.supported) throw new Error('not supported');
    expect(await macFits(mac, content, 'secret')).toBe(false);
  });
});
