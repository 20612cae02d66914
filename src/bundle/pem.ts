import type { Defect } from '../errors.js';
import { decodeBase64 } from './base64.js';
import { splitHeaders } from './headers.js';
import { type Line, decodeText } from './text.js';
import type { PemBlock, Warning, WarningCode } from './types.js';

export interface PemText {
  readonly blocks: readonly PemBlock[];
  /** What is truly broken: a block with a defect is not among `blocks`. */
  readonly defects: readonly Defect[];
  readonly warnings: readonly Warning[];
}

/**
 * Reads every PEM block of a text (RFC 7468; RFC 1421 headers). Strict about what a block is: a truncated or
 * mismatched block is a defect with its place, never dropped. What people's tools do to PEM text on the way
 * and what leaves its meaning whole is mended, with a warning.
 *
 * @param input text, or its bytes in UTF-8, Latin-1 or UTF-16
 * @param file the name of the input for places
 */
export function readPem(input: string | Uint8Array, file?: string): PemText {
  const { lines, warnings } = decodeText(input, file);
  const reader = new PemReader(file, [...warnings]);
  for (const line of lines) for (const token of tokensOf(line)) reader.take(token);
  return reader.finish(lines.at(-1)?.number ?? 1);
}

/** On which side of a boundary a text stands, if there is one on its line. */
type Side = 'none' | 'before' | 'after';

/** What a line holds: a boundary, or text on either side of one. */
type Token =
  | { readonly kind: 'begin' | 'end'; readonly label: string; readonly line: number; readonly glued: boolean }
  | { readonly kind: 'text'; readonly text: string; readonly line: number; readonly side: Side }
  | { readonly kind: 'broken-boundary'; readonly text: string; readonly line: number };

// RFC 7468 section 3: a label is printable characters with single hyphens or spaces between them. The longest that
// is in use has 5 words and 29 characters; without bounds a hostile line overflows the stack of the engine.
const boundary = /-----(BEGIN|END) ([\x21-\x2c\x2e-\x7e]{1,64}(?:[- ][\x21-\x2c\x2e-\x7e]{1,64}){0,9})-----/g;
const almostBoundary = /^\s*-{2,}\s*(?:BEGIN|END)\b/i;

function* tokensOf({ text, number: line }: Line): Generator<Token> {
  if (!text.includes('--')) {
    yield { kind: 'text', text, line, side: 'none' };
    return;
  }
  let end = 0;
  for (const match of text.matchAll(boundary)) {
    const before = text.slice(end, match.index);
    if (before !== '') yield { kind: 'text', text: before, line, side: 'before' };
    const kind = match[1] === 'BEGIN' ? 'begin' : 'end';
    yield { kind, label: match[2] ?? '', line, glued: end > 0 || before.trim() !== '' };
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  if (end === 0 && almostBoundary.test(text)) yield { kind: 'broken-boundary', text, line };
  else if (end === 0 || rest !== '')
    yield { kind: 'text', text: rest, line, side: end === 0 ? 'none' : 'after' };
}

interface OpenBlock {
  readonly label: string;
  readonly line: number;
  readonly block: number;
  readonly body: Line[];
}

class PemReader {
  readonly #file: string | undefined;
  readonly #warnings: Warning[];
  readonly #blocks: PemBlock[] = [];
  readonly #defects: Defect[] = [];
  #open: OpenBlock | undefined;
  #count = 0;

  constructor(file: string | undefined, warnings: Warning[]) {
    this.#file = file;
    this.#warnings = warnings;
  }

  take(token: Token): void {
    switch (token.kind) {
      case 'begin':
        return this.#begin(token.label, token.line, token.glued);
      case 'end':
        return this.#end(token.label, token.line);
      case 'text':
        return this.#text(token.text, token.line, token.side);
      case 'broken-boundary':
        return this.#broken(token.text, token.line);
    }
  }

  finish(lastLine: number): PemText {
    if (this.#open !== undefined) this.#unended(this.#open, `the input ends at line ${lastLine}`);
    return { blocks: this.#blocks, defects: this.#defects, warnings: this.#warnings };
  }

  #begin(label: string, line: number, glued: boolean): void {
    if (this.#open !== undefined) this.#unended(this.#open, `another block begins at line ${line}`);
    if (glued)
      this.#mended(
        'repaired.glued-boundary',
        `-----BEGIN ${label}----- does not stand at the start of its line`,
        line,
      );
    this.#open = { label, line, block: ++this.#count, body: [] };
  }

  #end(label: string, line: number): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) {
      return this.#defect('file.malformed', `-----END ${label}----- without its -----BEGIN ${label}-----`, {
        line,
      });
    }
    if (open.label !== label) {
      const message = `the block begins as ${open.label} and ends as ${label}`;
      return this.#defect('file.malformed', message, { block: open.block, line });
    }
    this.#decode(open, line);
  }

  #text(text: string, line: number, side: Side): void {
    if (side !== 'none' && text.trim() === '') {
      if (side === 'before') this.#mended('repaired.indentation', 'lines are indented', line);
      else this.#mended('repaired.trailing-spaces', 'lines end in spaces', line);
    } else if (this.#open !== undefined) {
      this.#open.body.push({ text, number: line });
    } else if (text.trim() !== '') {
      this.#mended('skipped.explanatory-text', 'explanatory text outside the blocks is left out', line);
    }
  }

  #broken(text: string, line: number): void {
    const shown = text.trim().slice(0, 40);
    this.#defect(
      'file.malformed',
      `not a boundary of RFC 7468, though it looks like one: ${JSON.stringify(shown)}`,
      {
        ...(this.#open === undefined ? {} : { block: this.#open.block }),
        line,
      },
    );
    this.#open = undefined;
  }

  #unended(open: OpenBlock, why: string): void {
    const message = `the block has no -----END ${open.label}-----: ${why}`;
    this.#defect('file.truncated', message, { block: open.block, line: open.line });
    this.#open = undefined;
  }

  #decode(open: OpenBlock, lastLine: number): void {
    const { headers, body } = splitHeaders(open.body);
    const decoded = decodeBase64(body);
    if (decoded.kind === 'defect') {
      return this.#defect('file.malformed', decoded.message, {
        block: open.block,
        line: decoded.line ?? open.line,
      });
    }
    for (const { code, message, line } of decoded.repairs) this.#mended(code, message, line);
    const place = { file: this.#file, block: open.block, line: open.line, lastLine };
    this.#blocks.push({ label: open.label, headers, der: decoded.bytes, place });
  }

  #defect(code: Defect['code'], message: string, where: { block?: number; line: number }): void {
    this.#defects.push({ code, message, place: { file: this.#file, ...where } });
  }

  /** One warning a kind of repair, with the place where it was needed first. */
  #mended(code: WarningCode, message: string, line: number): void {
    if (this.#warnings.some((warning) => warning.code === code)) return;
    this.#warnings.push({ code, message, place: { file: this.#file, line } });
  }
}
