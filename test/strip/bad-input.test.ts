import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixtures, repository, type RunOptions, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const fixture = (name: string): string => readFileSync(join(fixtures, name), 'utf8');

const bundle = fixture('device.pem');
const secret = fixture('device.secret').trim();
const certificate = bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE'));
const key = bundle.slice(0, bundle.indexOf('-----BEGIN CERTIFICATE'));
const otherCertificate = fixture('device-2018.pem').replace(/^[^]*?(?=-----BEGIN CERTIFICATE)/, '');

const plainKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;

const publicKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({
    type: 'spki',
    format: 'pem',
  }) as string;

interface Row {
  readonly title: string;
  /** The content of the input; `undefined`: no such file. */
  readonly content: string | Uint8Array | undefined;
  readonly code: string;
  /** Must stand in what is said. */
  readonly says: readonly (string | RegExp)[];
  readonly passin?: string;
}

const rows: readonly Row[] = [
  { title: 'missing file', content: undefined, code: 'file.not-found', says: ['no such file', 'hint'] },
  { title: 'empty file', content: '', code: 'file.empty', says: ['empty'] },
  {
    title: 'only white space',
    content: '\n \n',
    code: 'file.empty',
    says: ['only blank lines'],
  },
  {
    title: 'the public key for the private one',
    content: publicKey() + certificate,
    code: 'key.not-private',
    says: ['block 1', 'this is the public key'],
  },
  {
    title: 'a BTP service key without its key',
    content: JSON.stringify({ clientid: 'x', certurl: 'https://x.example', certificate }),
    code: 'file.no-private-key',
    says: ['no private key'],
  },
  {
    title: 'a web page',
    content: '<!DOCTYPE html><html></html>',
    code: 'file.unrecognised',
    says: ['web page', 'log in'],
  },
  {
    title: 'no key',
    content: certificate,
    code: 'file.no-private-key',
    says: ['no private key', '--key FILE'],
  },
  { title: 'no certificate', content: key, code: 'file.no-certificate', says: ['no certificate', 'combine'] },
  {
    title: 'the key of another certificate',
    content: key + otherCertificate,
    code: 'key.certificate-mismatch',
    says: ['another certificate', 'pump-0002', 'same download'],
  },
  {
    title: 'two keys, none of them fits',
    content: plainKey() + plainKey() + certificate,
    code: 'key.certificate-mismatch',
    says: ['none of the 2 private keys', 'pump-0001'],
  },
  {
    title: 'two devices in one file',
    content: bundle + plainDevice(),
    code: 'file.several-keys',
    says: ['several keys', 'pump-0001', 'a file of its own'],
  },
  {
    title: 'a wrong secret',
    content: bundle,
    passin: 'pass:wrongwrongwrongwrongwro',
    code: 'key.passphrase-wrong',
    says: ['does not open', 'a new secret each time'],
  },
  {
    title: 'a secret that a shell cut',
    content: bundle,
    passin: 'pass:jJ3fF',
    code: 'key.passphrase-wrong',
    says: ['23 or 36 characters', 'single quotes'],
  },
  {
    title: 'a secret with signs',
    content: bundle,
    passin: 'pass:abc!def',
    code: 'key.passphrase-wrong',
    says: ['! # ? $', 'single quotes'],
  },
  {
    title: 'a secret with spaces around it',
    content: bundle,
    passin: `pass: ${secret}`,
    code: 'key.passphrase-wrong',
    says: ['spaces around it'],
  },
  {
    title: 'no secret and no terminal',
    content: bundle,
    passin: '',
    code: 'key.passphrase-missing',
    says: ['no secret was given', '--passin file:PATH', 'SAPCERT_SECRET', '.secret'],
  },
  {
    title: 'a truncated certificate',
    content: bundle.slice(0, -200),
    code: 'file.truncated',
    says: ['block 2', /line \d+/, 'no -----END CERTIFICATE-----'],
  },
  {
    title: 'a truncated key',
    content: key.slice(0, 900) + certificate,
    code: 'file.truncated',
    says: ['block 1', 'no -----END ENCRYPTED PRIVATE KEY-----', 'another block begins'],
  },
  {
    title: 'a certificate cut inside its base64',
    content: key + cutMiddle(certificate),
    code: 'file.truncated',
    says: ['block 2', 'is cut short by'],
  },
  {
    title: 'a foreign character in the base64',
    content: bundle.replace(/MII/g, 'M*I'),
    code: 'file.malformed',
    says: ['block 1', 'block 2', 'line 2', 'not base64', 'column 2'],
  },
  {
    title: 'labels that do not match',
    content: bundle.replace('END CERT', 'END X509 CERT'),
    code: 'file.malformed',
    says: ['begins as CERTIFICATE and ends as X509 CERTIFICATE'],
  },
  {
    title: 'no certificate behind the label',
    content: `${key}-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n`,
    code: 'file.not-a-certificate',
    says: ['block 2', 'RFC 5280'],
  },
  {
    title: 'broken JSON',
    content: '{"secret":"s3cr3t-canary", "pem": ',
    code: 'file.malformed',
    says: ['not valid JSON'],
  },
  {
    title: 'JSON without a bundle',
    content: '{"secret":"s3cr3t-canary"}',
    code: 'file.unrecognised',
    says: ['none that holds a device bundle', '{secret, pem}'],
  },
];

function cutMiddle(text: string): string {
  const lines = text.split('\n');
  return [...lines.slice(0, 8), ...lines.slice(12)].join('\n');
}

/** A second device whose key needs no secret, so that each of two keys has its certificate. */
function plainDevice(): string {
  const args = ['strip', join(fixtures, 'device-2018.pem'), '-o', '-'];
  return execFileSync(process.execPath, [join(repository, 'bin/sapcert.cjs'), ...args], {
    stdio: 'pipe',
  }).toString();
}

async function strip(
  name: string,
  row: Pick<Row, 'passin'>,
  extra: readonly string[] = [],
  options: RunOptions = {},
) {
  const passin = row.passin === '' ? [] : ['--passin', row.passin ?? 'env:BUNDLE_SECRET'];
  return sapcert(['strip', path(name), ...passin, ...extra], {
    ...options,
    env: { BUNDLE_SECRET: secret, ...options.env },
  });
}

describe('bad input: its own message, exit code 2, nothing written', () => {
  test.each(rows.map((row, index) => ({ ...row, name: `bad-${index}.pem` })))('$title', async (row) => {
    if (row.content !== undefined) writeFileSync(path(row.name), row.content);
    const before = readdirSync(folder).toSorted();
    const asText = await strip(row.name, row);
    const asJson = await strip(row.name, row, ['--json']);

    expect(asText).toMatchObject({ status: 2 });
    expect(asText.stdout.toString()).toBe('');
    for (const words of row.says)
      expect(asText.stderr).toMatch(words instanceof RegExp ? words : literally(words));
    expect(asJson.status).toBe(2);
    const document: unknown = JSON.parse(asJson.stdout.toString());
    expect(document).toMatchObject({
      schemaVersion: 1,
      error: { code: row.code, message: expect.any(String) },
    });
    expect(readdirSync(folder).toSorted()).toEqual(before);
    expect(asText.stderr + asText.stdout + asJson.stdout + asJson.stderr).not.toMatch(
      /s3cr3t-canary|wrongwrong/,
    );
    expect(asText.stderr + asJson.stdout).not.toContain(secret);
  });
});

describe('a name that leads nowhere', () => {
  const shut = path('shut');
  test.each<[string, () => string, string, string]>([
    ['an empty one', () => '', 'usage.invalid', 'name of a file is empty'],
    ['an empty folder', () => mkdtempSync(path('empty-')), 'usage.invalid', 'no bundle'],
    ['a file for a folder', () => join(import.meta.filename, 'x'), 'file.not-found', 'no such file'],
    [
      'a circle of links',
      () => (symlinkSync('loop', path('loop')), path('loop')),
      'file.unreadable',
      'circle of links',
    ],
    ['a whole bundle in place of its name', () => bundle, 'usage.invalid', 'a bundle itself'],
    ['a folder that is shut', () => (mkdirSync(shut, { mode: 0o644 }), join(shut, 'x')), 'file', shut],
    ['a name that is too long', () => 'x'.repeat(300), 'file.not-found', 'too long'],
  ])('%s', async (_, make, code, says) => {
    const name = make();
    const asText = await sapcert(['strip', name]);
    expect(asText).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
    expect(asText.stderr).not.toMatch(/unexpected|    at /);
    const asJson = await sapcert(['strip', name, '--json']);
    expect(JSON.parse(asJson.stdout.toString())).toMatchObject({
      error: { code: expect.stringContaining(code) },
    });
  });
});

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
}
