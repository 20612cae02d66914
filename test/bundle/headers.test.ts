import { describe, expect, test } from '@jest/globals';
import { openPrivateKey, readBundle } from '../../src/bundle/index.js';
import { splitHeaders } from '../../src/bundle/headers.js';
import { readFileSync } from 'node:fs';

/** RFC 1421 section 4.6, and RFC 5322 section 2.2.3 for lines that go on. */
describe('headers of a block', () => {
  test.each<[string, string[], [string, string][], string[]]>([
    ['none', ['AAAA', 'BBBB'], [], ['AAAA', 'BBBB']],
    [
      'two, then a blank line',
      ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: X,00', '', 'AAAA'],
      [
        ['Proc-Type', '4,ENCRYPTED'],
        ['DEK-Info', 'X,00'],
      ],
      ['AAAA'],
    ],
    [
      'one that goes on',
      ['DEK-Info: X,', '  0011 ', '\t2233', '', 'AAAA'],
      [['DEK-Info', 'X,00112233']],
      ['AAAA'],
    ],
    ['behind blank lines', ['', '  ', 'A: b', '', 'AAAA'], [['A', 'b']], ['AAAA']],
    ['indented with the rest', ['    A: b', '', '    AAAA'], [['A', 'b']], ['    AAAA']],
    ['without a blank line after them', ['A: b', 'AAAA', 'BB CC'], [['A', 'b']], ['AAAA', 'BB CC']],
    ['only one blank line belongs to them', ['A: b', '', '', 'AAAA'], [['A', 'b']], ['', 'AAAA']],
    ['nothing but headers', ['A: b'], [['A', 'b']], []],
    ['blank lines and no header', ['', 'AAAA'], [], ['', 'AAAA']],
  ])('%s', (_, texts, headers, body) => {
    const lines = texts.map((text, index) => ({ text, number: index + 1 }));
    const split = splitHeaders(lines);
    expect(split.headers).toEqual(headers);
    expect(split.body.map(({ text }) => text)).toEqual(body);
  });
});

test('a broken certificate beside a key is in the way of the bundle, not of the key', async () => {
  const bundle = readFileSync('fixtures/device.pem', 'utf8');
  const passphrase = readFileSync('fixtures/device.secret', 'utf8').trim();
  const broken = bundle.replace(/-----END CERTIFICATE-----\s*$/, '');
  await expect(readBundle(broken)).rejects.toMatchObject({ code: 'file.truncated' });
  await expect(openPrivateKey(broken, { passphrase })).resolves.toMatchObject({ type: 'rsa' });
});
