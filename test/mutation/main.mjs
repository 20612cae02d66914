// Mutation testing: changes one thing at a time in what decides (src/bundle, src/check/diagnose), and lists the
// changes that no test notices. npm run mutation -- [AREA..]; MUTATION_EVERY=1 for all lines instead of
// a sample, MUTATION_STATIC=1 for tables as well.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { areas } from './areas.mjs';

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(areas);
const strange = wanted.find((area) => !(area in areas));
if (strange !== undefined) {
  console.error(`there is no area ${strange}: ${Object.keys(areas).join(', ')}`);
  process.exit(2);
}

const noticed = new Set(['Killed', 'Timeout']);
const counted = new Set(['Killed', 'Timeout', 'Survived', 'NoCoverage']);
const percent = (part, whole) => `${((100 * part) / whole).toFixed(1).padStart(6)} %`;
const row = (name, mutants) => {
  const killed = mutants.filter(({ status }) => noticed.has(status)).length;
  console.log(
    `${percent(killed, mutants.length)}${String(killed).padStart(6)} of ${String(mutants.length).padEnd(6)}${name}`,
  );
};

let failed = false;
for (const area of wanted) {
  const report = `coverage/mutation/${area}.json`;
  rmSync(report, { force: true });
  spawnSync('npx', ['--no-install', 'stryker', 'run'], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, MUTATION_AREA: area },
  });
  if (!existsSync(report)) {
    failed = true;
    continue;
  }
  const { files } = JSON.parse(readFileSync(report, 'utf8'));
  const inFiles = Object.entries(files).map(([name, { source, mutants }]) => ({
    name,
    lines: source.split('\n'),
    mutants: mutants.filter(({ status }) => counted.has(status)),
  }));
  console.log(`\n${area}`);
  row(
    'all',
    inFiles.flatMap(({ mutants }) => mutants),
  );
  for (const { name, lines, mutants } of inFiles) {
    if (mutants.length === 0) continue;
    row(name, mutants);
    for (const { status, mutatorName, replacement, location } of mutants) {
      if (noticed.has(status)) continue;
      const { start, end } = location;
      const line = lines[start.line - 1] ?? '';
      const was = start.line === end.line ? line.slice(start.column - 1, end.column - 1) : line.trim();
      console.log(
        `          ${start.line}: ${mutatorName}: ${was}  =>  ${String(replacement).split('\n')[0]}`,
      );
    }
  }
}
process.exitCode = failed ? 3 : 0;
