import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type StripOptions, stripBundle } from '../../src/bundle/index.js';
import { pem } from '../../src/bundle/keys/pem-text.js';
import { summary } from '../../src/bundle/strip.js';
import { readHotCertificate } from '../../src/fleet/hot/certificate.js';
import { readHot, stripHot } from '../../src/fleet/hot/strip.js';
import { describeWithPeer } from '../support/peers.js';
import { fixtures, openssl } from '../support/run.js';
import { makeBundle } from './bundles.js';

const fixture = (name: string): Buffer => readFileSync(join(fixtures, name));
const secretOf = (name: string): string => fixture(`${name}.secret`).toString().trim();

async function expectSame(input: Uint8Array, passphrase: string, options: StripOptions = {}): Promise<void> {
  const hot = readHot(input);
  expect(hot).toBeDefined();
  if (hot === undefined) return;
  const whole = await stripBundle(input, { ...options, passphrase });
  expect(await stripHot(hot, passphrase, options)).toEqual(whole);
}

describe('the fixtures', () => {
  test.each(['device', 'device-2018'])('%s takes the short way, with the same result', async (name) => {
    await expectSame(fixture(`${name}.pem`), secretOf(name));
    await expectSame(fixture(`${name}.pem`), secretOf(name), { keyFormat: 'traditional' });
  });

  test.each(['device-chain.pem', 'download.json', 'sap-ca.crt', 'device.secret'])('%s does not', (name) => {
    expect(readHot(fixture(name))).toBeUndefined();
  });

  test('a text that openssl would not write does not', () => {
    const text = fixture('device.pem').toString();
    const others = [
      text.replaceAll('\n', '\r\n'),
      `\ufeff${text}`,
      text.slice(0, -1),
      `${text}\n`,
      `# pump\n${text}`,
      text
        .replace('BEGIN CERTIFICATE', 'BEGIN X509 CERTIFICATE')
        .replace('END CERTIFICATE', 'END X509 CERTIFICATE'),
      text.replace(/\n([A-Za-z0-9+/]{64})\n/, '\n$1'),
      text.replace(/\n([A-Za-z0-9+/]{32})/, '\n$1\n'),
      text + text,
    ];
    for (const other of others) expect(readHot(Buffer.from(other))).toBeUndefined();
    expect(readHot(Buffer.from(text))).toBeDefined();
  });
});

describeWithPeer('openssl', 'what openssl makes', () => {
  let parts: { key: Buffer; certificate: Buffer };

  beforeAll(async () => {
    parts = await makeBundle(
      '/C=DE/O=SAP Trust Community/OU=IoT Services/CN=deviceAlternateId:pump-1|gatewayId:2',
    );
  });

  const encryptions: readonly (readonly [string, readonly string[]])[] = [
    ['the form of SAP', ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', '-iter', '2000']],
    [
      'SHA1-RC2-40, fewer iterations',
      ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-RC2-40', '-provider', 'legacy', '-provider', 'default'],
    ],
    ['PBES2', ['pkcs8', '-topk8', '-v2', 'aes-256-cbc']],
    ['PBES2 with SHA-1 and 3DES', ['pkcs8', '-topk8', '-v2', 'des3', '-v2prf', 'hmacWithSHA1']],
    ['PBES2 with scrypt', ['pkcs8', '-topk8', '-scrypt', '-scrypt_N', '1024']],
    ['traditional AES-256', ['rsa', '-traditional', '-aes256']],
    ['traditional 3DES', ['rsa', '-traditional', '-des3']],
    ['PKCS#8, not encrypted', ['pkcs8', '-topk8', '-nocrypt']],
    ['traditional, not encrypted', ['rsa', '-traditional']],
  ];

  describe.each(encryptions)('%s', (_name, args) => {
    const bundle = async (): Promise<Buffer> => {
      const ends = args.includes('-nocrypt') ? [] : ['-passout', 'pass:S3cret!'];
      return Buffer.concat([await openssl([...args, ...ends], { input: parts.key }), parts.certificate]);
    };

    test.each([undefined, 'pkcs8', 'pkcs1', 'traditional'] as const)('as %s', async (keyFormat) => {
      await expectSame(await bundle(), 'S3cret!', { keyFormat });
    });

    test('certificates, key and secret of others give no result', async () => {
      const input = await bundle();
      const other = await makeBundle('/CN=other');
      const foreign = readHot(
        Buffer.concat([input.subarray(0, -parts.certificate.length), other.certificate]),
      );
      expect(foreign && (await stripHot(foreign, 'S3cret!', {}))).toBeUndefined();
      const hot = readHot(input);
      const encrypted = hot?.key.headers.length !== 0 || hot.key.label === 'ENCRYPTED PRIVATE KEY';
      for (const wrong of encrypted ? [undefined, '', 's3cret!', 'S3cret'] : []) {
        expect(hot && (await stripHot(hot, wrong, {}))).toBeUndefined();
      }
      expect(hot && (await stripHot(hot, 'S3cret!', { keyFormat: 'sec1' }))).toBeUndefined();
    });
  });

  test('a derivation that costs too much is left to what refuses it', async () => {
    const args = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-iter', '65536', '-passout', 'pass:x'];
    const der = await openssl([...args, '-outform', 'DER'], { input: parts.key });
    const at = der.indexOf(Buffer.from('0203010000', 'hex'));
    der.writeUIntBE(0x7fffff, at + 2, 3);
    const input = Buffer.concat([Buffer.from(pem('ENCRYPTED PRIVATE KEY', der)), parts.certificate]);
    const hot = readHot(input);
    expect(hot && (await stripHot(hot, 'x', {}))).toBeUndefined();
    await expect(stripBundle(input, { passphrase: 'x' })).rejects.toMatchObject({
      code: 'key.kdf-too-costly',
    });
  });

  test.each([
    '/CN=plain',
    '/C=DE/ST=Baden/L=Walldorf/O=SAP/OU=IoT/CN=a b',
    String.raw`/CN=with\, comma`,
    '/CN=käse',
    '/CN=a/emailAddress=a@b.example',
    '/DC=example/CN=a',
    '/C=DE+O=multi/CN=a',
    '/CN= leading',
    '/CN=#hash',
    '/CN=a/serialNumber=12',
    '/O=only',
  ])('the name %s', async (subject) => {
    const { certificate } = await makeBundle(subject);
    const x509 = new X509Certificate(certificate);
    const read = readHotCertificate(x509.raw);
    // Either it is left to others, or it says the same as node:crypto.
    if (read !== undefined) expect(read.summary).toEqual(summary(x509));
    expect(read === undefined).toBe(
      !/^[\w/= :|.-]+$/.test(subject) || /= |emailAddress|DC=|serialNumber/.test(subject),
    );
  });

  test('what node:crypto would not read is not read', () => {
    const { raw } = new X509Certificate(parts.certificate);
    expect(readHotCertificate(raw)).toBeDefined();
    fc.assert(
      fc.property(fc.nat({ max: raw.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(raw);
        changed[at] = (changed[at] ?? 0) ^ change;
        const read = readHotCertificate(changed);
        if (read !== undefined) expect(read.summary).toEqual(summary(new X509Certificate(changed)));
      }),
      { numRuns: 4000 },
    );
  });
});
