import { diagnosisEntry } from '../catalogue/index.js';
import type { StageEvidence } from './evidence.js';
import { detailsOf } from './render-details.js';
import { Page, type Style } from './render-page.js';
import { stageLine } from './render-stage.js';
import type { CheckReport, Diagnosis } from './report.js';

export interface RenderOptions {
  /** Columns; 80 by default. */
  readonly width?: number | undefined;
  readonly colour?: boolean | undefined;
}

/**
 * A report as text: the stages with their durations and a line of facts each, the experiments, then the answer
 * first, why it is thought so, and what to do. Pure; ends with a newline.
 */
export function renderReport(
  report: CheckReport,
  { width = 80, colour = false }: RenderOptions = {},
): string {
  const page = new Page(width, colour);
  renderStages(report, page);
  for (const { code, message } of report.warnings)
    page.paragraph(`warning: ${message} (${code})`, 2, 'yellow');
  const [first, ...others] = report.diagnoses;
  page.blank();
  if (first === undefined) renderFine(report, page);
  else renderAnswer(first, others, page);
  return page.toString();
}

/** One stage as it is printed while the check runs. */
export function renderStage(
  evidence: StageEvidence,
  { width = 80, colour = false }: RenderOptions = {},
): string {
  const page = new Page(width, colour);
  stage(evidence, page);
  return page.toString();
}

function renderStages(report: CheckReport, page: Page): void {
  for (const evidence of report.stages) stage(evidence, page);
  if (report.experiments.length === 0) return;
  page.blank();
  for (const { title, summary, ms } of report.experiments)
    page.hanging('  - ', `${title}: ${summary} (${ms} ms)`, 4);
}

const marks = { ok: ['ok', 'green'], failed: ['FAILED', 'red'], skipped: ['-', 'dim'] } as const;

function stage(evidence: StageEvidence, page: Page): void {
  const [mark, style] = marks[evidence.outcome];
  const duration = evidence.outcome === 'skipped' ? '' : `${evidence.ms} ms`;
  const head = `${evidence.stage.padEnd(5)}${page.style(mark.padEnd(7), style)}${duration.padStart(9)}  `;
  page.hanging(head, stageLine(evidence), 23);
}

function renderFine(report: CheckReport, page: Page): void {
  const { interrupted, target, stages } = report;
  if (interrupted) {
    page.paragraph('Interrupted. Up to there nothing was wrong.', 0, 'yellow');
    return;
  }
  const last = stages.findLast(({ outcome }) => outcome === 'ok');
  const what =
    target.until === 'mqtt' || target.until === 'ack'
      ? 'the device can connect'
      : `everything up to ${last?.stage ?? target.until} works`;
  page.paragraph(`No problem found: ${what}.`, 0, 'green');
  const details = detailsOf(report);
  if (details.length === 0) return;
  page.blank();
  const column = Math.max(...details.map(([name]) => name.length)) + 2;
  for (const [name, value] of details) page.field(name, value, column);
}

function renderAnswer(first: Diagnosis, others: readonly Diagnosis[], page: Page): void {
  headline(first, page, 'bold');
  explain(first, page);
  if (others.length > 0) {
    const open = first.certainty !== 'proven' && others.some(({ certainty }) => certainty !== 'proven');
    page.blank();
    page.paragraph(open ? 'It may also be:' : 'Also wrong:', 0, 'bold');
  }
  for (const other of others) {
    page.blank();
    headline(other, page);
    const known = new Set(first.because.map(({ saw }) => saw));
    explain({ ...other, because: other.because.filter(({ saw }) => !known.has(saw)) }, page);
  }
  const operator = [first, ...others].find((diagnosis) => diagnosis.operator !== undefined)?.operator ?? [];
  if (operator.length === 0) return;
  page.blank();
  page.paragraph('For the operator of the broker:', 0, 'bold');
  for (const line of operator) page.hanging('  ', line, 4);
}

function headline({ code, certainty }: Diagnosis, page: Page, style?: Style): void {
  page.paragraph(`${sentence(diagnosisEntry(code).title)} (${code}, ${certainty})`, 0, style);
}

function explain({ because, remedy }: Diagnosis, page: Page): void {
  if (because.length > 0) page.paragraph('Why:', 2);
  for (const { source, saw } of because) {
    page.hanging('    - ', `${source.startsWith('experiment:') ? 'tried' : source}: ${saw}`, 6);
  }
  if (remedy.length > 0) page.paragraph('What to do:', 2);
  for (const step of remedy) {
    // A command stays on one line, so that it can be copied.
    if (step.startsWith('$ ')) page.line(step, 6, 'cyan');
    else page.hanging('    - ', step, 6);
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
