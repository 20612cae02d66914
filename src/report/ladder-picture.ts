import type { LadderRow } from '../wire/index.js';
import { type Markup, markup } from './markup.js';
import { lineHeight, linesOf, picture, textLines } from './svg.js';

const width = 820;
const left = 96;
const right = width - 24;
const middle = (left + right) / 2;
/** Details stand between the two lines. */
const room = right - left - 40;

/**
 * The messages of a connection between two lines, client and server, from top to bottom.
 *
 * @param id unique in the page
 */
export function ladderPicture(id: string, title: string, rows: readonly LadderRow[]): Markup {
  const steps: Markup[] = [];
  let y = 40;
  for (const row of rows) {
    const { height, drawing } = step(row, y);
    steps.push(drawing);
    y += height;
  }
  const description = `${rows.length} steps from top to bottom, the device on the left and the server on the right. The table below says the same in words.`;
  return picture({ id, title, description }, width, y + 8, [rails(y), ...steps]);
}

function rails(bottom: number): Markup {
  return markup`<g><text class="strong" x="${left}" y="16" text-anchor="middle">device</text>
<text class="strong" x="${right}" y="16" text-anchor="end">server</text>
<text class="quiet" x="0" y="16">ms</text>
<line class="rail" x1="${left}" y1="24" x2="${left}" y2="${bottom}"/>
<line class="rail" x1="${right}" y1="24" x2="${right}" y2="${bottom}"/></g>
`;
}

function step(row: LadderRow, y: number): { height: number; drawing: Markup } {
  const mark = row.tone === 'bad' ? '✗ ' : row.tone === 'good' ? '✓ ' : '';
  const title = `${mark}${row.title}`;
  const details = row.details.flatMap((detail) => linesOf(detail, room, 4));
  const at = y + lineHeight + 6;
  const baseline = row.arrow === 'none' ? y + lineHeight : at;
  const drawing = markup`<g class="step ${row.tone}">
<text class="quiet" x="0" y="${y + lineHeight}">${row.at.toFixed(1)}</text>
<text class="strong" x="${middle}" y="${y + lineHeight}" text-anchor="middle">${linesOf(title, room, 1)[0]}</text>
${row.arrow === 'none' ? undefined : arrow(row, at)}${textLines(details, { x: middle, y: baseline + lineHeight, style: 'detail', anchor: 'middle' })}
</g>
`;
  return { height: baseline - y + details.length * lineHeight + 12, drawing };
}

/** Encrypted messages go on a double line. */
function arrow({ arrow: direction, encrypted }: LadderRow, y: number): Markup {
  const [from, to] = direction === 'right' ? [left + 2, right - 2] : [right - 2, left + 2];
  const back = direction === 'right' ? -1 : 1;
  const shafts = encrypted ? [y - 1.5, y + 1.5] : [y];
  return markup`${shafts.map((at) => markup`<line class="arrow" x1="${from}" y1="${at}" x2="${to + back * 6}" y2="${at}"/>`)}<path class="tip" d="M${to} ${y} l${back * 10} -5 v10 z"/>
`;
}

/** The same for those who do not see the picture, and to copy from. */
export function ladderTable(caption: string, rows: readonly LadderRow[]): Markup {
  return markup`<table><caption>${caption}</caption>
<thead><tr><th scope="col">ms</th><th scope="col">from</th><th scope="col">message</th></tr></thead>
<tbody>${rows.map(
    (
      row,
    ) => markup`<tr><td class="number">${row.at.toFixed(1)}</td><td>${from(row)}</td><td>${row.title}${row.encrypted ? ' (encrypted)' : ''}${row.details.map(
      (detail) => markup`<br><small>${detail}</small>`,
    )}</td></tr>
`,
  )}</tbody></table>`;
}

function from({ arrow: direction }: LadderRow): string {
  return direction === 'none' ? '' : direction === 'right' ? 'device' : 'server';
}
