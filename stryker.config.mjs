// Mutation testing of what decides, area by area: see test/mutation/main.mjs, which starts it.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { areas } from './test/mutation/areas.mjs';

const { mutate, tests } = areas[process.env.MUTATION_AREA ?? 'diagnose'];
const every = Number(process.env.MUTATION_EVERY ?? 6);
const window = 8;

const sources = readdirSync('src', { recursive: true })
  .map((name) => `src/${String(name)}`.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && !/(?:index|types)\.ts$/.test(path))
  .filter((path) => mutate.some((place) => new RegExp(`^${place}`).test(path)))
  .toSorted();

/** Of each file the same lines every time: of `every` windows of lines one. Mutants across its edges are left out. */
function sampled(path) {
  if (every === 1) return [path];
  const lines = readFileSync(path, 'utf8').split('\n').length;
  const start = [...path].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % every;
  const ranges = [];
  for (let from = start * window + 1; from <= lines; from += every * window) {
    ranges.push(`${path}:${from}-${Math.min(from + window - 1, lines)}`);
  }
  return ranges;
}

const program = 'coverage/mutation-tests.mjs';

export default {
  mutate: sources.flatMap(sampled),
  // Words may change; what they are about may not.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'bundled',
  plugins: [resolve('test/mutation/runner.mjs')],
  coverageAnalysis: 'perTest',
  // Those in tables, which run while the file is loaded, cost a run of all tests each.
  ignoreStatic: process.env.MUTATION_STATIC !== '1',
  buildCommand: `node test/mutation/build.mjs ${program} ${tests.map((test) => `test/${test}.test.ts`).join(' ')}`,
  timeoutMS: 10_000,
  timeoutFactor: 4,
  concurrency: Number(process.env.MUTATION_PROCESSES ?? 2),
  // Stryker would read tsconfig.json with an API that TypeScript 7 does not have.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  ignorePatterns: ['coverage', 'docs'],
  tempDirName: 'coverage/stryker',
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: `coverage/mutation/${process.env.MUTATION_AREA ?? 'diagnose'}.json` },
};
