import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread } from 'node:worker_threads';
import type { Result } from './campaign.js';
import { readerNamed, readerNames } from './readers/index.js';
import { supervise } from './supervise.js';
import { work } from './worker.js';

const usage = `npm run fuzz -- [--seed N] [--inputs N] [--only NAME,..] [--limit MS] [--no-coverage]

Reads damaged inputs with every reader of foreign bytes, each in a thread of its own.
  --seed N       the same seed makes the same inputs (1)
  --inputs N     for each reader (2000: about a minute; slow readers get fewer)
  --only NAME    ${readerNames.join(', ')}
  --limit MS     what one input may take (1000)
  --no-coverage  keep no input for the code that it reached
An input that breaks a promise is written to coverage/fuzz/; the exit code is 1 then.
`;

/** Under `coverage/`, which git does not keep. */
const folder = 'coverage/fuzz';

function whole(text: string, name: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`--${name} takes a whole number`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      inputs: { type: 'string', default: '2000' },
      only: { type: 'string' },
      limit: { type: 'string', default: '1000' },
      'no-coverage': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [seed, inputs, limit] = (['seed', 'inputs', 'limit'] as const).map((name) =>
    whole(values[name], name),
  );
  const wanted = values.only?.split(',') ?? readerNames;
  const strange = wanted.find((name) => !readerNames.includes(name));
  if (strange !== undefined || seed === undefined || inputs === undefined || limit === undefined) {
    process.stderr.write(`there is no reader ${String(strange)}\n\n${usage}`);
    return 2;
  }
  const waiting = [...wanted];
  let failures = 0;
  const start = performance.now();
  let total = 0;
  process.stdout.write(
    `seed ${seed}, ${inputs} inputs for each reader\n\n${row('reader', 'inputs', 'kept', 'blocks', 'slowest')}`,
  );
  const lane = async (): Promise<void> => {
    for (let reader = waiting.shift(); reader !== undefined; reader = waiting.shift()) {
      const own = Math.ceil(inputs * (readerNamed(reader).share ?? 1));
      const campaign = { reader, seed, inputs: own, guided: !values['no-coverage'], limit };
      const result = await supervise(campaign, import.meta.url);
      total += result.inputs;
      failures += result.failures.length;
      report(reader, result, seed);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  process.stdout.write(`\n${total} inputs in ${seconds} s, ${failures} failures\n`);
  return failures === 0 ? 0 : 1;
}

function report(reader: string, result: Result, seed: number): void {
  const { inputs, kept, blocks, slowest, codes, failures } = result;
  const byNumber = Object.entries(codes).toSorted(([, a], [, b]) => b - a);
  process.stdout.write(
    `${row(reader, inputs, kept, blocks, `${slowest.toFixed(0)} ms`)}    ${byNumber.map(([code, count]) => `${code} ${count}`).join(', ')}\n`,
  );
  for (const { signature, detail, input } of failures) {
    mkdirSync(folder, { recursive: true });
    const digest = createHash('sha256').update(input).digest('hex').slice(0, 12);
    const file = join(folder, `${reader}-${digest}`);
    writeFileSync(file, input);
    process.stdout.write(
      `    FAILED (seed ${seed}): ${signature}\n    ${file}\n${detail.replaceAll(/^/gm, '      ')}\n`,
    );
  }
}

function row(reader: string, ...cells: readonly (string | number)[]): string {
  return `${reader.padEnd(18)}${cells.map((cell) => String(cell).padStart(9)).join('')}\n`;
}

if (isMainThread) process.exitCode = await main();
else await work(import.meta.url);
