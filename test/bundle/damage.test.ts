import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { readBundle, stripBundle } from '../../src/bundle/index.js';
import { readPem } from '../../src/bundle/pem.js';
import { fixtures } from '../support/run.js';

const bundle = readFileSync(join(fixtures, 'device.pem'), 'utf8');
const passphrase = readFileSync(join(fixtures, 'device.secret'), 'utf8').trim();
const start = bundle.indexOf('-----BEGIN CERTIFICATE');
const der = Buffer.from(bundle.slice(start).replace(/-----.*?-----/g, ''), 'base64');
const certificate = (bytes: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${(
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END CERTIFICATE-----\n`;
const beside = (body: string) => bundle.slice(0, start) + body;

describe('a certificate whose length is wrong', () => {
  test.each([
    ['a byte is missing', der.subarray(0, -1), 'file.truncated', 'the CERTIFICATE is cut short by 1 byte'],
    [
      'half is missing',
      der.subarray(0, 500),
      'file.truncated',
      `the CERTIFICATE is cut short by ${der.length - 500} bytes`,
    ],
    [
      'bytes follow',
      Buffer.concat([der, Buffer.from('abc')]),
      'file.malformed',
      'the CERTIFICATE is followed by 3 bytes too many',
    ],
  ])('%s', async (_, bytes, code, message) => {
    await expect(
      stripBundle(beside(certificate(bytes)), { passphrase, file: 'd.pem' }),
    ).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      place: { file: 'd.pem', block: 2 },
    });
  });
});

describe('what is no base64 is named by its place', () => {
  const lines = certificate(der).split('\n');
  const spoilt = (line: string) => beside([lines[0], lines[1], line, ...lines.slice(3)].join('\n'));
  const before = beside('').split('\n').length;

  test.each([
    ['AB!D', `not base64: "!" in column 3`],
    ['ABé', 'not base64: U+00E9 in column 3'],
    ['AB\u0007', 'not base64: U+0007 in column 3'],
    ['😀', 'not base64: U+1F600 in column 1'],
    ['AB==', 'the base64 padding is wrong: text follows it'],
  ])('%s', async (line, message) => {
    await expect(stripBundle(spoilt(line), { passphrase })).rejects.toMatchObject({
      code: 'file.malformed',
      message: expect.stringContaining(message),
      place: { line: before + 2 },
    });
  });
});

describe('what is no JSON is named by its line, and never shown', () => {
  test.each([
    ['a word that is none', '{\n  "secret": "canary-secret",\n  "pem": oops\n}\n', 3],
    ['an end in the middle', '{\n  "secret": "canary-secret",\n  "pem": "x"\n', 4],
    ['a line break in a string', '{\n  "secret": "canary-\nsecret"\n}', 2],
    ['a comma too many', '{\n  "secret": "canary-secret",\n}', 3],
    ['a comma too few', '{\n  "secret": "canary-secret"\n\n  "pem": "x"\n}', 4],
    ['two of them', '{ "secret": "canary-secret" }\n\n{ "secret": "canary-secret" }', 3],
    ['words of JavaScript', '{\n  secret: "canary-secret"\n}', 2],
    ['all in one line', '{ "secret": "canary-secret", "pem": tru }', 1],
    ['behind a byte order mark', '\ufeff{\n"secret": "canary-secret",\n"pem": -\n}', 3],
  ])('%s', async (_, json, line) => {
    const error: unknown = await readBundle(json, { file: 'download.json' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'file.malformed',
      message: expect.stringContaining('not valid JSON'),
      place: { file: 'download.json', line },
    });
    expect(inspect(error, { depth: 9 })).not.toContain('canary');
  });
});

describe('base64 that is cut is named by its last line with text', () => {
  const end = '-----END CERTIFICATE-----\n';
  const cut = (after: string) =>
    readPem(certificate(der).replace(/.\n-----END[^]*/, `\n${after}${end}`), 'd.pem');
  const lines = certificate(der).split('\n').length - 2;

  test.each([
    ['at its end', ''],
    ['before blank lines', '\n   \n\n'],
  ])('%s', (_, after) => {
    const [defect] = cut(after).defects;
    expect(defect?.place).toMatchObject({ file: 'd.pem', block: 1, line: lines });
  });

  test('bits that the padding leaves over are named there as well (RFC 4648 section 3.5)', () => {
    const { defects } = readPem(`-----BEGIN X-----\nAAAA\nAB==\n-----END X-----\n`);
    expect(defects).toMatchObject([
      { message: expect.stringContaining('unused bits'), place: { block: 1, line: 3 } },
    ]);
    expect(readPem(`-----BEGIN X-----\nAAAA\nAA==\n-----END X-----\n`).defects).toEqual([]);
  });
});

describe('a boundary that is nearly one', () => {
  test.each([
    ['inside a block, which is named', `-----BEGIN X-----\nAAAA\n----END X-----\n`, { block: 1, line: 3 }],
    ['outside of any', `  ----BEGIN X-----\nAAAA\n`, { block: undefined, line: 1 }],
  ])('%s', (_, text, place) => {
    const [defect] = readPem(text).defects;
    expect(defect).toMatchObject({
      code: 'file.malformed',
      message: expect.stringContaining('looks like one'),
    });
    expect([defect?.place?.block, defect?.place?.line]).toEqual([place.block, place.line]);
  });

  test('only the beginning of a long one is shown', () => {
    const [defect] = readPem(`----BEGIN ${'X'.repeat(500)}-----\n`).defects;
    expect(defect?.message.length).toBeLessThan(150);
  });
});
