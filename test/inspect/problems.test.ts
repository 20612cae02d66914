import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { createAuthority, type Credentials, generateKey } from '../../src/pki/index.js';
import { repository } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { bundle, now, oneLine, lonelyDevice, secretOf } from './device.js';
import { inspect, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const { lonely, certificate } = lonelyDevice(folder);
const secret = secretOf('device');

describe('problems and exit codes', () => {
  let expired: Credentials;
  let foreignKey: string;

  beforeAll(async () => {
    const ca = await createAuthority({ subject: 'CN=ca', keyKind: 'ec-p256' });
    expired = await ca.issue({
      subject: 'CN=old',
      keyKind: 'ec-p256',
      notBefore: new Date('2020-01-01'),
      days: 1,
    });
    foreignKey = (await generateKey('rsa-2048')).export({ type: 'pkcs8', format: 'pem' }) as string;
  });

  test.each([
    [
      'a wrong secret',
      () => lonely,
      ['--passin', 'env:S'],
      2,
      'key.passphrase-wrong',
      'the secret from --passin env:S does not open',
    ],
    [
      'the key of another certificate',
      () => write('foreign.pem', foreignKey + readFileSync(certificate, 'utf8')),
      [],
      1,
      'key.certificate-mismatch',
      'does not belong to the certificate',
    ],
    [
      'an expired certificate',
      () => write('expired.crt', expired.pem),
      [],
      1,
      'certificate.expired',
      'certificate 1 (old) expired',
    ],
    [
      'a key that asks for endless work',
      () => write('slow.pem', costly),
      [],
      2,
      'key.kdf-too-costly',
      'iterations; the limit is',
    ],
  ])('%s', async (_, path, args, code, problem, says) => {
    const options = { now, env: { S: 'wrong-canary' } };
    const text = await inspect([path(), ...args], options);
    expect(text.code).toBe(code);
    expect(oneLine(text.out)).toContain(says);
    expect(text.err).toBe('');
    const json = await inspect([path(), ...args, '--json'], options);
    expect(json.code).toBe(code);
    expect(json.json()['problems']).toEqual([expect.objectContaining({ code: problem })]);
    expect(text.out + json.out).not.toContain('wrong-canary');
  });

  // EncryptedPrivateKeyInfo: PBES1 with SHA-1 and 3DES, eight bytes of salt, 2^31-1 iterations, one block.
  const costly = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${Buffer.from(
    '302a301e060a2a864886f70d010c010330100408112233445566778802047fffffff04080000000000000000',
    'hex',
  )
    .toString('base64')
    .replace(/.{64}/g, '$&\n')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;

  test('a secret that was cut by a shell is said to be', async () => {
    const { out } = await inspect([lonely], { now, env: { SAPCERT_SECRET: secret.slice(0, 5) } });
    expect(oneLine(out)).toContain('the secret from SAPCERT_SECRET does not open the private key');
    expect(oneLine(out)).toContain('a shell may have cut it');
  });

  test('broken input: all defects at once, exit code 2', async () => {
    const path = write('broken.pem', `${bundle.replace(/\nM/, '\n*M')}-----BEGIN CERTIFICATE-----\nAAAA\n`);
    const text = await inspect([path]);
    expect(text).toMatchObject({ code: 2, out: '' });
    expect(text.err).toContain('block 1, line 2: not base64');
    expect(text.err).toContain('block 3');
    const { error } = (await inspect([path, '--json'])).json() as { error: { defects: unknown[] } };
    expect(error.defects).toHaveLength(2);
  });

  test.each([
    [[join(repository, 'bin')], 'there is no bundle among the inputs'],
    [[], 'there is no input'],
    [['a', 'b', '--key', 'k'], '--key is about one input'],
    [['a', 'b', '--chain-out', 'k'], '--chain-out is about one input'],
    [['a', '--no-such'], 'there is no option --no-such'],
  ])('%j', async (args, says) => {
    const { code, out, err } = await inspect(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.toLowerCase()).toContain(says);
  });

  test('weak things are warnings', async () => {
    const ca = await createAuthority({ subject: 'CN=ca', keyKind: 'rsa-2048' });
    const weak = await ca.issue({
      subject: 'CN=weak',
      keyKind: 'rsa-1024',
      signatureHash: 'SHA-1',
      usage: 'server',
    });
    const { code, json } = await inspect([write('weak.crt', weak.pem), '--json'], { now });
    const warnings = json()['warnings'] as { code: string; message: string }[];
    expect(code).toBe(0);
    expect(warnings.map(({ code }) => code)).toEqual([
      'certificate.weak-key',
      'certificate.weak-signature',
      'certificate.wrong-purpose',
    ]);
    expect(warnings.map(({ message }) => message).join()).toMatch(
      /only 1024 bits.*sha1WithRSAEncryption.*not meant for TLS clients/,
    );
  });

  test("a root's own signature is no matter", async () => {
    const { pem } = await createAuthority({ subject: 'CN=ca', keyKind: 'rsa-2048', signatureHash: 'SHA-1' });
    expect((await inspect([write('sha1-root.crt', pem), '--json'], { now })).json()['warnings']).toEqual([]);
  });
});
