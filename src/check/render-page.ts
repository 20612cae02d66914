import { stripVTControlCharacters, styleText } from 'node:util';
import { printable } from './printable.js';

export type Style = Parameters<typeof styleText>[0];

/** Lines of limited width. All text passes here, so here it is made fit for a terminal. */
export class Page {
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

  /** `name: value` in two columns. */
  field(name: string, value: string, column: number): void {
    this.hanging(`  ${name.padEnd(column)}`, value, column + 2);
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
