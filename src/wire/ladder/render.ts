import type { LadderRow } from './rows.js';
import { displayWidth, padEnd, truncate, wrap } from './text.js';

export interface LadderTextOptions {
  /** No character beyond ASCII is drawn; what peers sent as text stays as it is. */
  readonly ascii?: boolean | undefined;
  /** What stands above the two lines. */
  readonly client?: string | undefined;
  readonly server?: string | undefined;
}

interface Glyphs {
  readonly rail: string;
  readonly plain: string;
  readonly encrypted: string;
  readonly right: string;
  readonly left: string;
  readonly bad: string;
  readonly ellipsis: string;
}

const unicode: Glyphs = {
  rail: '│',
  plain: '─',
  encrypted: '═',
  right: '▶',
  left: '◀',
  bad: '✗ ',
  ellipsis: '…',
};
const ascii: Glyphs = {
  rail: '|',
  plain: '-',
  encrypted: '=',
  right: '>',
  left: '<',
  bad: '! ',
  ellipsis: '...',
};

/** Milliseconds with one decimal, up to a day. */
const TIME_WIDTH = 10;

/** Narrower than this nothing can be read. */
const MIN_WIDTH = 48;

/**
 * The ladder as plain text: the times, then two lines for client and server and the arrows between them. No line
 * is wider than `width` columns (48 at least). Ends without a line feed.
 */
export function renderLadder(
  rows: readonly LadderRow[],
  width = 80,
  options: LadderTextOptions = {},
): string {
  const glyphs = options.ascii === true ? ascii : unicode;
  const inner = Math.max(width, MIN_WIDTH) - TIME_WIDTH - 3;
  const body = rows.flatMap((row) => [firstLine(row, inner, glyphs), ...detailLines(row, inner, glyphs)]);
  return [...header(inner, glyphs, options), ...body, ...legend(rows, glyphs)].join('\n');
}

function header(
  inner: number,
  { ellipsis }: Glyphs,
  { client = 'client', server = 'server' }: LadderTextOptions,
) {
  const half = Math.floor(inner / 2);
  const right = truncate(server, half, ellipsis);
  const left = padEnd(truncate(client, half, ellipsis), inner + 2 - displayWidth(right));
  return [`${'ms'.padStart(TIME_WIDTH)} ${left}${right}`];
}

function firstLine(row: LadderRow, inner: number, glyphs: Glyphs): string {
  const time = row.at.toFixed(1).padStart(TIME_WIDTH);
  return `${time} ${glyphs.rail}${drawing(row, inner, glyphs)}${glyphs.rail}`;
}

function drawing(row: LadderRow, inner: number, glyphs: Glyphs): string {
  const line = row.encrypted ? glyphs.encrypted : glyphs.plain;
  const mark = row.tone === 'bad' ? glyphs.bad : '';
  // Two strokes, the title between spaces, one stroke and the tip of the arrow.
  const title = truncate(mark + row.title, inner - 6, glyphs.ellipsis);
  const rest = inner - displayWidth(title) - 4;
  switch (row.arrow) {
    case 'right':
      return `${line.repeat(2)} ${title} ${line.repeat(rest - 1)}${glyphs.right}`;
    case 'left':
      return `${glyphs.left}${line.repeat(rest - 1)} ${title} ${line.repeat(2)}`;
    case 'none':
      break;
  }
  return padEnd(`   ${title}`, inner);
}

function detailLines(row: LadderRow, inner: number, { rail }: Glyphs): string[] {
  const texts = row.details.flatMap((detail) =>
    wrap(detail, inner - 8).map((line, index) => (index === 0 ? line : `  ${line}`)),
  );
  return texts.map((text) => `${' '.repeat(TIME_WIDTH)} ${rail}${padEnd(`     ${text}`, inner)}${rail}`);
}

function legend(rows: readonly LadderRow[], { encrypted }: Glyphs): string[] {
  const needed = rows.some((row) => row.encrypted && row.arrow !== 'none');
  return needed ? [`${' '.repeat(TIME_WIDTH)} ${encrypted.repeat(2)} encrypted`] : [];
}
