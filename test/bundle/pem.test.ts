import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPem } from '../../src/bundle/pem.js';
import { fixtures } from '../support/run.js';

const bundle = readFileSync(join(fixtures, 'device.pem'), 'utf8');
const lines = bundle.trimEnd().split('\n');
const firstCertificateLine = lines.indexOf('-----BEGIN CERTIFICATE-----');

/** What Node's own reader makes of the untouched text. */
const certificate = new X509Certificate(bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE'))).raw;

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('text that people’s tools changed is read, and the repair is named', () => {
  test.each<[string, string | Uint8Array, string | undefined]>([
    ['as SAP writes it', bundle, undefined],
    ['CRLF', bundle.replaceAll('\n', '\r\n'), undefined],
    ['without its last newline', bundle.trimEnd(), undefined],
    ['UTF-8 byte order mark', `\ufeff${bundle}`, 'repaired.byte-order-mark'],
    ['UTF-8 byte order mark, as bytes', Buffer.from(`\ufeff${bundle}`), 'repaired.byte-order-mark'],
    ['UTF-16 LE with its mark', Buffer.from(`\ufeff${bundle}`, 'utf16le'), 'repaired.utf-16'],
    ['UTF-16 LE without', Buffer.from(bundle, 'utf16le'), 'repaired.utf-16'],
    ['UTF-16 BE with its mark', utf16be(`\ufeff${bundle}`), 'repaired.utf-16'],
    ['UTF-16 BE without', utf16be(bundle), 'repaired.utf-16'],
    [String.raw`literal \n`, bundle.replaceAll('\n', String.raw`\n`), 'repaired.literal-newlines'],
    [String.raw`literal \r\n`, bundle.replaceAll('\n', String.raw`\r\n`), 'repaired.literal-newlines'],
    [
      String.raw`literal \\n, escaped twice`,
      bundle.replaceAll('\n', String.raw`\\n`),
      'repaired.literal-newlines',
    ],
    ['indented, as in YAML', bundle.replaceAll(/^/gm, '    '), 'repaired.indentation'],
    ['indented with tabs', bundle.replaceAll(/^/gm, '\t'), 'repaired.indentation'],
    ['CR only', bundle.replaceAll('\n', '\r'), 'repaired.carriage-returns'],
    ['every newline doubled', bundle.replaceAll('\n', '\n\n'), 'repaired.blank-lines'],
    ['CRLF doubled', bundle.replaceAll('\n', '\r\n\r\n'), 'repaired.blank-lines'],
    ['base64 on one line', oneLineBodies(bundle), 'repaired.long-lines'],
    ['all on one line, with spaces', bundle.replaceAll('\n', ' '), 'repaired.glued-boundary'],
    ['trailing spaces', bundle.replaceAll('\n', '  \n'), 'repaired.trailing-spaces'],
    [
      'blocks glued together',
      bundle.replace(/-----\n-----BEGIN/, '----------BEGIN'),
      'repaired.glued-boundary',
    ],
    [
      'bag attributes before it',
      `Bag Attributes\n    friendlyName: x\n${bundle}`,
      'skipped.explanatory-text',
    ],
    [
      'openssl x509 -text before it',
      `Certificate:\n    Data:\n        Version: 3 (0x2)\n${bundle}`,
      'skipped.explanatory-text',
    ],
  ])('%s', (_, input, repair) => {
    const { blocks, defects, warnings } = readPem(input);
    expect(defects).toEqual([]);
    expect(blocks.map(({ label }) => label)).toEqual(['ENCRYPTED PRIVATE KEY', 'CERTIFICATE']);
    expect(Buffer.from(blocks[1]?.der ?? []).equals(certificate)).toBe(true);
    if (repair === undefined) expect(warnings).toEqual([]);
    else expect(warnings.map(({ code }) => code)).toContain(repair);
  });
});

function oneLineBodies(text: string): string {
  return text.replaceAll(
    /(-----BEGIN [^-]+-----\n)([^-]+)/g,
    (_, begin: string, body: string) => `${begin}${body.replaceAll('\n', '')}\n`,
  );
}

describe('what is broken is a defect with its place', () => {
  test.each<[string, string, string, Record<string, number>]>([
    [
      'cut',
      bundle.slice(0, -100),
      'no -----END CERTIFICATE-----',
      { block: 2, line: firstCertificateLine + 1 },
    ],
    ['labels differ', bundle.replace('END ENC', 'END XENC'), 'ends as XENCRYPTED', { block: 1 }],
    [
      'END alone',
      `${bundle}-----END CERTIFICATE-----\n`,
      'without its -----BEGIN',
      { line: lines.length + 1 },
    ],
    ['foreign character', bundle.replace('MII', 'MI_'), '"_" in column 3', { block: 1, line: 2 }],
    ['unseen character', bundle.replace('MII', 'MI\u200b'), 'U+200B in column 3', { block: 1, line: 2 }],
    [
      'four hyphens',
      bundle.replace('-----BEGIN CERT', '----BEGIN CERT'),
      'looks like one',
      { line: firstCertificateLine + 1 },
    ],
    [
      'lower case',
      bundle.replace('-----BEGIN CERT', '-----begin cert'),
      'looks like one',
      { line: firstCertificateLine + 1 },
    ],
    ['padding inside', bundle.replace('\nMII', '\nMI='), 'padding', { block: 1, line: 2 }],
    ['empty', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n', 'empty', { block: 1 }],
    ['one character missing', bundle.replace('\nMII', '\nMI'), 'not a multiple of 4', { block: 1 }],
  ])('%s', (_, input, words, place) => {
    const { defects } = readPem(input, 'device.pem');
    expect(defects[0]?.message).toContain(words);
    expect(defects[0]?.place).toMatchObject({ file: 'device.pem', ...place });
  });

  test('all defects at once, and the whole block beside them', () => {
    const third = bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE'));
    const { blocks, defects } = readPem(bundle.replaceAll('\nMII', '\nM*I') + third);
    expect(defects).toHaveLength(2);
    expect(blocks.map(({ place }) => place.block)).toEqual([3]);
  });
});

describe('properties', () => {
  test('any bytes under any label survive a round trip', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
        fc.constantFrom('CERTIFICATE', 'X509 CRL', 'A-B C'),
        (bytes, label) => {
          const body = (
            Buffer.from(bytes)
              .toString('base64')
              .match(/.{1,64}/g) ?? []
          ).join('\n');
          const { blocks, defects, warnings } = readPem(
            `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`,
          );
          expect({ defects, warnings }).toEqual({ defects: [], warnings: [] });
          expect(Buffer.from(blocks[0]?.der ?? [])).toEqual(Buffer.from(bytes));
        },
      ),
    );
  });

  test('a changed bundle gives the same blocks, or a defect: nothing is lost in silence', () => {
    const whole = readPem(bundle).blocks.map(({ der }) => Buffer.from(der).toString('hex'));
    fc.assert(
      fc.property(
        fc.nat(bundle.length - 1),
        fc.constantFrom('', ' ', '\n', '-', 'A', '=', '*', '\\n'),
        (at, text) => {
          const { blocks, defects } = readPem(bundle.slice(0, at) + text + bundle.slice(at + 1));
          expect(blocks.length === whole.length || defects.length > 0).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('any text at all is read without a throw', () => {
    const pieces = fc.constantFrom(
      '-----BEGIN ',
      '-----END ',
      '-----',
      'CERTIFICATE',
      '\n',
      '\r',
      ' ',
      'AAAA',
      '=',
      '\\n',
      'Proc-Type: 4,ENCRYPTED',
      '\0',
      '\ufeff',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expect(() => readPem(parts.join(''))).not.toThrow();
        expect(() => readPem(Buffer.from(parts.join(''), 'latin1'))).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});
