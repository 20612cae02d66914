// What other tools say on the rows of the laboratory:
//   node test/support/run-ts.mjs test/lab/peers.ts [SUBSTRING OF ROW NAMES]
// Prints one line a row and the totals. A tool names the cause where its output matches the row's expression.
import { hasPeer } from '../support/programs.js';
import { pool } from './pool.js';
import type { FailureRow } from './row.js';
import { failures } from './rows/index.js';
import { openLab, type Lab } from './stand.js';
import { ask, toolNames, type Said, type ToolName } from './tools.js';

interface Verdict {
  readonly said: string;
  readonly exitCode: number | null;
  readonly named: boolean;
}

type Line = readonly [name: string, verdicts: Readonly<Record<ToolName, Verdict>>];

const only = process.argv[2] ?? '';
const verbose = process.env['SAPCERT_LAB_VERBOSE'] !== undefined;

async function main(): Promise<void> {
  const lab = await openLab();
  try {
    const rows = failures.filter(({ name, needs = [] }) => name.includes(only) && needs.every(hasPeer));
    const inTurn = pool(16);
    const lines = await Promise.all(rows.map(async (row) => inTurn(async () => lineOf(lab, row))));
    console.log(`| row | ${toolNames.map((tool) => `${tool} | exit | named`).join(' | ')} |`);
    console.log(`| --- | ${toolNames.map(() => '--- | --- | ---').join(' | ')} |`);
    for (const [name, verdicts] of lines)
      console.log(`| ${name} | ${toolNames.map((tool) => cells(verdicts[tool])).join(' | ')} |`);
    console.log('');
    for (const tool of toolNames) console.log(totals(tool, lines));
  } finally {
    await lab.close();
  }
}

async function lineOf(lab: Lab, row: FailureRow): Promise<Line> {
  const verdicts: Partial<Record<ToolName, Verdict>> = {};
  for (const tool of toolNames) {
    const stand = lab.stand();
    try {
      const said = await ask(tool, row, await row.setup(stand), stand);
      if (verbose) console.error(`--- ${row.name}: ${tool} (${said.exitCode})\n${said.output}`);
      verdicts[tool] = { said: essence(said), exitCode: said.exitCode, named: row.named.test(said.output) };
    } catch (error) {
      verdicts[tool] = { said: `not run: ${String(error)}`, exitCode: null, named: false };
    } finally {
      await stand.close();
    }
  }
  return [row.name, verdicts as Record<ToolName, Verdict>];
}

/** The first line that says what went wrong, else the first line. */
function essence({ output }: Said): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.find((line) => /error|fail|refus|denied|unable|alert|closed|lost|time/i.test(line));
  return (telling ?? lines[0] ?? '(nothing)').replaceAll('|', '/').slice(0, 90);
}

function cells({ said, exitCode, named }: Verdict): string {
  return `${said} | ${exitCode ?? 'hangs'} | ${named ? 'yes' : 'no'}`;
}

function totals(tool: ToolName, lines: readonly Line[]): string {
  const verdicts = lines.map(([, of]) => of[tool]);
  const count = (which: (verdict: Verdict) => boolean): string => {
    const found = verdicts.filter(which).length;
    return `${found} (${Math.round((100 * found) / Math.max(1, verdicts.length))} %)`;
  };
  const parts = [
    `names the cause ${count(({ named }) => named)}`,
    `hangs ${count(({ exitCode }) => exitCode === null)}`,
    `exits 0 ${count(({ exitCode }) => exitCode === 0)}`,
  ];
  return `${tool}: ${lines.length} rows, ${parts.join(', ')}`;
}

await main();
