import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asn1Limits, der, type Element, parseAsn1, readString } from '../../src/bundle/asn1/index.js';
import { toBer } from '../corpus/made-pkcs12.js';
import { openssl } from '../corpus/openssl.js';
import { describeWithPeer } from '../support/peers.js';
import { outcome, refusal, refuse } from './support.js';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const parse = (bytes: Uint8Array): Element => parseAsn1(bytes, refuse);

const oid = fc
  .tuple(fc.nat(2), fc.nat(39), fc.array(fc.bigInt(0n, 2n ** 64n), { maxLength: 6 }))
  .map((arcs) => arcs.flat().join('.'));

/** Any element that the writers can make. */
const { element } = fc.letrec<{ element: Uint8Array }>((tie) => ({
  element: fc.oneof(
    { maxDepth: 4 },
    fc.bigInt(0n, 2n ** 300n).map((value) => der.integer(value)),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => der.octets(bytes)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => der.bits(bytes)),
    oid.map((text) => der.oid(text)),
    fc.string().map((text) => der.bmpString(text)),
    fc.constant(der.null()),
    fc.array(tie('element'), { maxLength: 5 }).map((parts) => der.sequence(...parts)),
    fc.array(tie('element'), { maxLength: 5 }).map((parts) => der.setOf(...parts)),
    fc.tuple(fc.nat(3), tie('element')).map(([tag, inner]) => der.explicit(tag, inner)),
  ),
}));

/** What an element means, whatever its encoding. */
function meaning(read: Element): unknown {
  if (read.is(4)) return ['octets', Buffer.from(read.octets('')).toString('hex')];
  const content = read.children?.map(meaning) ?? Buffer.from(read.content).toString('hex');
  return [read.tagClass, read.tag, content];
}

describe('what is written is read', () => {
  test('integers', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 2048n), (value) => {
        expect(parse(der.integer(value)).integer('')).toBe(value);
      }),
    );
  });

  test('object identifiers', () => {
    fc.assert(
      fc.property(oid, (text) => {
        expect(parse(der.oid(text)).oid('')).toBe(text);
      }),
    );
  });

  test('any element, in DER and in BER with indefinite lengths', () => {
    fc.assert(
      fc.property(element, (bytes) => {
        const read = parse(bytes);
        expect(Buffer.from(read.bytes)).toEqual(Buffer.from(bytes));
        expect(meaning(parse(toBer(bytes)))).toEqual(meaning(read));
      }),
    );
  });
});

describe('negative and padded integers (X.690 clause 8.3)', () => {
  test.each([
    ['02 01 80', -128n],
    ['02 02 ff 7f', -129n],
    ['02 02 00 80', 128n],
    ['02 01 00', 0n],
  ])('%s', (bytes, value) => {
    expect(parse(hex(bytes)).integer('')).toBe(value);
  });

  test('a count beyond what a number holds is infinite, a negative one refused', async () => {
    expect(parse(der.integer(2n ** 53n)).count('')).toBe(Infinity);
    expect(parse(der.integer(2n ** 5000n)).count('')).toBe(Infinity);
    expect((await refusal(() => parse(hex('02 01 ff')).count('it'))).message).toBe('it is negative');
    expect((await refusal(() => parse(hex(`02 09 ${'ff'.repeat(9)}`)).count('it'))).message).toBe(
      'it is negative',
    );
  });
});

describe('what is refused', () => {
  test.each([
    ['nothing', '', /cut short/],
    ['a tag alone', '30', /cut short/],
    ['content that is cut', '30 05 02 01 00', /cut short by 2 bytes$/],
    ['content that is cut by one', '30 04 02 01 00', /cut short by 1 byte$/],
    ['a child longer than its parent', '30 03 04 05 00', /cut short/],
    ['a byte after the end', '05 00 00', /followed by 1 byte too many/],
    ['bytes after the end', '05 00 00 00', /followed by 2 bytes too many/],
    ['a length of 127 bytes', `30 ff ${'ff'.repeat(127)}`, /impossible length/],
    ['a tag number of four bytes and more', '1f 81 81 81 81 01 00', /tag number/],
    ['an indefinite primitive', '04 80 00 00', /indefinite/],
    ['an indefinite length without its end', '30 80 05 00', /cut short/],
    ['an end mark among children', '30 02 00 00', /end mark/],
  ])('%s', async (_what, bytes, message) => {
    expect((await refusal(() => parse(hex(bytes)))).message).toMatch(message);
  });

  test.each([
    ['depth, definite', Buffer.concat(Array.from({ length: 60 }, (_, i) => Buffer.of(0x30, 2 * (59 - i))))],
    ['depth, indefinite', Buffer.alloc(4_000_000, '3080', 'hex')],
    ['elements', Buffer.from(der.sequence(Buffer.alloc(2 * asn1Limits.elements + 2, '0500', 'hex')))],
    ['size', Buffer.alloc(asn1Limits.bytes + 1, 0x30)],
  ])('too much %s', async (_what, bytes) => {
    expect((await refusal(() => parse(bytes))).message).toMatch(
      /too many elements|nested too deeply|more than sapcert reads/,
    );
  });

  test('an object identifier that is cut, padded or endless', async () => {
    for (const bytes of ['06 00', '06 01 80', '06 02 80 01', `06 7f ${'01'.repeat(127)}`]) {
      expect((await refusal(() => parse(hex(bytes)).oid('it'))).message).toBe(
        'it is not an OBJECT IDENTIFIER',
      );
    }
  });

  test('noise: only ever a SapcertError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        expect((await outcome(() => parse(bytes)))?.code ?? 'file.malformed').toBe('file.malformed');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what a reader expects and does not find is said', () => {
  test.each<[string, (element: Element) => unknown, string]>([
    ['a0 00', (element) => element.explicit('it'), 'it does not hold exactly one element'],
    ['a0 04 05 00 05 00', (element) => element.explicit('it'), 'it does not hold exactly one element'],
    ['80 01 00', (element) => element.explicit('it'), 'it does not hold exactly one element'],
    ['80 01 00', (element) => element.implicit('it'), 'it is not constructed'],
    ['04 02 00 01', (element) => element.bits('it'), 'it is not a BIT STRING'],
    ['03 02 01 80', (element) => element.bits('it'), 'it is not a BIT STRING of whole bytes'],
    ['03 00', (element) => element.bits('it'), 'it is not a BIT STRING of whole bytes'],
    ['03 02 00 01', (element) => element.octets('it'), 'it is not an OCTET STRING'],
    ['31 00', (element) => element.sequence('it'), 'it is not a SEQUENCE'],
    ['10 00', (element) => element.sequenceOf('it'), 'it is not a SEQUENCE'],
    ['30 00', (element) => element.setOf('it'), 'it is not a SET'],
    ['30 00', (element) => element.sequence('it').next('more'), 'it ends before more'],
    ['30 02 05 00', (element) => element.sequence('it').end(), 'it holds more fields than it should'],
    ['02 00', (element) => element.integer('it'), 'it is not an INTEGER'],
    ['26 02 05 00', (element) => element.oid('it'), 'it is not an OBJECT IDENTIFIER'],
  ])('%s', async (bytes, read, message) => {
    expect((await refusal(() => read(parse(hex(bytes))))).message).toBe(message);
  });

  test('an explicit tag with one element, and an optional field that is another', () => {
    expect(parse(hex('a0 02 05 00')).explicit('it').is(5)).toBe(true);
    const fields = parse(hex('30 04 05 00 a1 00')).sequence('it');
    expect(fields.optional(1, 'context')).toBeUndefined();
    expect(fields.optional(5)?.is(5)).toBe(true);
    expect(fields.optional(1)).toBeUndefined();
    expect(fields.optional(1, 'context')?.is(1, 'context')).toBe(true);
    fields.end();
  });
});

describe('character strings (X.680 clause 41)', () => {
  test.each([
    ['a UTF8String', '0c 03 e2 82 ac', '€'],
    ['one that is no UTF-8', '0c 01 ff', undefined],
    ['one that begins with a byte order mark, which is kept', '0c 04 ef bb bf 41', '\ufeffA'],
    ['a PrintableString', '13 01 41', 'A'],
    ['an IA5String', '16 01 41', 'A'],
    ['a VisibleString', '1a 01 41', 'A'],
    ['a tag of that number in another class', '8c 01 41', undefined],
    ['a constructed one', '2c 03 0c 01 41', undefined],
    ['an OCTET STRING', '04 01 41', undefined],
    ['half a character of a UniversalString', '1c 02 00 00', undefined],
  ])('%s', (_, bytes, text) => {
    expect(readString(parse(hex(bytes)))).toBe(text);
  });
});

describeWithPeer('openssl', 'what is written', () => {
  test('is what openssl reads', async () => {
    const bytes = der.sequence(
      der.integer(2n ** 64n),
      der.oid('1.2.840.113549.1.5.13'),
      der.bmpString('grün'),
    );
    const printed = (await openssl(['asn1parse', '-inform', 'DER'], { input: bytes })).toString();
    expect(printed).toMatch(/INTEGER\s+:010000000000000000\n.*OBJECT\s+:PBES2\n.*BMPSTRING/s);
  });
});
