import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { der, parseAsn1 } from '../../src/bundle/asn1/index.js';
import { describeCertificate, inspectBundle } from '../../src/bundle/inspect/index.js';
import { formatName, readName, readTime } from '../../src/bundle/x509/index.js';
import { writePkcs12 } from '../../src/bundle/pkcs12/index.js';
import { columnsOf, cut, onOneLine, wrap } from '../../src/cli/layout.js';
import { SapcertError } from '../../src/errors.js';
import { createAuthority, type Credentials, selfSigned } from '../../src/pki/index.js';
import { fixtures } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { inspect, writerTo } from './support.js';

const write = writerTo(temporaryFolder());
const refuse = (message: string): SapcertError => new SapcertError('file.malformed', message);
const parse = (bytes: Uint8Array): ReturnType<typeof parseAsn1> => parseAsn1(bytes, refuse);

let rich: Credentials;

beforeAll(async () => {
  rich = await selfSigned({
    subject: 'C=DE, O=x, CN=deviceAlternateId:d|gatewayId:1',
    keyKind: 'ec-p256',
    altNames: ['a.example', '192.0.2.1', '2001:db8::1', 'urn:x:y'],
    caIssuersUrl: 'http://a.example/',
    crlUrl: 'http://b.example/',
  });
});

/** Bytes of which some were changed, left out or put in. */
function mutations(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.nat({ max: bytes.length - 1 });
  const change = fc.record({
    at,
    byte: fc.nat({ max: 255 }),
    kind: fc.constantFrom('set', 'remove', 'insert'),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const result = [...bytes];
    for (const { at, byte, kind } of changes) {
      if (kind === 'set') result[at] = byte;
      else result.splice(at, kind === 'remove' ? 1 : 0, ...(kind === 'remove' ? [] : [byte]));
    }
    return Uint8Array.from(result);
  });
}

async function outcome(run: () => unknown): Promise<'fine' | 'refused'> {
  try {
    await run();
    return 'fine';
  } catch (error) {
    if (error instanceof SapcertError) return 'refused';
    throw error;
  }
}

describe('broken and hostile input: a description or a SapcertError, nothing else', () => {
  test('certificates with changed bytes', async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(mutations(rich.certificate.raw), async (bytes) => {
      let x509: X509Certificate;
      try {
        x509 = new X509Certificate(bytes);
      } catch {
        return;
      }
      seen.add(await outcome(() => describeCertificate(x509)));
    });
    await fc.assert(property, { numRuns: 4000 });
    expect([...seen].toSorted()).toEqual(['fine', 'refused']);
  });

  test.each(['device-chain.pem', 'download.json'])('%s with changed bytes', async (name) => {
    const bytes = readFileSync(join(fixtures, name));
    const property = fc.asyncProperty(mutations(bytes), async (changed) => {
      // A changed iteration count may ask for seconds of honest work: no secret, no work.
      const text = Buffer.from(changed)
        .toString('latin1')
        .replace(/"secret"/, '"s"');
      expect(await outcome(() => inspectBundle(text))).toMatch(/fine|refused/);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  test('PKCS#12 with changed bytes', async () => {
    const bytes = await writePkcs12({
      key: rich.key,
      certificates: [rich.certificate],
      passphrase: 'x',
      friendlyName: 'x',
    });
    const property = fc.asyncProperty(mutations(bytes), async (changed) => {
      expect(await outcome(() => inspectBundle(changed))).toMatch(/fine|refused/);
    });
    await fc.assert(property, { numRuns: 500 });
  });

  test('more certificates than anybody has', async () => {
    await expect(inspectBundle(rich.pem.repeat(1001))).rejects.toMatchObject({ code: 'file.too-large' });
    const { certificates, warnings } = await inspectBundle(rich.pem.repeat(1000));
    expect(certificates).toHaveLength(1000);
    expect(warnings.filter(({ code }) => code === 'bundle.duplicate-certificate')).toHaveLength(999);
  });

  test('many authorities of one name', async () => {
    const ca = await createAuthority({ subject: 'CN=same', keyKind: 'ec-p256' });
    const others = await Promise.all(
      Array.from({ length: 40 }, () =>
        selfSigned({ subject: 'CN=same', keyKind: 'ec-p256', isCa: true, usage: 'unrestricted' }),
      ),
    );
    const leaf = await ca.issue({ subject: 'CN=leaf', keyKind: 'ec-p256' });
    const { chains } = await inspectBundle(leaf.pem + others.map(({ pem }) => pem).join(''));
    expect(chains[0]?.missing?.name).toBe('CN=same');
  });

  test('an endless name is cut on the screen', async () => {
    const { pem } = await selfSigned({ subject: [['CN', 'x'.repeat(60_000)]], keyKind: 'ec-p256' });
    const { out, code } = await inspect([write('endless.crt', pem)], { now: new Date(Date.now() + 60_000) });
    expect(code).toBe(0);
    expect(out.length).toBeLessThan(20_000);
    expect(out).toContain('(60003 characters)');
  });
});

describe('names', () => {
  /** RFC 4514 section 3, for one value. */
  const unescape = (text: string): string => {
    const bytes: number[] = [];
    for (let rest = text; rest !== '';) {
      const pair = /^\\([0-9A-F]{2})/.exec(rest);
      const [character = ''] = pair === null ? [...rest.replace(/^\\/, '')] : [];
      bytes.push(...(pair === null ? Buffer.from(character) : [parseInt(pair[1] ?? '', 16)]));
      rest = pair === null ? rest.replace(/^\\/, '').slice(character.length) : rest.slice(3);
    }
    return Buffer.from(bytes).toString();
  };
  const name = (value: Uint8Array): Uint8Array =>
    der.sequence(der.setOf(der.sequence(der.oid('2.5.4.3'), value)));
  const utf8 = (text: string): Uint8Array => {
    const content = Buffer.from(text);
    const length =
      content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
    return Buffer.from([12, ...length, ...content]);
  };

  test('on one line, harmless, and nothing of them is lost', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...' #\\,+"<>;=\n\r\t\u0000\u001b\u0085\u202e\u2028', 'ü', '水', '🚰', 'a'),
        fc.string({ unit: 'grapheme', maxLength: 1 }),
      ),
      maxLength: 20,
    });
    fc.assert(
      fc.property(text, (value) => {
        const line = formatName(readName(parse(name(utf8(value)))));
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
        expect(unescape(line.slice(3))).toBe(Buffer.from(value).toString());
      }),
    );
  });

  test.each([
    ['no text at all', der.integer(5), 'CN=#020105'],
    ['broken UTF-8', Buffer.from([12, 1, 0xff]), 'CN=#0c01ff'],
    ['half of a BMPString', Buffer.from([30, 1, 0x41]), 'CN=#1e0141'],
    ['half of a UniversalString', Buffer.from([28, 2, 0, 0]), 'CN=#1c020000'],
    ['a UniversalString beyond Unicode', Buffer.from([28, 4, 1, 0, 0, 0]), 'CN=#1c0401000000'],
    ['a surrogate alone', Buffer.from([30, 2, 0xd8, 0x00]), String.raw`CN=\EF\BF\BD`],
    ['an empty value', utf8(''), 'CN='],
  ])('%s', (_, value, text) => {
    expect(formatName(readName(parse(name(value))))).toBe(text);
  });
});

describe('times (X.680, RFC 5280 section 4.1.2.5)', () => {
  test.each([
    [23, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [23, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [23, '991231235959Z', '1999-12-31T23:59:59.000Z'],
    [23, '0001010000Z', '2000-01-01T00:00:00.000Z'],
    [23, '000101000000+0130', '1999-12-31T22:30:00.000Z'],
    [23, '991231230000-0200', '2000-01-01T01:00:00.000Z'],
    [24, '99991231235959Z', '9999-12-31T23:59:59.000Z'],
    [24, '00500101000000Z', '0050-01-01T00:00:00.000Z'],
    [24, '20500101000000.5Z', '2050-01-01T00:00:00.000Z'],
    [23, '010230000000Z', undefined],
    [23, '010229000000Z', undefined],
    [23, '000229000000Z', '2000-02-29T00:00:00.000Z'],
    [23, '001301000000Z', undefined],
    [23, '000101250000Z', undefined],
    [23, '000101000000', undefined],
    [23, '', undefined],
    [24, '491231235959Z', undefined],
    [12, '491231235959Z', undefined],
  ])('%i %s', (tag, text, expected) => {
    const element = parse(Buffer.from([tag, text.length, ...Buffer.from(text)]));
    expect(readTime(element)?.toISOString()).toBe(expected);
  });
});

describe('layout', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom(' ', ',', ':', 'a', 'b', '水', '🚰', 'e\u0301'),
      fc.string({ unit: 'grapheme', maxLength: 1 }),
    ),
    maxLength: 120,
  });

  test('wrapped lines fit, and lose nothing but the spaces between them', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 40 }), (value, columns) => {
        const lines = wrap(value, columns);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replace(/\s/g, '')).toBe(value.replace(/\s/g, ''));
      }),
    );
  });

  test('what is cut fits', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 40 }), (value, columns) => {
        const short = cut(value, columns);
        expect(columnsOf(short)).toBeLessThanOrEqual(columns);
        if (columnsOf(value) <= columns) expect(short).toBe(value);
        else expect(short).toMatch(/\.\.\.$/);
      }),
    );
  });

  test('foreign text stays on its line', () => {
    expect(onOneLine('a\nb\tc\u2028d\u001be')).toBe(String.raw`a\x0ab\x09c\x2028d\x1be`);
  });
});
