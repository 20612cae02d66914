import { stripVTControlCharacters, styleText } from 'node:util';
import { diagnosisEntry } from '../catalogue/index.js';
import type { StageEvidence } from './evidence.js';
import { printable } from './printable.js';
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
    page.paragraph(`- ${title}: ${summary} (${ms} ms)`, 2);
}

const marks = { ok: ['ok', 'green'], failed: ['FAILED', 'red'], skipped: ['-', 'dim'] } as const;

function stage(evidence: StageEvidence, page: Page): void {
  const [mark, style] = marks[evidence.outcome];
  const duration = evidence.outcome === 'skipped' ? '' : `${evidence.ms} ms`;
  const head = `${evidence.stage.padEnd(5)}${page.style(mark.padEnd(7), style)}${duration.padStart(9)}  `;
  page.hanging(head, stageLine(evidence), 23);
}

function renderFine({ interrupted, target, stages }: CheckReport, page: Page): void {
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
}

function renderAnswer(first: Diagnosis, others: readonly Diagnosis[], page: Page): void {
  const open = first.certainty !== 'proven' && others.some(({ certainty }) => certainty !== 'proven');
  page.paragraph(
    `${sentence(diagnosisEntry(first.code).title)} (${first.code}, ${first.certainty})`,
    0,
    'bold',
  );
  explain(first, page);
  if (others.length === 0) return;
  page.blank();
  page.paragraph(open ? 'It may also be one of these:' : 'Also wrong:', 0, 'bold');
  for (const other of others) {
    page.blank();
    page.paragraph(`${sentence(diagnosisEntry(other.code).title)} (${other.code}, ${other.certainty})`, 0);
    const known = new Set(first.because.map(({ saw }) => saw));
    explain({ ...other, because: other.because.filter(({ saw }) => !known.has(saw)), operator: [] }, page);
  }
}

function explain({ because, remedy, operator = [] }: Diagnosis, page: Page): void {
  if (because.length > 0) page.paragraph('Why:', 2);
  for (const { source, saw } of because)
    page.hanging('    - ', `${source.startsWith('experiment:') ? 'tried' : source}: ${saw}`, 6);
  if (remedy.length > 0) page.paragraph('What to do:', 2);
  for (const step of remedy) {
    // A command stays on one line, so that it can be copied.
    if (step.startsWith('$ ')) page.line(step, 6, 'cyan');
    else page.hanging('    - ', step, 6);
  }
  if (operator.length > 0) page.paragraph('For the operator of the broker:', 2);
  for (const line of operator) page.hanging('      ', line, 8);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

type Style = Parameters<typeof styleText>[0];

/** Lines of limited width. All text passes here, so here it is made fit for a terminal. */
class Page {
  readonly #lines: string[] = [];

  constructor(
    private readonly width: number,
    private readonly colour: boolean,
  ) {}

  style(text: string, style: Style): string {
    return this.colour ? styleText(style, text) : text;
  }

  blank(): void {
    this.#lines.push('');
  }

  /** One line, however long. */
  line(text: string, indent: number, style: Style): void {
    this.#lines.push(' '.repeat(indent) + this.style(shown(text), style));
  }

  paragraph(text: string, indent: number, style?: Style): void {
    const space = ' '.repeat(indent);
    for (const line of wrap(shown(text), this.width - indent - 2)) {
      this.#lines.push(space + (style === undefined ? line : this.style(line, style)));
    }
  }

  /** The first line after `head`, further ones indented. */
  hanging(head: string, text: string, indent: number): void {
    const [first = '', ...rest] = wrap(
      shown(text),
      this.width - Math.max(indent, stripVTControlCharacters(head).length),
    );
    this.#lines.push((head + first).trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line));
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

function shown(text: string): string {
  return printable(text, Number.POSITIVE_INFINITY);
}

/** Breaks at spaces; a word that is longer than a line is broken. */
function wrap(text: string, width: number): readonly string[] {
  const limit = Math.max(20, width);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((part) => pieces(part, limit))) {
    if (line !== '' && line.length + 1 + word.length > limit) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function pieces(word: string, limit: number): readonly string[] {
  return word.length <= limit ? [word] : (word.match(new RegExp(`.{1,${limit}}`, 'gu')) ?? []);
}
