import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { inShard, parseShard } from '../../src/fleet/index.js';

describe('parseShard', () => {
  test.each([
    ['1/1', {}, { index: 1, count: 1 }],
    ['3/4', {}, { index: 3, count: 4 }],
    ['auto', { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '3' }, { index: 1, count: 3 }],
    ['auto', { JOB_COMPLETION_INDEX: '2', JOB_COMPLETIONS: '3' }, { index: 3, count: 3 }],
    [
      'auto',
      { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_MIN: '5', SLURM_ARRAY_TASK_COUNT: '4' },
      { index: 3, count: 4 },
    ],
    ['auto', { CLOUD_RUN_TASK_INDEX: '1', CLOUD_RUN_TASK_COUNT: '2' }, { index: 2, count: 2 }],
    ['auto', { AWS_BATCH_JOB_ARRAY_INDEX: '1', AWS_BATCH_JOB_ARRAY_SIZE: '2' }, { index: 2, count: 2 }],
  ])('%s with %j', (text, env, shard) => expect(parseShard(text, env)).toEqual(shard));

  test.each([
    ['0/4', {}],
    ['5/4', {}],
    ['1/0', {}],
    ['1', {}],
    ['-1/4', {}],
    ['a/b', {}],
    ['', {}],
    ['auto', {}],
    ['auto', { JOB_COMPLETION_INDEX: '0' }],
    ['auto', { JOB_COMPLETION_INDEX: '3', JOB_COMPLETIONS: '3' }],
    ['auto', { JOB_COMPLETION_INDEX: 'x', JOB_COMPLETIONS: '3' }],
  ])('%j with %j is refused', (text, env) => {
    expect(() => parseShard(text, env)).toThrow(expect.objectContaining({ code: 'usage.invalid' }));
  });
});

describe('inShard', () => {
  test('every name belongs to exactly one shard', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (name, count) => {
        const shards = Array.from({ length: count }, (_, index) => ({ index: index + 1, count }));
        expect(shards.filter((shard) => inShard(name, shard))).toHaveLength(1);
      }),
    );
  });

  test('the parts are of about the same size', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `plant/device-${index}.pem`);
    for (let index = 1; index <= 4; index++) {
      const size = names.filter((name) => inShard(name, { index, count: 4 })).length;
      expect(Math.abs(size - 2500)).toBeLessThan(250);
    }
  });

  test('it stays the same for ever, on every machine', () => {
    const taken = ['a.pem', 'b.pem', 'c.pem', 'd.pem', 'e.pem'].map((name) =>
      [1, 2, 3].find((index) => inShard(name, { index, count: 3 })),
    );
    // The first six bytes of SHA-256 of each name, modulo 3, plus 1, as Python's hashlib computes them.
    expect(taken).toEqual([1, 1, 2, 1, 2]);
    expect(inShard('x/y.pem', { index: 1, count: 2 })).toBe(inShard('./x\\y.pem', { index: 1, count: 2 }));
  });
});
