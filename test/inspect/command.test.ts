import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  createAuthority,
  type Credentials,
  generateKey,
  sapDevice,
  sapIssuer,
  selfSigned,
} from '../../src/pki/index.js';
import { sealKey } from '../../src/bundle/keys/index.js';
import { fixtures, sapcert } from '../support/run.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { inspect, openssl, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const fixture = (name: string): string => join(fixtures, name);
const secretOf = (name: string): string => readFileSync(fixture(`${name}.secret`), 'utf8').trim();
const bundle = readFileSync(fixture('device.pem'), 'utf8');
const secret = secretOf('device');
/** Later than every certificate that is made here begins. */
const now = new Date(Date.now() + 3_600_000);

/** A bundle without a secret beside it. */
let lonely: string;
let key: string;
let certificate: string;

beforeAll(() => {
  lonely = write('lonely.pem', bundle);
  key = write('lonely.key', bundle.slice(0, bundle.indexOf('-----BEGIN CERT')));
  certificate = write('lonely.crt', bundle.slice(bundle.indexOf('-----BEGIN CERT')));
});

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

describe('one input, as text', () => {
  test('a bundle, without its secret', async () => {
    const { code, out, err } = await inspect([lonely], { now });
    const text = oneLine(out);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const words of [
      'PEM, 1 private key, 1 certificate',
      '1 lines 1-29 ENCRYPTED PRIVATE KEY',
      '2 lines 30-53 CERTIFICATE',
      'encryption des-ede3-cbc, pkcs12-sha1, 131072 iterations',
      'opened no: it needs its secret',
      'device pump-0001',
      'gateway 2',
      'tenant 1234567890',
      'instance sandbox',
      'issuer C=DE, O=SAP IoT Trust Community II, CN=SAP Internet of Things CA',
      'purpose clientAuth',
      'signature sha256WithRSAEncryption',
      'the certificate of CN=SAP Internet of Things CA is missing; it is needed because it signed certificate 1',
    ]) {
      expect(text).toContain(words);
    }
  });

  test('with its secret: the key, and that they belong together', async () => {
    const { code, out } = await inspect([fixture('device-chain.pem')], { now });
    expect(code).toBe(0);
    expect(oneLine(out)).toContain(
      'key RSA 2048 opened yes, with the secret belongs to certificate 1 (pump-0003)',
    );
    expect(oneLine(out)).toContain('complete: it ends in a root');
    expect(out).not.toContain(secretOf('device-chain'));
  });

  test('a download that brings its secret', async () => {
    const { code, out } = await inspect([fixture('download.json')], { now });
    const { secret } = JSON.parse(readFileSync(fixture('download.json'), 'utf8')) as { secret: string };
    expect(code).toBe(0);
    expect(oneLine(out)).toContain('secret stands in the file');
    expect(oneLine(out)).toContain('belongs to certificate 1 (pump-0004)');
    expect(out).not.toContain(secret);
  });

  test.each([
    ['a key alone', () => key, 'PEM, 1 private key'],
    ['a certificate alone', () => certificate, 'PEM, 1 certificate'],
    ['an authority', () => fixture('sap-ca.crt'), 'root'],
    ['what is neither', () => write('pub.pem', pub), 'neither a private key nor a certificate'],
  ])('%s is no error', async (_, path, says) => {
    const { code, out, err } = await inspect([path()], { now });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(oneLine(out)).toContain(says);
  });

  const pub =
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n';

  test('key and certificate in files of their own', async () => {
    const { code, out } = await inspect([certificate, '--key', key, '--passin', 'env:S'], {
      now,
      env: { S: secret },
    });
    expect(code).toBe(0);
    expect(oneLine(out)).toContain('belongs to certificate 1 (pump-0001)');
  });

  test('its issuers in a file of their own', async () => {
    const { out } = await inspect([lonely, '--chain', fixture('sap-ca.crt')], { now });
    expect(oneLine(out)).toContain('complete: it ends in a root');
  });

  test('a service key: the parts by their names', async () => {
    const { key, pem } = await selfSigned({ subject: 'CN=client', keyKind: 'ec-p256' });
    const credentials = {
      clientid: 'sb-x',
      certurl: 'https://x.example.com',
      key: (key.export({ type: 'pkcs8', format: 'pem' }) as string).replaceAll('\n', String.raw`\n`),
      certificate: pem,
    };
    const { out, code } = await inspect([write('btp.json', JSON.stringify({ credentials }))], { now });
    expect(code).toBe(0);
    for (const words of [
      'SAP BTP service key',
      '1 line 1 PRIVATE KEY, in key',
      'host x.example.com',
      'stands in PRIVATE KEY, key, block 1, line 1',
      'stands in certificate, block 1, line 1',
      'newlines are written as the two characters',
    ]) {
      expect(oneLine(out)).toContain(words);
    }
  });

  test.each([40, 60, 80, 100])('no line is longer than %i columns', async (columns) => {
    const issuer = await sapIssuer({ caIssuersUrl: `http://ca.example.com/${'x'.repeat(200)}` });
    const device = await sapDevice(issuer, {
      deviceId: '水'.repeat(60),
      caIssuersUrl: 'http://a.example/b',
      altNames: ['a.example', 'b.example'],
    });
    const path = write(
      'wide.pem',
      (await sealKey(device.key, 'x', { iterations: 1000 })) + device.pem + issuer.pem,
    );
    const { out } = await inspect([path], { now, columns });
    for (const line of out.split('\n')) {
      const wide = [...line].filter((character) => character === '水').length;
      expect([...line].length + wide).toBeLessThanOrEqual(columns);
    }
  });

  test('colour only for a terminal, and only around the words', async () => {
    const plain = await inspect([lonely], { now });
    const coloured = await inspect([lonely], { now, colour: true });
    expect(plain.out).not.toContain('\u001b');
    expect(coloured.out).toContain('\u001b[1m');
    // eslint-disable-next-line no-control-regex
    expect(coloured.out.replace(/\u001b\[\d+m/g, '')).toBe(plain.out);
    expect((await inspect([lonely], { now, colour: true, env: { NO_COLOR: '1' } })).out).toBe(plain.out);
  });
});

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
    [[fixtures], 'error'],
    [[], 'not enough'],
    [['a', 'b', '--key', 'k'], '--key is about one input'],
    [['a', 'b', '--chain-out', 'k'], '--chain-out is about one input'],
    [['a', '--no-such'], 'unknown'],
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

describe('many inputs', () => {
  let paths: string[];

  beforeAll(async () => {
    const issuer = await sapIssuer({ keyKind: 'ec-p256' });
    const days = [200, 3, 50, -1];
    paths = [];
    for (const [index, left] of days.entries()) {
      const notBefore = new Date(now.getTime() - 400 * 86_400_000);
      const { pem } = await sapDevice(issuer, {
        deviceId: `d-${left}`,
        notBefore,
        days: 400.5 + left,
        keyKind: index === 2 ? 'ec-p384' : 'rsa-2048',
      });
      paths.push(write(`d${index}.crt`, pem));
    }
    paths.push(key);
  });

  const rowsOf = (out: string): string[][] =>
    out
      .split('\n')
      .slice(1, 6)
      .map((line) => line.trim().split(/ {2,}/));

  test('a table, what ends first on top, what has no end last', async () => {
    const { code, out, err } = await inspect(paths, { now });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out.split('\n')[0]?.trim().split(/ {2,}/)).toEqual([
      'days left',
      'valid until',
      'device',
      'key',
      'file',
    ]);
    const day = (left: number): string =>
      new Date(now.getTime() + (left + 0.5) * 86_400_000).toISOString().slice(0, 10);
    expect(rowsOf(out)).toEqual([
      ['-1', day(-1), 'd--1', 'RSA 2048', paths[3]],
      ['3', day(3), 'd-3', 'RSA 2048', paths[1]],
      ['50', day(50), 'd-50', 'EC secp384r1', paths[2]],
      ['200', day(200), 'd-200', 'RSA 2048', paths[0]],
      ['-', '-', '-', '-', paths[4]],
    ]);
    expect(out).toContain(`${paths[3]}: certificate 1 (d--1) expired 12 hours ago`);
    expect(out).toMatch(/5 inputs, 1 with problems/);
  });

  test('a broken one stops none of the others', async () => {
    const broken = write('half.pem', bundle.slice(0, 500));
    const { code, out, err } = await inspect([broken, ...paths, join(folder, 'none.pem')], { now });
    expect(code).toBe(2);
    expect(rowsOf(out)).toHaveLength(5);
    expect(out).toContain('7 inputs');
    expect(out).toContain('2 could not be read');
    expect(err).toContain(`${broken}, block 1, line 1: the block has no -----END`);
    expect(err).toContain('none.pem: ');
  });

  test('--json: one document a line, in the order of the inputs', async () => {
    const broken = join(folder, 'none.pem');
    const { code, lines, err } = await inspect([...paths.slice(0, 2), broken, key, '--json'], { now });
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(lines().map(({ input }) => input)).toEqual([paths[0], paths[1], broken, key]);
    expect(lines()).toMatchObject([
      { schemaVersion: 1, expiry: { daysLeft: 200 } },
      { schemaVersion: 1, expiry: { daysLeft: 3 } },
      { schemaVersion: 1, error: { code: expect.stringMatching(/^file\./) } },
      { schemaVersion: 1, keys: [{ state: 'locked' }] },
    ]);
  });

  test('--details shows each in full', async () => {
    const { out } = await inspect([...paths.slice(0, 2), '--details'], { now });
    expect(out.match(/^certificate 1, the device's own$/gm)).toHaveLength(2);
  });

  test('the named secret is read once and used for all', async () => {
    const [a, b] = [write('same-a.pem', bundle), write('same-b.pem', bundle)];
    const { lines } = await inspect([a, b, '--json', '--passin', `file:${fixture('device.secret')}`], {
      now,
    });
    expect(lines()).toMatchObject([{ keys: [{ state: 'open' }] }, { keys: [{ state: 'open' }] }]);
  });
});

describe('the secret', () => {
  test('a bundle is not worth a question', async () => {
    const { asked } = await inspect([lonely], { now, answers: [secret] });
    expect(asked).toEqual([]);
  });

  test('an empty secret file beside the bundle stops nothing', async () => {
    const path = write('beside.pem', bundle);
    write('beside.secret', '\n');
    const { code, out } = await inspect([path], { now });
    expect(code).toBe(0);
    expect(oneLine(out)).toContain('beside.secret is empty');
  });

  describeWithPeer('openssl', 'of a PKCS#12 file', () => {
    let p12: string;

    beforeAll(async () => {
      const { key, pem } = await selfSigned({ subject: 'CN=in the store', keyKind: 'rsa-2048' });
      p12 = join(folder, 'store.p12');
      const text = (key.export({ type: 'pkcs8', format: 'pem' }) as string) + pem;
      openssl([
        'pkcs12',
        '-export',
        '-in',
        write('store.pem', text),
        '-out',
        p12,
        '-passout',
        'pass:s3cr3t-canary',
      ]);
    });

    test('is asked for at a terminal, because the certificates need it', async () => {
      const { out, asked, code } = await inspect([p12], { now, answers: ['s3cr3t-canary'] });
      expect(asked).toHaveLength(1);
      expect(oneLine(out)).toContain('subject CN=in the store');
      expect(out).not.toContain('s3cr3t-canary');
      expect(code).toBe(0);
    });

    test.each([
      ['an empty answer', [p12Name()], { answers: [''] }],
      ['nobody to ask', [p12Name()], {}],
    ])('%s: what can be seen from outside', async (_, args, options) => {
      const { out, code } = await inspect(args, { now, ...options });
      expect(code).toBe(0);
      expect(oneLine(out)).toContain('certificates behind the secret');
      expect(oneLine(out)).toContain('shows with the secret: --passin file:PATH');
    });

    test('is not asked for among many', async () => {
      expect((await inspect([p12, lonely], { now, answers: ['x'] })).asked).toEqual([]);
    });

    function p12Name(): string {
      return join(folder, 'store.p12');
    }
  });
});

describe('foreign text', () => {
  const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202eevil\nproblems\r\tx';

  test('of subjects, names, addresses and file names reaches no terminal as it is', async () => {
    const url = `http://x/${hostile}`;
    const { pem } = await selfSigned({
      subject: [
        ['O', hostile],
        ['CN', `deviceAlternateId:${hostile}|gatewayId:${hostile}`],
      ],
      keyKind: 'ec-p256',
      caIssuersUrl: url.replace(/[^\u0000-\u007f]/g, ''),
      crlUrl: url.replace(/[^\u0000-\u007f]/g, ''),
      notBefore: new Date('2020-01-01'),
      days: 1,
    });
    const label = `X\u001b`.replace('\u001b', '!');
    const path = write(
      'hostile\u001b[31m.crt',
      `${pem}-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`,
    );
    for (const args of [[path], [path, lonely], [path, join(folder, 'no\u001b[31m.pem')]]) {
      const { out, err } = await inspect(args, { now });
      expect(out + err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
      expect(out).not.toMatch(/^problems\r/m);
    }
    const { out } = await inspect([path, '--json'], { now });
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('as a program', () => {
  test('reads standard input', async () => {
    const { status, stdout, stderr } = await sapcert(['inspect', '-', '--json'], { input: bundle });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout.toString())).toMatchObject({
      input: 'standard input',
      keys: [{ state: 'locked' }],
    });
  });

  test('a file that is not there, among others', async () => {
    const { status, stdout, stderr } = await sapcert(['inspect', lonely, join(folder, 'none.pem')]);
    expect(status).toBe(2);
    expect(stdout.toString()).toContain('pump-0001');
    expect(stderr).toContain('none.pem: there is no such file');
  });

  test('explains itself', async () => {
    const { status, stdout } = await sapcert(['inspect', '--help']);
    expect(status).toBe(0);
    for (const words of ['--expires-within', '--fetch-chain', 'sapcert inspect device.pem'])
      expect(stdout.toString()).toContain(words);
  });
});
