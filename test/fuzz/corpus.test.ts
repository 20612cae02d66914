import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { attempt } from './attempt.js';
import { readerNamed, readers } from './readers/index.js';

const folder = join(process.cwd(), 'test/fuzz/corpus');

/** What once brought a reader down, one file an input, by the reader's name. */
const found = readdirSync(folder).flatMap((reader) =>
  readdirSync(join(folder, reader)).map((file) => [reader, file] as const),
);

describe('what fuzzing has found is mended', () => {
  test('it is kept for readers that there are', () => {
    const names = new Set(readers.map(({ name }) => name));
    expect(found.filter(([reader]) => !names.has(reader))).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
  });

  test.each(found)('%s: %s', async (reader, file) => {
    const outcome = await attempt(readerNamed(reader), readFileSync(join(folder, reader, file)));
    expect(outcome).toMatchObject({ kind: expect.stringMatching(/^(?:read|refused)$/) });
  });
});
