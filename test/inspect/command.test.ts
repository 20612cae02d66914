import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { sealKey } from '../../src/bundle/keys/index.js';
import { sapDevice, sapIssuer, selfSigned } from '../../src/pki/index.js';
import { sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { bundle, fixture, now, oneLine, secretOf, lonelyDevice } from './device.js';
import { inspect, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const { lonely, key, certificate } = lonelyDevice(folder);
const secret = secretOf('device');

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
