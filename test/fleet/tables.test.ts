import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readCsv } from '../../src/fleet/csv.js';
import { readSecretTable } from '../../src/fleet/index.js';

describe('CSV (RFC 4180)', () => {
  test.each([
    [
      'a,b\nc,d\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['"a,1","b ""x"""\n', [['a,1', 'b "x"']]],
    [
      'a;b\nc;d,e\n',
      [
        ['a', 'b'],
        ['c', 'd,e'],
      ],
    ],
    ['a\tb\n', [['a', 'b']]],
    [
      'a,\n\n,b\n',
      [
        ['a', ''],
        ['', 'b'],
      ],
    ],
    [
      'a,"b\nc"\nd,e',
      [
        ['a', 'b\nc'],
        ['d', 'e'],
      ],
    ],
    ['', []],
    ['\n\n', []],
  ])('%j', (text, rows) => {
    expect(readCsv(text).map(({ fields }) => fields)).toEqual(rows);
  });

  test('lines are counted, also inside of quotes', () => {
    expect(readCsv('a,"b\nc"\n\nd,e\n').map(({ line }) => line)).toEqual([1, 4]);
  });

  test('what is written by the rules is read back', () => {
    const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
    const row = fc
      .array(fc.string(), { minLength: 2, maxLength: 4 })
      .filter((fields) => fields.some((f) => f !== ''));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), fc.constantFrom('\n', '\r\n'), (rows, end) => {
        // The first line names the separator, so it must be one that has it outside of its texts.
        const all = [['first', 'row'], ...rows];
        const text = all.map((fields) => fields.map(quote).join(',')).join(end) + end;
        expect(readCsv(text).map(({ fields }) => fields)).toEqual(all);
      }),
    );
  });

  test('any text is read, or refused by name', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', 'a') }), (text) => {
        try {
          readCsv(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'file.malformed' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('tables of secrets', () => {
  const expected = { 'device.pem': 'jJ3f#!', 'pump-1': 'x y' };

  test.each([
    ['two columns', 'device.pem,jJ3f#!\npump-1,x y\n'],
    [
      'a spreadsheet of Germany',
      '\ufeffDatei;Secret\r\n'.replace('Datei', 'File') + 'device.pem;jJ3f#!\r\npump-1;x y\r\n',
    ],
    ['named columns in any order', 'secret,remark,Device ID\njJ3f#!,old,device.pem\n"x y",,pump-1\n'],
    ['a separator that Excel is told', 'sep=;\r\nfile;secret\r\ndevice.pem;jJ3f#!\r\npump-1;x y\r\n'],
    ['spaces around', 'file, secret\ndevice.pem, jJ3f#! \n"pump-1" , "x y"\n'],
    ['JSON by name', '{"device.pem": "jJ3f#!", "pump-1": "x y"}'],
    [
      'JSON list',
      '[{"file":"device.pem","secret":"jJ3f#!"},{"deviceAlternateId":"pump-1","password":"x y","n":3}]',
    ],
  ])('%s', (_name, text) => {
    expect(Object.fromEntries(readSecretTable(text))).toEqual(expected);
  });

  const umlauts = { 'gerät.pem': 'ü€1' };
  const table = '\ufeffDatei;Secret\r\ngerät.pem;ü€1\r\n'.replace('Datei', 'file');
  const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
  test.each([
    ['UTF-8', Buffer.from(table)],
    ['UTF-16, as "Unicode text" of Excel', Buffer.from(table, 'utf16le')],
    ['UTF-16, the other way round', swapped(Buffer.from(table, 'utf16le'))],
    ['Windows-1252', Buffer.from('file;secret\r\nger\u00e4t.pem;\u00fc\u00801\r\n', 'latin1')],
  ])('bytes of a spreadsheet: %s', (_name, bytes) => {
    expect(Object.fromEntries(readSecretTable(bytes))).toEqual(umlauts);
  });

  test('lines are counted from the one that names the separator', () => {
    expect(() => readSecretTable('sep=,\nfile,secret\na.pem,\n')).toThrow(
      'line 3 of the secrets has no secret',
    );
  });

  test('a row may name its file and its device', () => {
    const table = readSecretTable('file,device,secret\na.pem,pump-1,s1\nb.pem,,s2\n');
    expect(Object.fromEntries(table)).toEqual({ 'a.pem': 's1', 'pump-1': 's1', 'b.pem': 's2' });
  });

  test.each([
    ['nothing', '\n', 'there is no secret in it'],
    ['a secret is missing', 'a.pem,s1\nb.pem,\n', 'line 2 of the secrets has no secret'],
    ['a name is missing', 'a.pem,s1\n,s2\n', 'line 2 of the secrets has no file or device'],
    [
      'two secrets for one',
      'a.pem,hidden1\na.pem,hidden2\n',
      'line 2 of the secrets has another secret than line 1 for the same file or device',
    ],
    // Columns the other way round: what looks like a name is a secret.
    ['two names for one secret', 'hidden,a.pem\nhidden,b.pem\n', 'line 2 of the secrets has another secret'],
    ['a member that is a secret', '{"hidden": 1}', 'the secret of entry 1 is not a text'],
    ['a quote that does not end', 'a.pem,"hidden\n', 'a quoted field of the CSV does not end'],
    [
      'three columns without names',
      'a,b,hidden\n',
      'line 1 has not two columns, file or device and secret, but 3',
    ],
    ['broken JSON', '{"a.pem": "hidden", }', 'not valid JSON'],
    ['a secret that is no text', '{"a.pem": 12}', 'the secret of entry 1 is not a text'],
    ['a list of other things', '["hidden"]', 'entry 1 of the secrets is no object'],
  ])('%s', (_name, text, message) => {
    const read = (): unknown => readSecretTable(text, 'secrets.csv');
    expect(read).toThrow(message);
    expect(read).not.toThrow('hidden');
  });
});
