import { displayWidth, wrap } from '../wire/index.js';
import { type Content, type Markup, markup } from './markup.js';

/** Columns to units: the pictures use a font whose letters are all of one width. */
export const letter = 6.6;
export const lineHeight = 15;

/** Lines that fit into so many units; at most `limit`, the last one cut where more would follow. */
export function linesOf(text: string, width: number, limit = 3): readonly string[] {
  const columns = Math.max(8, Math.floor(width / letter));
  // SAP's names have no spaces; they break best behind their bars.
  const lines = wrap(text.replaceAll('|', '| '), columns).map((line) => line.replaceAll('| ', '|'));
  if (lines.length <= limit) return lines;
  return [...lines.slice(0, limit - 1), `${(lines[limit - 1] ?? '').slice(0, columns - 1)}…`];
}

export function widthOf(text: string): number {
  return displayWidth(text) * letter;
}

export interface TextOptions {
  readonly x: number;
  readonly y: number;
  readonly style?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** Lines below each other, the first with its baseline at `y`. */
export function textLines(
  lines: readonly string[],
  { x, y, style = '', anchor = 'start' }: TextOptions,
): Markup {
  return markup`${lines.map(
    (line, index) =>
      markup`<text class="${style}" x="${x}" y="${y + index * lineHeight}" text-anchor="${anchor}">${line}</text>`,
  )}`;
}

export interface PictureText {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  /** What the picture shows, for those who do not see it. */
  readonly description: string;
}

/** A picture that scales down with the page and reads as one thing with a name and a description. */
export function picture(
  { id, title, description }: PictureText,
  width: number,
  height: number,
  content: Content,
): Markup {
  return markup`<svg role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${width} ${Math.ceil(height)}" width="${width}" height="${Math.ceil(height)}">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${content}
</svg>`;
}
