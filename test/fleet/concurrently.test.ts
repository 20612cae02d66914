import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { concurrently, inPortions } from '../../src/fleet/concurrently.js';

async function* from<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('concurrently', () => {
  test('every input once, in order or not, never more at a time than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat({ max: 3 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        fc.boolean(),
        async (delays, concurrency, ordered) => {
          let [running, most, taken, given] = [0, 0, 0, 0];
          let ahead = 0;
          async function* inputs(): AsyncGenerator<{ index: number; delay: number }> {
            for (const [index, delay] of delays.entries()) {
              taken++;
              ahead = Math.max(ahead, taken - given);
              yield { index, delay };
            }
          }
          const run = async ({
            index,
            delay,
          }: {
            index: number;
            delay: number;
          }): Promise<{ index: number }> => {
            most = Math.max(most, ++running);
            for (let turn = 0; turn < delay; turn++) await new Promise(setImmediate);
            running--;
            return { index };
          };
          const indexes: number[] = [];
          for await (const { index } of concurrently(inputs(), run, { concurrency, ordered })) {
            given++;
            indexes.push(index);
          }
          const expected = delays.map((_, index) => index);
          expect(ordered ? indexes : indexes.toSorted((a, b) => a - b)).toEqual(expected);
          expect(most).toBeLessThanOrEqual(concurrency);
          expect(ahead).toBeLessThanOrEqual(2 * concurrency + 1);
        },
      ),
    );
  });

  test('a slow input holds back the ordered results only', async () => {
    const run = async (index: number): Promise<{ index: number }> => {
      if (index === 0) await sleep(50);
      return { index };
    };
    const indexes = async (ordered: boolean): Promise<number[]> =>
      (await collect(concurrently(from([0, 1, 2, 3]), run, { concurrency: 2, ordered }))).map(
        ({ index }) => index,
      );
    expect(await indexes(true)).toEqual([0, 1, 2, 3]);
    expect(await indexes(false)).toEqual([1, 2, 3, 0]);
  });

  test('whoever stops listening ends the source, and what runs is waited for', async () => {
    let [closed, finished] = [false, 0];
    async function* inputs(): AsyncGenerator<number> {
      try {
        for (let index = 0; ; index++) yield index;
      } finally {
        closed = true;
      }
    }
    const run = async (index: number): Promise<{ index: number }> => {
      await sleep(5);
      finished++;
      return { index };
    };
    for await (const _ of concurrently(inputs(), run, { concurrency: 4, ordered: true })) break;
    expect(closed).toBe(true);
    expect(finished).toBeGreaterThanOrEqual(4);
  });

  test('an abort takes no more inputs and gives what was under way', async () => {
    const stop = new AbortController();
    const run = async (index: number): Promise<{ index: number }> => {
      if (index === 5) stop.abort();
      await sleep(1);
      return { index };
    };
    const settings = { concurrency: 2, ordered: true, signal: stop.signal };
    const results = await collect(concurrently(from(Array(100).keys()), run, settings));
    expect(results.length).toBeGreaterThanOrEqual(6);
    expect(results.length).toBeLessThanOrEqual(8);
  });
});

test('portions', async () => {
  const portions = async (count: number): Promise<number[]> =>
    (await collect(inPortions(Array(count).keys(), 4))).map(({ length }) => length);
  expect(await portions(0)).toEqual([]);
  expect(await portions(4)).toEqual([4]);
  expect(await portions(9)).toEqual([4, 4, 1]);
});
