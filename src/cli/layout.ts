import { printable } from './terminal.js';

/** More of a foreign text than this helps nobody; it may be there to flood. */
const longest = 1000;

/** Foreign text for one line of a terminal: what would end the line is made visible as well. */
export function onOneLine(foreign: string): string {
  const shown =
    foreign.length > longest ? `${foreign.slice(0, longest)}... (${foreign.length} characters)` : foreign;
  return printable(shown).replace(/[\n\t\u2028\u2029]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const invisible = /\p{M}|[\u200b-\u200d\u2060\ufeff]/u;

/** Columns that a text takes: East Asian letters take two, combining marks none (Unicode Standard Annex 11). */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += invisible.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

export function padStart(text: string, columns: number): string {
  return ' '.repeat(Math.max(0, columns - columnsOf(text))) + text;
}

/** At most so many columns; three dots stand for what was cut off. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  for (const character of text) {
    if (columnsOf(kept + character) > columns - 3) break;
    kept += character;
  }
  return `${kept}...`;
}

/** Breaks a text into lines of at most so many columns: at spaces, else behind `,;|/&`, else anywhere. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (columnsOf(rest) > columns) {
    const end = breakAt(rest, columns);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

/** Puts parts on lines of at most so many columns, as many on each as fit; a part that is longer stays whole. */
export function fill(parts: readonly string[], columns: number, indent: string): string[] {
  const [first = '', ...more] = parts;
  const lines = [first];
  for (const part of more) {
    const longer = `${lines.at(-1) ?? ''} ${part}`;
    if (columnsOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(indent + part);
  }
  return lines;
}

function breakAt(text: string, columns: number): number {
  let [used, end, space, mark] = [0, 0, 0, 0];
  for (const character of text) {
    used += columnsOf(character);
    if (character === ' ') space = end;
    if (used > columns) break;
    end += character.length;
    if (/[,;|/&]/.test(character)) mark = end;
  }
  if (space > 0) return space;
  return mark > 0 ? mark : Math.max(end, 1);
}

/** Enough for the longest label, `certificate 999`, and a space. */
const labelColumns = 16;

/** A label and its value, the value wrapped beside it. */
export function field(label: string, value: string, width: number): string[] {
  const indent = 2 + labelColumns;
  return wrap(value, Math.max(20, width - indent)).map((line, index) =>
    index === 0 ? `  ${padEnd(label, labelColumns)}${line}` : `${' '.repeat(indent)}${line}`,
  );
}
