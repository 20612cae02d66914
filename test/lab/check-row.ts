import { setTimeout as sleep } from 'node:timers/promises';
import { checkConnection, renderReport, type CheckReport } from '../../src/check/index.js';
import { deadline, judgeFailure, judgeHealthy, type Outcome } from './judge.js';
import { record } from './record.js';
import type { FailureRow, HealthyRow, Setup } from './row.js';
import type { Lab } from './stand.js';

export type Row = FailureRow | HealthyRow;

/** Builds a row's servers, checks the connection, and says what is wrong with the report; empty where nothing is. */
export async function runRow(lab: Lab, row: Row): Promise<string> {
  const stand = lab.stand();
  try {
    const setup = await row.setup(stand);
    const outcome = await check(setup);
    if (outcome === 'hangs') return `hangs: no report within ${deadline(setup) + 5000} ms`;
    const problems = 'expect' in row ? judgeFailure(row, setup, outcome) : judgeHealthy(row, setup, outcome);
    const expected = 'expect' in row ? row.expect.codes : [];
    if (problems.length === 0) record({ row: row.name, expected, report: outcome.report });
    return problems.length === 0 ? '' : `${problems.join('\n')}\n\n${printed(outcome.report)}`;
  } finally {
    await stand.close();
  }
}

async function check(setup: Setup): Promise<Outcome | 'hangs'> {
  const start = performance.now();
  const controller = new AbortController();
  const running = checkConnection({ timeout: 4000, ...setup });
  const late = sleep(deadline({ timeout: 4000, ...setup }) + 5000, 'hangs' as const, {
    signal: controller.signal,
  });
  const ended = await Promise.race([running, late.catch(() => 'hangs' as const)]);
  controller.abort();
  return ended === 'hangs' ? ended : { report: ended, ms: Math.round(performance.now() - start) };
}

/** The whole report for the one who must find out why a row fails. */
function printed(report: CheckReport): string {
  const codes = report.diagnoses.map(({ code, certainty }) => `${code} (${certainty})`).join(', ');
  return `diagnoses: ${codes || 'none'}\n${renderReport(report, { width: 110, colour: false })}`;
}
