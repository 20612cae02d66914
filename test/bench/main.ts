// npm run bench: prints a table and writes bench-results.json. With --quick it takes a tenth of the bundles, and
// says nothing about targets that need many; with --only NAME it runs the sections whose title has NAME in it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BatchSizes, measureBatch } from './batch.js';
import { type Form, makeModels } from './bundles.js';
import { measureCheck } from './check.js';
import { measureSend, type SendSizes } from './connector.js';
import { measureGrowth } from './growth.js';
import { measureKdf } from './kdf.js';
import { isMet, renderSection, type Section } from './report.js';
import { measureSingle } from './single.js';
import { measureStartup } from './startup.js';

const quick = process.argv.includes('--quick');
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt < 0 ? '' : (process.argv[onlyAt + 1] ?? '').toLowerCase();
const rounds = quick ? 3 : 9;
const scale = quick ? 10 : 1;

const sizes: Readonly<Record<Form, BatchSizes>> = {
  sap: { sapcert: 1000 / scale, createPrivateKey: 200 / scale, forge: 20 / scale, shell: 100 / scale },
  traditional: {
    sapcert: 1000 / scale,
    createPrivateKey: 1000 / scale,
    forge: 500 / scale,
    shell: 100 / scale,
  },
  pbes2: { sapcert: 1000 / scale, createPrivateKey: 1000 / scale, forge: 100 / scale, shell: 100 / scale },
};

const sendSizes: SendSizes = quick
  ? { near: 20_000, far: 2000, many: 100_000, rounds: 3 }
  : { near: 100_000, far: 20_000, many: 1_000_000, rounds: 5 };

type Measurement = readonly [name: string, measure: (models: string, work: string) => Promise<Section>];

const batch = (form: Form): Measurement => [
  `batch ${form}`,
  (models, work) => measureBatch(models, work, form, sizes[form], 3),
];

const measurements: readonly Measurement[] = [
  ['start-up', () => measureStartup(rounds)],
  ['single', (models, work) => measureSingle(models, work, 3 * rounds)],
  ['kdf', (models) => measureKdf(models, rounds)],
  batch('sap'),
  batch('traditional'),
  batch('pbes2'),
  ['check', (_models, work) => measureCheck(work, rounds)],
  ['send', (_models, work) => measureSend(work, sendSizes)],
  ['growth sap', (models, work) => measureGrowth(models, work, 'sap', quick ? [10, 100] : [10, 100, 1000])],
  [
    'growth traditional',
    (models, work) =>
      measureGrowth(models, work, 'traditional', quick ? [10, 100, 1000] : [10, 100, 1000, 10_000]),
  ],
];

async function main(): Promise<void> {
  const work = mkdtempSync(join(process.env['SAPCERT_BENCH_DIR'] ?? tmpdir(), 'sapcert-bench-'));
  const sections: Section[] = [];
  try {
    const models = join(work, 'models');
    await makeModels(models);
    for (const [name, measure] of measurements) {
      if (!name.includes(only)) continue;
      const measured = await measure(models, work);
      // What a start costs weighs too much when there are few bundles.
      const section = quick ? withoutTargets(measured) : measured;
      sections.push(section);
      console.log(renderSection(section));
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  finish(sections);
}

const withoutTargets = (section: Section): Section => ({
  ...section,
  rows: section.rows.map(({ what, value, unit }) => ({ what, value, unit })),
});

function finish(sections: readonly Section[]): void {
  const machine = {
    node: process.version,
    processor: cpus()[0]?.model ?? '',
    processors: availableParallelism(),
  };
  const results = sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => ({ ...row, met: isMet(row) })),
  }));
  writeFileSync(
    'bench-results.json',
    `${JSON.stringify({ schemaVersion: 1, quick, machine, sections: results }, null, 2)}\n`,
  );
  const judged = results.flatMap(({ rows }) => rows).filter(({ met }) => met !== undefined);
  const missed = judged.filter(({ met }) => met === false);
  console.log(
    `${judged.length - missed.length} of ${judged.length} targets met; details in bench-results.json`,
  );
  for (const { what, value } of missed) console.log(`  not met: ${what}: ${value.toFixed(2)}`);
}

await main();
