import { count } from '../count.js';
import { nameOf } from '../bundle/inspect/index.js';
import { columnsOf, cut, onOneLine, padEnd, padStart } from './layout.js';
import { type InspectReport, type Page, keyWords } from './render-inspect-page.js';

/** What the overview keeps of one input. */
export interface OverviewRow {
  readonly input: string;
  readonly notAfter: string | undefined;
  readonly daysLeft: number | undefined;
  readonly device: string;
  readonly key: string;
  /** Faults that the row does not show by itself. */
  readonly problems: readonly string[];
  readonly warnings: number;
}

export function overviewRow(report: InspectReport): OverviewRow {
  const { input, expiry, certificates, leaf, keys, problems, warnings } = report;
  const own = certificates.find(({ number }) => number === (leaf ?? expiry?.certificate));
  const first = certificates.find(({ number }) => number === expiry?.certificate);
  const device = own === undefined ? '-' : nameOf(own);
  const [key] = keys;
  return {
    input,
    notAfter: expiry?.notAfter,
    daysLeft: expiry?.daysLeft,
    device: first === undefined || first === own ? device : `${device} (by ${nameOf(first)})`,
    key: own === undefined ? keyWords(key?.type ?? '-', key?.size) : keyWords(own.key.type, own.key.size),
    problems: problems.map(({ message }) => message),
    warnings: warnings.length,
  };
}

const headings = ['days left', 'valid until', 'device', 'key', 'file'] as const;
const longestDevice = 32;

/** A line an input, the one that ends first on top; what has no end comes last, in the order of the inputs. */
export function renderOverview(rows: readonly OverviewRow[], { paint }: Page): string {
  const sorted = rows.toSorted((a, b) => endOf(a) - endOf(b));
  const table = sorted.map((row) => ({
    row,
    cells: [
      row.daysLeft === undefined ? '-' : String(row.daysLeft),
      row.notAfter?.slice(0, 10) ?? '-',
      cut(onOneLine(row.device), longestDevice),
      row.key,
      onOneLine(row.input),
    ],
  }));
  const widths = headings.map((heading, column) =>
    Math.max(columnsOf(heading), ...table.map(({ cells }) => columnsOf(cells[column] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? padStart : padEnd)(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const body = table.map(({ row, cells }) => colour(row, line(cells), paint));
  return `${[paint('bold', line(headings)), ...body].join('\n')}\n`;
}

function endOf({ notAfter }: OverviewRow): number {
  return notAfter === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(notAfter);
}

function colour({ daysLeft, problems }: OverviewRow, line: string, paint: Page['paint']): string {
  if (problems.length > 0 || (daysLeft ?? 0) < 0) return paint('red', line);
  return daysLeft !== undefined && daysLeft < 30 ? paint('yellow', line) : line;
}

/** What is wrong, a line each, then the numbers. */
export function renderOverviewEnd(rows: readonly OverviewRow[], unreadable: number, { paint }: Page): string {
  const lines = rows.flatMap(({ input, problems }) =>
    problems.map((problem) => `${onOneLine(input)}: ${onOneLine(problem)}`),
  );
  const faulty = rows.filter(({ problems }) => problems.length > 0).length;
  const warned = rows.filter(({ warnings }) => warnings > 0).length;
  const parts = [
    count(rows.length + unreadable, 'input'),
    faulty === 0 ? '' : `${faulty} with problems`,
    warned === 0 ? '' : `${warned} with warnings (--details shows them)`,
    unreadable === 0 ? '' : `${unreadable} could not be read`,
  ].filter((part) => part !== '');
  return [...lines.map((line) => paint('red', line)), parts.join(', ')].map((line) => `${line}\n`).join('');
}
