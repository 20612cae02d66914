import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commands } from '../../src/cli/commands/index.js';
import { stripSpec } from '../../src/cli/commands/strip.js';
import { readLightly } from '../../src/cli/light.js';
import { parseArguments } from '../../src/cli/yargs.js';

const specs = commands.map(({ spec }) => spec);

const words = [
  ...Object.entries(stripSpec.options).flatMap(([name, { alias }]) => [
    `--${name}`,
    `--${name}=x`,
    ...(alias === undefined ? [] : [alias.length === 1 ? `-${alias}` : `--${alias}`]),
  ]),
  'pkcs8',
  'sec1',
  'all',
  'leaf',
  'x',
  '1',
  '1e3',
  '0x10',
  'true',
  'false',
  '-',
  '--',
  '-x',
  '-ox',
  '-o=x',
  '--no-split',
  '',
  ' ',
  'a b',
  '"q"',
  'device.pem',
  '--key-format=pkcs1',
  '--split=true',
  '--help',
  '--nonsense',
  '--out',
  '-5',
  '.5',
  '--a.b',
];

async function byYargs(argv: readonly string[]) {
  try {
    const parsed = await parseArguments(['strip', ...argv], specs, 80);
    return parsed.kind === 'command' ? parsed.args : undefined;
  } catch {
    return undefined;
  }
}

describe('the light reader', () => {
  test('reads what yargs reads, wherever it reads at all', async () => {
    const property = fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 6 }), async (argv) => {
      const light = readLightly(argv, stripSpec);
      if (light !== undefined) expect(light).toEqual(await byYargs(argv));
    });
    await fc.assert(property, { numRuns: 700 });
  }, 120_000);

  test.each([
    [['device.pem']],
    [['device.pem', '--passin', 'file:secret']],
    [['a.pem', '--secret', 'env:S', '-o', 'new.pem']],
    [['-', '-o', '-', '--key-format=traditional']],
    [['a', 'b', 'c', '--split', '--out-dir', 'x', '--json', '--overwrite']],
  ])('reads a plain strip without yargs: %j', async (argv) => {
    const light = readLightly(argv, stripSpec);
    expect(light).toBeDefined();
    expect(light).toEqual(await byYargs(argv));
  });

  test.each([
    [['--help']],
    [['a', '--nonsense']],
    [['a', '-o']],
    [['a', '--split=true']],
    [['a', '-o', 'x', '-o', 'y']],
  ])('leaves to yargs: %j', (argv) => expect(readLightly(argv, stripSpec)).toBeUndefined());
});
