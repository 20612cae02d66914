import { describe, expect, test } from '@jest/globals';
import { attempt } from './attempt.js';
import { campaign } from './campaign.js';
import { mutateBytes } from './mutate/bytes.js';
import type { Reader } from './reader.js';
import { readers } from './readers/index.js';

/** `npm run fuzz` reads many more, guided by the code that they reach. */
const inputs = 300;

describe('whatever the bytes are, a reader reads them or says what is wrong', () => {
  test.each(readers.map((reader) => [reader.name, reader] as const))(
    '%s',
    async (_, reader) => {
      const own = Math.ceil(inputs * (reader.share ?? 1));
      const { failures, ...result } = await campaign(reader, { seed: 20_261_122, inputs: own });
      expect(failures.map(({ signature, detail }) => `${signature}\n${detail}`)).toEqual([]);
      expect(result.inputs).toBeGreaterThan(own);
    },
    120_000,
  );
});

/** A reader that does what a broken one would. */
function broken(read: Reader['read']): Reader {
  const seeds = () => [Buffer.from('some seed or other')];
  return { name: 'broken', seeds, mutate: [mutateBytes], refuses: /^file\./, read };
}

describe('the fuzzer itself', () => {
  test('finds an error that is none of ours, and makes the input small', async () => {
    const reader = broken((input) => {
      if (Buffer.from(input).includes('oo')) throw new TypeError('oo');
    });
    const { failures } = await campaign(reader, { seed: 1, inputs: 2000 });
    expect(failures).toHaveLength(1);
    expect(Buffer.from(failures[0]!.input).toString()).toBe('oo');
  });

  test('reads the same inputs for the same seed, and others for another', async () => {
    const read = async (seed: number): Promise<string> => {
      const all: string[] = [];
      await campaign(
        broken((input) => void all.push(Buffer.from(input).toString('hex'))),
        { seed, inputs: 500 },
      );
      return all.join();
    };
    expect(await read(1)).toBe(await read(1));
    expect(await read(1)).not.toBe(await read(2));
  });

  test('sees what one input allocates', async () => {
    const kept: Buffer[] = [];
    const reader = broken(() => void kept.push(Buffer.alloc(300 * 1024 * 1024)));
    await expect(attempt(reader, Buffer.alloc(1))).resolves.toMatchObject({ signature: 'memory' });
  });
});
