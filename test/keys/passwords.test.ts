import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { der } from '../../src/bundle/asn1/index.js';
import { passwordCandidates } from '../../src/bundle/keys/encryption/passwords.js';
import { sealKey } from '../../src/bundle/keys/index.js';
import { encryptedPrivateKeyInfo, hmac, pbkdf2, sealGcm } from '../corpus/made-encryption.js';
import { openFile } from '../corpus/open-file.js';
import { refusal } from './support.js';

const hex = (candidates: readonly Uint8Array[]): string[] =>
  candidates.map((bytes) => Buffer.from(bytes).toString('hex'));

describe('the bytes that a passphrase can stand for', () => {
  test.each([
    ['octets', 'abc', ['616263']],
    ['octets', 'ü', ['c3bc', 'fc']],
    ['octets', '密', ['e5af86', 'c6']],
    ['octets', '', ['']],
    ['octets', Buffer.from('fc', 'hex'), ['fc']],
    // RFC 7292 appendix B.1 gives this BMPString for "Beavis".
    ['bmp-string', 'Beavis', ['0042006500610076006900730000']],
    ['bmp-string', '', ['0000', '']],
    ['bmp-string', 'ü', ['00fc0000', '00c300bc0000']],
    ['bmp-string', '🔑', ['d83ddd110000', '00f0009f009400910000']],
    ['bmp-string', Buffer.from('ü'), ['00fc0000', '00c300bc0000']],
    ['bmp-string', Buffer.from('fc', 'hex'), ['00fc0000']],
    ['octets-or-bmp-string', 'ü', ['c3bc', 'fc', '00fc0000', '00c300bc0000']],
  ] as const)('%s of %j', (form, passphrase, expected) => {
    expect(hex(passwordCandidates(form, passphrase))).toEqual(expected);
  });
});

const { privateKey } = generateKeyPairSync('ed25519');
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });

test('what OpenSSL before 1.1.0 made of a passphrase in UTF-8 opens', async () => {
  const widened = Buffer.from('grün').toString('latin1');
  const sealed = Buffer.from(await sealKey(privateKey, widened, { scheme: 'SAP', iterations: 10 }));
  for (const passphrase of ['grün', Buffer.from('grün')]) {
    expect((await openFile(sealed, { passphrase }))[0]?.equals(privateKey)).toBe(true);
  }
});

test('what this Node cannot run is unsupported, not a crash', async () => {
  const password = pbkdf2(Buffer.from('x'), hmac.sha256);
  const sealed = sealGcm(pkcs8, password, 'aes-256-gcm', '2.16.840.1.101.3.4.1.46', 12);
  const file = Buffer.from(encryptedPrivateKeyInfo(sealed));
  expect((await openFile(file, { passphrase: 'x' }))[0]?.equals(privateKey)).toBe(true);
  const nonce = file.indexOf(Buffer.from(der.oid('2.16.840.1.101.3.4.1.46'))) + 11 + 2;
  const tagOfFive = Buffer.concat([file.subarray(nonce, nonce + 14), der.integer(5)]);
  const changed = withLongerParameters(file, nonce, tagOfFive);
  const error = await refusal(() => openFile(changed, { passphrase: 'x' }));
  expect(error.code).toBe('key.unsupported-encryption');
  expect(error.message).toMatch(/this Node cannot run pbkdf2-sha256 with aes-256-gcm/);
});

/** Puts longer cipher parameters in; every length around them is below 128 but the outermost, which is not. */
function withLongerParameters(file: Buffer, at: number, parameters: Uint8Array): Buffer {
  const [body, added] = [Buffer.from(file), parameters.length - 14];
  for (let start = 0; start < at; start += 1) {
    const length = body[start + 1] ?? 0;
    const end = start + 2 + length;
    const encloses = body[start] === 0x30 && length < 0x80 && end >= at + 14 && end < body.length;
    if (encloses) body[start + 1] = length + added;
  }
  const content = Buffer.concat([body.subarray(0, at), parameters, body.subarray(at + 14)]);
  const start = (content[1] ?? 0) < 0x80 ? 2 : 3;
  return Buffer.from(der.sequence(content.subarray(start)));
}
