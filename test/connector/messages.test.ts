import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isAccepted, parseAcknowledgements } from '../../src/connector/acknowledgements.js';
import { parseCommand } from '../../src/connector/commands.js';
import { encode } from '../../src/connector/encode.js';
import { encodeMeasure, encodeText, idMaker } from '../../src/connector/measures.js';
import { SapcertError } from '../../src/errors.js';

const parse = (json: unknown): ReturnType<typeof parseAcknowledgements> =>
  parseAcknowledgements(Buffer.from(JSON.stringify(json)));

describe('acknowledgements of the gateway', () => {
  test('an array with ids', () => {
    expect(
      parse([
        { id: 'a', code: 202, messages: [] },
        { id: 'b', code: 400, messages: ['no such sensor'] },
      ]),
    ).toEqual([
      { from: 'application', id: 'a', code: 202, messages: [], provisional: true, sensor: undefined },
      {
        from: 'application',
        id: 'b',
        code: 400,
        messages: ['no such sensor'],
        provisional: false,
        sensor: undefined,
      },
    ]);
  });

  test('an object with sensor and capability', () => {
    const [acknowledgement] = parse({ capabilityAlternateId: 'c', sensorAlternateId: 's', code: '200' });
    expect(acknowledgement).toMatchObject({
      id: undefined,
      code: 200,
      sensor: '["c","s"]',
      provisional: false,
    });
  });

  test.each([
    [200, true],
    [202, true],
    [201, false],
    [400, false],
    [404, false],
    [500, false],
  ])('code %d: accepted %p', (code, accepted) => {
    expect(parse({ code }).map(isAccepted)).toEqual([accepted]);
  });

  test.each([null, 5, 'text', [], [5], {}, { code: 'x' }, [{ id: 'a' }]])('nothing in %j', (json) => {
    expect(parse(json)).toEqual([]);
  });

  test('never throws, whatever bytes there are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(Array.isArray(parseAcknowledgements(bytes))).toBe(true);
      }),
    );
  });

  test('messages of any kind become texts', () => {
    expect(parse({ code: 400, messages: 'one' })[0]?.messages).toEqual(['one']);
    expect(parse({ code: 400, messages: [{ a: 1 }] })[0]?.messages).toEqual(['{"a":1}']);
  });
});

describe('messages to the gateway', () => {
  const makeId = (): string => 'new';

  test.each([
    ['{"a":1}', '{"measureMessageId":"new","a":1}', ['new']],
    ['  {"a":1} ', '{"measureMessageId":"new","a":1} ', ['new']],
    ['{}', '{"measureMessageId":"new"}', ['new']],
    ['{ }', '{"measureMessageId":"new" }', ['new']],
    ['{"measureMessageId":"mine"}', '{"measureMessageId":"mine"}', ['mine']],
    ['{"measureMessageId":7,"a":1.0}', '{"measureMessageId":7,"a":1.0}', ['7']],
    ['{"a":1,"measureMessageId":""}', '{"a":1,"measureMessageId":"new"}', ['new']],
    [
      '[{"a":1},{"measureMessageId":"m"}]',
      '[{"a":1,"measureMessageId":"new"},{"measureMessageId":"m"}]',
      ['new', 'm'],
    ],
  ])('%s', (text, payload, ids) => {
    expect(encodeText(text, makeId)).toEqual({ payload, ids });
  });

  test.each(['', 'x', '5', 'null', '"{}"', '[]', '[1]', '[{},null]', '{"a":'])('%j is none', (text) => {
    expect(encodeText(text, makeId)).toBeUndefined();
  });

  test('an id is added and nothing else changes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(3), (message, indent) => {
        const text = JSON.stringify(message, null, indent);
        const encoded = encodeText(text, makeId);
        const { measureMessageId, ...rest } = JSON.parse(encoded?.payload ?? '') as Record<string, unknown>;
        const { measureMessageId: given, ...before } = JSON.parse(text) as Record<string, unknown>;
        expect(rest).toEqual(before);
        expect([given, 'new', String(given)]).toContain(measureMessageId);
      }),
    );
  });

  test('a measure of the library', () => {
    const measure = { capabilityAlternateId: 'c', sensorAlternateId: 's', measures: [['25']] };
    expect(JSON.parse(encodeMeasure(measure, makeId).payload)).toEqual({
      ...measure,
      measureMessageId: 'new',
    });
    expect(encodeMeasure({ ...measure, measureMessageId: 'x' }, makeId).ids).toEqual(['x']);
  });

  test('ids differ', () => {
    const [one, other] = [idMaker(), idMaker()];
    const ids = Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? one() : other()));
    expect(new Set(ids).size).toBe(1000);
  });
});

describe('items', () => {
  const line = (text: string | Uint8Array) => ({ line: 3, bytes: Buffer.from(text) });

  test('without acknowledgements every line goes as it stands', () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    expect(encode(line(bytes), undefined)).toEqual({ payload: bytes, ids: [] });
    expect(encode('200,c8y_Temperature,T,25', undefined)).toEqual({
      payload: '200,c8y_Temperature,T,25',
      ids: [],
    });
  });

  test.each([
    ['no JSON', 'x'],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['a number', '5'],
  ])('a line that is %s has a defect with its place', (_name, text) => {
    const encoded = encode(line(text), () => 'id');
    expect(encoded).toBeInstanceOf(SapcertError);
    expect(encoded).toMatchObject({ code: 'file.malformed', message: 'line 3: not a JSON object' });
  });

  test('the defect that a line came with', () => {
    const defect = { code: 'file.too-large', message: 'too long', place: { line: 3 } } as const;
    expect(encode({ ...line(''), defect }, undefined)).toMatchObject({ code: 'file.too-large' });
  });
});

describe('commands', () => {
  test("SAP's", () => {
    const payload = Buffer.from(
      '{"sensorAlternateId":"s","capabilityAlternateId":"c","command":{"on":true}}',
    );
    expect(parseCommand('commands/x', payload)).toEqual({
      topic: 'commands/x',
      payload,
      sensorAlternateId: 's',
      capabilityAlternateId: 'c',
      command: { on: true },
    });
  });

  test.each(['511,device,ls', '{"a":1}', ''])('anything else as it came: %j', (text) => {
    expect(parseCommand('s/ds', Buffer.from(text))).toEqual({ topic: 's/ds', payload: Buffer.from(text) });
  });
});
