import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
// The judgement alone, without a broker around it.
import { acknowledge } from '../../src/sandbox/broker/measures.js';
import { parseModel, type DeviceModel } from '../../src/sandbox/broker/model.js';

const message = { capabilityAlternateId: 'climate', sensorAlternateId: 's1', measures: [['25']] };
const model: DeviceModel = {
  capabilities: {
    climate: { temperature: 'float', humidity: 'integer' },
    door: { open: 'boolean', note: 'string' },
  },
  sensors: ['s1', 's2'],
};

function answer(content: unknown, known?: DeviceModel): ReturnType<typeof acknowledge> {
  return acknowledge(Buffer.from(JSON.stringify(content)), known);
}

describe('measures that are taken', () => {
  test.each<[string, object]>([
    ['values in their order', { measures: [['25', 3, true, null]] }],
    ['properties by name', { measures: [{ temperature: '25' }] }],
    ['several measures', { measures: [{ temperature: 1 }, { temperature: 2 }] }],
    ['a time for each measure, milliseconds', { measures: [{ temperature: 1, _time: 1_500_000_000_000 }] }],
    [
      'a time for each measure, ISO 8601',
      { measures: [{ temperature: 1, _time: '2024-05-01T10:00:00.000Z' }] },
    ],
    ['a timestamp in milliseconds', { timestamp: 1_500_000_000_000 }],
    ['a timestamp in digits', { timestamp: '1500000000000' }],
    ['a sensor type beside the sensor', { sensorTypeAlternateId: '7' }],
    ['a sensor type instead of the sensor', { sensorTypeAlternateId: '7', sensorAlternateId: undefined }],
  ])('%s', (_title, changes) => {
    expect(answer({ ...message, ...changes })).toEqual([{ code: 202, messages: [] }]);
  });

  test('the id of a message comes back', () => {
    expect(answer({ ...message, measureMessageId: '17' })).toEqual([{ id: '17', code: 202, messages: [] }]);
  });

  test('each message of an array gets an entry, in their order', () => {
    const messages = [{ ...message, measureMessageId: 'a' }, {}, { ...message, measureMessageId: 'c' }];
    expect(answer(messages).map(({ id, code }) => [id, code])).toEqual([
      ['a', 202],
      [undefined, 400],
      ['c', 202],
    ]);
  });

  test('seconds instead of milliseconds are remarked upon', () => {
    expect(answer({ ...message, timestamp: 1_700_000_000 })).toEqual([
      { code: 202, messages: [expect.stringContaining('milliseconds')] },
    ]);
  });
});

describe('measures that are refused', () => {
  test.each<[string, object, string]>([
    ['an unknown property', { sensorId: 's1' }, 'unknown property "sensorId"'],
    ['no capability', { capabilityAlternateId: undefined }, 'capabilityAlternateId has to be a text'],
    ['an empty capability', { capabilityAlternateId: '' }, 'capabilityAlternateId has to be a text'],
    ['a number as capability', { capabilityAlternateId: 1 }, 'capabilityAlternateId has to be a text'],
    ['no sensor', { sensorAlternateId: undefined }, 'sensorAlternateId or sensorTypeAlternateId is missing'],
    ['a number as sensor', { sensorAlternateId: 1 }, 'sensorAlternateId has to be a text'],
    ['a number as message id', { measureMessageId: 1 }, 'measureMessageId has to be a text'],
    ['a timestamp that is none', { timestamp: 'yesterday' }, 'timestamp has to be milliseconds'],
    ['a fraction as timestamp', { timestamp: 1.5 }, 'timestamp has to be milliseconds'],
    ['a negative timestamp', { timestamp: -1 }, 'timestamp has to be milliseconds'],
    ['no measures', { measures: undefined }, 'measures has to be an array'],
    ['measures that are no array', { measures: { temperature: 1 } }, 'measures has to be an array'],
    ['an empty array', { measures: [] }, 'measures is empty'],
    ['a bare value', { measures: [['1'], '25'] }, 'measure 2: has to be an array of values or an object'],
    ['a measure without values', { measures: [[]] }, 'measure 1: has no value'],
    ['a measure with nothing but a time', { measures: [{ _time: 1 }] }, 'measure 1: has no value'],
    ['a nested value', { measures: [[1, [2]]] }, 'measure 1: value 2 is not a plain value'],
    ['a nested property', { measures: [{ a: {} }] }, 'measure 1: property "a" is not a plain value'],
    [
      'a time that is none',
      { measures: [{ a: 1, _time: 'now' }] },
      'measure 1: _time has to be milliseconds',
    ],
  ])('%s', (_title, changes, words) => {
    const [entry] = answer({ ...message, measureMessageId: 'm', ...changes });
    expect(entry?.code).toBe(400);
    expect(entry?.messages).toContainEqual(expect.stringContaining(words));
  });

  test('all that is wrong is said at once', () => {
    expect(answer({ measures: [], extra: 1 })[0]?.messages).toHaveLength(4);
  });

  test.each([
    ['no JSON', Buffer.from('{"measures":')],
    ['nothing', Buffer.alloc(0)],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('%s', (_title, payload) => {
    expect(acknowledge(payload, undefined)).toEqual([
      { code: 400, messages: ['the payload is not JSON in UTF-8'] },
    ]);
  });

  test.each([[], null, 'text', [null]])('%j is no message', (content) => {
    expect(answer(content)).toMatchObject([{ code: 400 }]);
  });

  test('any JSON gets an answer that is JSON, with as many entries as messages', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const content: unknown = JSON.parse(text);
        const entries = acknowledge(Buffer.from(text), model);
        expect(entries).toHaveLength(Array.isArray(content) ? Math.max(content.length, 1) : 1);
      }),
    );
  });
});

describe('with a model', () => {
  test.each<[string, object, number, string]>([
    ['a capability that is not in it', { capabilityAlternateId: 'x' }, 404, 'there is no capability "x"'],
    [
      'an inherited name',
      { capabilityAlternateId: 'constructor' },
      404,
      'there is no capability "constructor"',
    ],
    ['a sensor that is not in it', { sensorAlternateId: 'x' }, 404, 'there is no sensor "x"'],
    [
      'a property that is not in it',
      { measures: [{ wind: 1 }] },
      400,
      'capability "climate" has no property "wind"',
    ],
    ['an inherited property', { measures: [{ toString: 1 }] }, 400, 'has no property "toString"'],
    [
      'too many values',
      { measures: [[1, 2, 3]] },
      400,
      'has 3 values, capability "climate" has 2 properties',
    ],
    [
      'text for a number',
      { measures: [{ temperature: 'warm' }] },
      400,
      'property "temperature" is not of type float',
    ],
    [
      'a fraction for an integer',
      { measures: [[1, 2.5]] },
      400,
      'property "humidity" is not of type integer',
    ],
    ['a boolean for a number', { measures: [[true]] }, 400, 'property "temperature" is not of type float'],
  ])('refuses %s', (_title, changes, code, words) => {
    expect(answer({ ...message, ...changes }, model)).toEqual([
      { code, messages: [expect.stringContaining(words)] },
    ]);
  });

  test.each<[string, object]>([
    ['numbers as text', { measures: [['21.5', '40']] }],
    ['fewer values than properties', { measures: [[21.5]] }],
    ['properties by name', { measures: [{ humidity: 40, _time: 1_500_000_000_000 }] }],
    ['booleans', { capabilityAlternateId: 'door', measures: [[true, 'shut']] }],
  ])('takes %s', (_title, changes) => {
    expect(answer({ ...message, ...changes }, model)).toEqual([{ code: 202, messages: [] }]);
  });

  test('is read from JSON', () => {
    expect(parseModel(JSON.stringify(model), 'model.json')).toEqual(model);
  });

  test.each([
    '{',
    '[]',
    '{}',
    '{"capabilities": {"a": {"b": "colour"}}}',
    '{"capabilities": {}, "sensors": [1]}',
  ])('is refused when it is %s', (text) => {
    expect(() => parseModel(text, 'model.json')).toThrow(expect.objectContaining({ code: 'file.malformed' }));
  });
});
