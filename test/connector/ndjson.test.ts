import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ndjsonBatches, ndjsonLines, type NdjsonLine } from '../../src/connector/index.js';
import { liveMemory } from '../support/memory.js';

async function* chunks(parts: readonly (Uint8Array | string)[]): AsyncGenerator<Uint8Array | string> {
  yield* parts;
}

async function linesOf(parts: readonly (Uint8Array | string)[], options = {}): Promise<[number, string][]> {
  const lines: [number, string][] = [];
  for await (const { line, bytes } of ndjsonLines(chunks(parts), options)) {
    lines.push([line, Buffer.from(bytes).toString()]);
  }
  return lines;
}

describe('lines of a stream', () => {
  test.each<[string, string[], [number, string][]]>([
    [
      'each with its number',
      ['a\nb\n'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'the last without an end',
      ['a\nb'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'cut anywhere',
      ['{"a"', ':1', '}\n{', '}'],
      [
        [1, '{"a":1}'],
        [2, '{}'],
      ],
    ],
    [
      'blank ones counted and left out',
      ['\n \t\na\n\n\nb'],
      [
        [3, 'a'],
        [6, 'b'],
      ],
    ],
    [
      'carriage returns',
      ['a\r\nb\r\n'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'a carriage return and its newline in two chunks',
      ['a\r', '\nb'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
    ],
    [
      'a byte order mark',
      ['\uFEFFa\n\uFEFFb'],
      [
        [1, 'a'],
        [2, '\uFEFFb'],
      ],
    ],
    ['nothing', [], []],
    ['nothing but newlines', ['\n\n'], []],
  ])('%s', async (_name, parts, lines) => {
    await expect(linesOf(parts)).resolves.toEqual(lines);
  });

  test('the same however the bytes are cut into chunks', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\n', '\r', ' ', '"'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(12)), async (content, cuts) => {
        const bytes = Buffer.from(content);
        const parts: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          parts.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        parts.push(bytes.subarray(at));
        await expect(linesOf(parts)).resolves.toEqual(await linesOf([bytes]));
      }),
    );
  });

  test('those of one chunk come together', async () => {
    const batches: number[][] = [];
    for await (const batch of ndjsonBatches(chunks(['1\n2\n3', '\n4\n', '5'])))
      batches.push(batch.map(({ line }) => line));
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });
});

describe('a line that is too long', () => {
  const long = 'x'.repeat(5000);

  test.each([
    ['in one chunk', [`a\n${long}\nb\n`]],
    ['in many chunks', ['a\n', ...(long.match(/.{1,7}/g) ?? []), '\nb']],
    ['at the end', ['a\nb\n', long]],
  ])('is a defect, and the others are read (%s)', async (_name, parts) => {
    const lines: NdjsonLine[] = [];
    for await (const line of ndjsonLines(chunks(parts), { maximumLength: 1000, file: 'x.ndjson' }))
      lines.push(line);
    const bad = lines.filter(({ defect }) => defect !== undefined);
    expect(lines.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(bad).toHaveLength(1);
    expect(bad[0]?.defect).toMatchObject({
      code: 'file.too-large',
      message: 'the line has 5000 bytes, more than the 1000 that are taken',
      place: { file: 'x.ndjson', line: bad[0]?.line },
    });
    expect(bad[0]?.bytes.length).toBeLessThanOrEqual(200);
  });

  test('is not kept in memory', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let held = Infinity;
    async function* endless(): AsyncGenerator<Uint8Array> {
      const before = liveMemory();
      for (let count = 0; count < 600; count += 1) yield Buffer.from(chunk);
      held = liveMemory() - before;
    }
    const lines: NdjsonLine[] = [];
    for await (const line of ndjsonLines(endless())) lines.push(line);
    expect(lines[0]?.defect?.message).toContain(`${600 * 1024 * 1024} bytes`);
    expect(held).toBeLessThan(8 * 1024 * 1024);
  });
});
