import type { Box, Link } from './chain-model.js';
import { type Markup, markup } from './markup.js';
import { lineHeight, linesOf, picture, textLines } from './svg.js';

const width = 820;
const box = { x: 8, width: 470, padding: 12 };
const notesAt = box.x + box.width + 24;
const linkHeight = 44;

/**
 * Certificates below each other, the authority at the top, each tied to the one it issued; where the chain
 * breaks, the tie is torn.
 *
 * @param id unique in the page
 */
export function chainPicture(id: string, title: string, boxes: readonly Box[]): Markup {
  const drawings: Markup[] = [];
  let y = 6;
  for (const entry of boxes) {
    const { height, drawing } = drawBox(entry, y);
    drawings.push(drawing);
    y += height;
    if (entry.link === undefined) continue;
    drawings.push(drawLink(entry.link, y));
    y += linkHeight;
  }
  return picture({ id, title, description: describe(boxes) }, width, y + 6, drawings);
}

function drawBox({ kind, title, lines, notes }: Box, y: number): { height: number; drawing: Markup } {
  const inner = box.width - 2 * box.padding;
  const titles = linesOf(title, inner, 3);
  const texts = lines.flatMap((line) => linesOf(line, inner, 2));
  const beside = notes.map(({ tone, text }) => ({
    tone,
    lines: linesOf(mark(tone) + text, width - notesAt, 3),
  }));
  const besideLines = beside.reduce((sum, note) => sum + note.lines.length, 0);
  const height =
    Math.max((titles.length + texts.length) * lineHeight, besideLines * lineHeight) + 2 * box.padding;
  const top = y + box.padding + 11;
  let noteY = top;
  const drawnNotes = beside.map((note) => {
    const drawn = textLines(note.lines, { x: notesAt, y: noteY, style: `note ${note.tone}` });
    noteY += note.lines.length * lineHeight;
    return drawn;
  });
  const x = box.x + box.padding;
  const drawing = markup`<g class="box ${kind}"><rect x="${box.x}" y="${y}" width="${box.width}" height="${height}" rx="6"/>
${textLines(titles, { x, y: top, style: 'strong' })}${textLines(texts, { x, y: top + titles.length * lineHeight, style: 'detail' })}${drawnNotes}</g>
`;
  return { height, drawing };
}

function drawLink({ tone, text }: Link, y: number): Markup {
  const x = box.x + 40;
  const [begin, end, middle] = [y, y + linkHeight, y + linkHeight / 2];
  const line =
    tone === 'bad'
      ? markup`<path class="line" d="M${x} ${begin} V${middle - 8} M${x} ${middle + 8} V${end}"/><path class="line" d="M${x - 6} ${middle - 6} l12 12 m0 -12 l-12 12"/>`
      : markup`<path class="line" d="M${x} ${begin} V${end - 7}"/><path class="tip" d="M${x} ${end} l-5 -9 h10 z"/>`;
  return markup`<g class="link ${tone}">${line}<text class="detail" x="${x + 18}" y="${middle + 4}">${text}</text></g>
`;
}

function mark(tone: 'good' | 'bad' | 'plain'): string {
  return tone === 'bad' ? '✗ ' : tone === 'good' ? '✓ ' : '';
}

function describe(boxes: readonly Box[]): string {
  const sentences = boxes.map(({ kind, title, lines, notes, link }) => {
    const about = [...lines.map((line) => line.replace(/^• /, '')), ...notes.map(({ text }) => text)].join(
      '; ',
    );
    const tie = link === undefined ? '' : ` Below it: ${link.text}.`;
    const what = kind === 'missing' ? 'Missing: ' : '';
    return `${what}${title}${about === '' ? '' : `: ${about}`}.${tie}`;
  });
  return `From top to bottom. ${sentences.join(' ')}`;
}
