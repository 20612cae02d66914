import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { combineBundle, readBundle, stripBundle } from '../../src/bundle/index.js';
import { fixtures } from '../support/run.js';

const fixture = (name: string): string => readFileSync(join(fixtures, name), 'utf8');
const bundle = fixture('device.pem');
const passphrase = fixture('device.secret').trim();
const certificate = bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE'));
const key = bundle.slice(0, bundle.indexOf('-----BEGIN CERTIFICATE'));
const other = fixture('device-2018.pem');
const otherKey = other.slice(0, other.indexOf('-----BEGIN CERTIFICATE'));
const otherCertificate = other.slice(other.indexOf('-----BEGIN CERTIFICATE'));

/** The same under 4,000,000 iterations. */
const costly = key.replace('AgMCAAAE', 'AgM9CQAE');

const block = (label: string, body: string): string =>
  `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

describe('more than anybody puts into one file is refused, before it costs', () => {
  test.each<[string, string, string]>([
    ['keys', key.repeat(33), 'file.several-keys'],
    ['thousands of keys', key.repeat(8000), 'file.several-keys'],
    ['certificates', certificate.repeat(1001), 'file.too-large'],
    ['keys that are cheap alone', costly.repeat(2), 'key.kdf-too-costly'],
  ])('%s', async (_, crowd, code) => {
    await expect(readBundle(crowd + certificate)).rejects.toMatchObject({ code });
  });

  test('as many as people have are read', async () => {
    const { keys, certificates } = await readBundle(key.repeat(32) + certificate.repeat(200));
    expect([keys.length, certificates.length]).toEqual([32, 200]);
  });

  test('the owner of costly keys may say so', async () => {
    const crowd = costly.repeat(2) + certificate;
    await expect(readBundle(crowd, { allowSlowKdf: true })).resolves.toMatchObject({ format: 'pem' });
  });

  test.each([
    ['words', `-----BEGIN ${'A '.repeat(4_000_000)}-----`],
    ['letters', `-----BEGIN ${'A'.repeat(8_000_000)}-----`],
    ['hyphens', `-----BEGIN A${'-A'.repeat(4_000_000)}`],
    ['boundaries', '-----BEGIN A-----'.repeat(500_000)],
  ])('a line of millions of %s', async (_, line) => {
    await expect(readBundle(`${line}\n`)).rejects.toMatchObject({ name: 'SapcertError' });
  });
});

describe('blocks that are neither key nor certificate', () => {
  test.each([
    ['bytes that are no DER', block('SSH2 THING', 'QUFB')],
    ['an SM2 parameter', block('EC PARAMETERS', 'BggqhkjOPQMBBw==')],
  ])('%s are left out with a warning', async (_, text) => {
    const { combined, warnings } = await stripBundle(text + bundle, { passphrase });
    expect(combined).toBe((await stripBundle(bundle, { passphrase })).combined);
    expect(warnings).toMatchObject([{ code: 'skipped.block', place: { block: 1, line: 1 } }]);
  });
});

describe('downloads as they are saved', () => {
  const download = fixture('download.json');
  const plain = stripBundle(download);

  test.each<[string, string | Uint8Array]>([
    ['UTF-16 LE, as PowerShell redirects', Buffer.from(`\ufeff${download}`, 'utf16le')],
    ['UTF-16 BE', Buffer.from(`\ufeff${download}`, 'utf16le').swap16()],
    ['a byte order mark', Buffer.from(`\ufeff${download}`)],
    ['a byte order mark, as text', `\ufeff${download}`],
  ])('%s', async (_, input) => {
    const { combined, warnings } = await stripBundle(input, { file: 'download.json' });
    expect(combined).toBe((await plain).combined);
    expect(warnings).toMatchObject([
      {
        code: expect.stringMatching(/repaired\.(?:utf-16|byte-order-mark)/),
        place: { file: 'download.json' },
      },
    ]);
  });

  test.each([
    ['not base64', '!!!!'],
    ['cut base64', 'MIIDMgIBAzCC='],
  ])('PKCS#12 that is %s', async (_, p12) => {
    for (const json of [
      { secret: 'x', p12 },
      { authentication: { type: 'P12', secret: 'x', certificate: p12 }, connectionCriteria: {} },
    ]) {
      await expect(readBundle(JSON.stringify(json))).rejects.toMatchObject({
        code: 'file.malformed',
        message: expect.stringContaining('base64'),
      });
    }
  });
});

describe('two keys with two secrets', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const plainKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  test('the one that opens and fits is taken, wherever it stands', async () => {
    for (const keys of [key + otherKey, otherKey + key]) {
      const { combined } = await stripBundle(keys + certificate, { passphrase });
      expect(combined).toBe((await stripBundle(bundle, { passphrase })).combined);
    }
  });

  test.each<[string, string, string | undefined, string]>([
    ['the secret is the other key’s', otherKey, fixture('device-2018.secret').trim(), 'key.passphrase-wrong'],
    ['the other key needs no secret', plainKey, undefined, 'key.passphrase-missing'],
  ])('%s: no word of a mismatch, for the shut key may fit', async (_, opens, secret, code) => {
    const input = opens + key + certificate;
    await expect(stripBundle(input, { passphrase: secret })).rejects.toMatchObject({ code });
  });
});

describe('a key that was named', () => {
  test('is the one that is meant, and no other', async () => {
    await expect(combineBundle({ key: bundle, certificate: other }, { passphrase })).rejects.toMatchObject({
      code: 'key.certificate-mismatch',
    });
    const { warnings } = await combineBundle({ key: bundle, certificate: bundle }, { passphrase });
    expect(warnings).toEqual([]);
  });

  test.each([
    ['a certificate', certificate, 'file.no-private-key'],
    [
      'a public key',
      block('PUBLIC KEY', 'MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE='),
      'key.not-private',
    ],
  ])('but is %s', async (_, named, code) => {
    await expect(
      combineBundle({ key: named, certificate: bundle }, { passphrase, keyFile: 'my.key' }),
    ).rejects.toMatchObject({ code, place: { file: 'my.key' } });
  });

  test('may lie in a bundle, whose certificates do not count', async () => {
    await expect(
      combineBundle({ key: bundle, certificate: otherCertificate }, { passphrase }),
    ).rejects.toMatchObject({ code: 'key.certificate-mismatch' });
  });
});

describe('what is not an input at all', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 5, 'number'],
    ['a promise', Promise.resolve(bundle), 'await it first'],
  ])('%s', async (_, input, words) => {
    await expect(stripBundle(input as string, { passphrase })).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining(words),
    });
  });

  test('the path of a bundle in the place of the bundle', async () => {
    await expect(stripBundle('/tmp/device.pem', { passphrase })).rejects.toMatchObject({
      code: 'file.unrecognised',
      hint: expect.stringContaining('read the file'),
    });
  });
});
