import type { Line } from './text.js';
import type { WarningCode } from './types.js';

export interface Repair {
  readonly code: WarningCode;
  readonly message: string;
  readonly line: number;
}

export type DecodedBase64 =
  | { readonly kind: 'decoded'; readonly bytes: Uint8Array; readonly repairs: readonly Repair[] }
  | { readonly kind: 'defect'; readonly message: string; readonly line: number | undefined };

const alphabet = /^[A-Za-z0-9+/]*={0,2}$/;
const foreign = /[^A-Za-z0-9+/=\s]/u;

/**
 * Decodes the base64 of one PEM body (RFC 4648 section 4, RFC 7468 section 3). Node's own decoder skips what
 * it does not know; here a foreign character, wrong padding and stray bits are defects with their line.
 * White space is mended, with a note for each kind.
 */
export function decodeBase64(lines: readonly Line[]): DecodedBase64 {
  const repairs = layoutRepairs(lines);
  const text = lines
    .map((line) => line.text)
    .join('')
    .replace(/\s+/g, '');
  if (text === '') return { kind: 'defect', message: 'the block is empty', line: lines[0]?.number };
  if (!alphabet.test(text)) return firstDefect(lines);
  if (text.length % 4 !== 0) {
    const message = text.includes('=')
      ? 'the base64 padding is wrong'
      : `the base64 is cut or lacks its padding: ${text.length} characters, not a multiple of 4`;
    return { kind: 'defect', message, line: lastTextLine(lines) };
  }
  const bytes = Buffer.from(text, 'base64');
  if (text.endsWith('=') && !sameTail(text, bytes)) {
    return {
      kind: 'defect',
      message: 'the base64 padding is wrong: its unused bits are not zero',
      line: lastTextLine(lines),
    };
  }
  return { kind: 'decoded', bytes, repairs };
}

/** RFC 4648 section 3.5: the bits that padding leaves unused are zero. */
function sameTail(text: string, bytes: Buffer): boolean {
  const tail = bytes.subarray(bytes.length - (bytes.length % 3 === 0 ? 3 : bytes.length % 3));
  return tail.toString('base64') === text.slice(-4);
}

function firstDefect(lines: readonly Line[]): DecodedBase64 {
  for (const { text, number } of lines) {
    const match = foreign.exec(text);
    if (match !== null) {
      const shown = nameOf(match[0]);
      return { kind: 'defect', message: `not base64: ${shown} in column ${match.index + 1}`, line: number };
    }
  }
  const padded = lines.find((line) => line.text.includes('='));
  return { kind: 'defect', message: 'the base64 padding is wrong: text follows it', line: padded?.number };
}

/** What a terminal would not show is named by its number. */
function nameOf(character: string): string {
  if (/^[\x21-\x7e]$/.test(character)) return JSON.stringify(character);
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function lastTextLine(lines: readonly Line[]): number | undefined {
  return lines.findLast((line) => line.text.trim() !== '')?.number;
}

// RFC 7468 section 2 wants 64 columns; RFC 1421 and MIME parsers stop at 76.
const longestLine = 76;

function layoutRepairs(lines: readonly Line[]): Repair[] {
  const kinds: readonly [WarningCode, string, (text: string) => boolean][] = [
    ['repaired.indentation', 'lines are indented', (text) => /^[ \t]+\S/.test(text)],
    ['repaired.trailing-spaces', 'lines end in spaces', (text) => /\S[ \t]+$/.test(text)],
    ['repaired.blank-lines', 'blank lines stand inside the base64', (text) => text.trim() === ''],
    [
      'repaired.long-lines',
      'the base64 is not broken into lines',
      (text) => text.trim().length > longestLine,
    ],
  ];
  return kinds.flatMap(([code, message, matches]) => {
    const line = lines.find(({ text }) => matches(text));
    return line === undefined ? [] : [{ code, message, line: line.number }];
  });
}
