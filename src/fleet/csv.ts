import { SapcertError } from '../errors.js';

export interface CsvRow {
  readonly fields: readonly string[];
  /** The line on which the row begins, 1 for the first. */
  readonly line: number;
}

const separators = [',', ';', '\t'] as const;

/**
 * Reads CSV (RFC 4180). The separator is the one of comma, semicolon and tab that the first line has, because
 * spreadsheets write what their country uses, or the one that a first line `sep=;` names, as Excel has it. Empty
 * lines are left out. Spaces around a field are part of it only within its quotes.
 *
 * @throws SapcertError `file.malformed` for a quoted field that does not end; it quotes nothing
 */
export function readCsv(text: string, file?: string): readonly CsvRow[] {
  const [declaration = '', declared] = /^"?sep=([,;\t])"?(?:\r?\n|\r|$)/i.exec(text) ?? [];
  const firstLine = /^.*/.exec(text)?.[0] ?? '';
  const separator = declared ?? separators.find((candidate) => firstLine.includes(candidate)) ?? ',';
  const plain = separator === '\t' ? String.raw`[^\t\r\n]*` : `[^${separator}\r\n]*`;
  // A field, quoted or not, and what ends it.
  const field = new RegExp(
    String.raw` *(?:"((?:[^"]|"")*)" *|((?!")${plain}))(${separator}|\r?\n|\r|$)`,
    'y',
  );
  field.lastIndex = declaration.length;
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  const first = declaration === '' ? 1 : 2;
  let [line, start] = [first, first];
  while (field.lastIndex < text.length || fields.length > 0) {
    const match = field.exec(text);
    if (match === null) {
      throw new SapcertError('file.malformed', 'a quoted field of the CSV does not end, or text follows it', {
        place: { file, line },
      });
    }
    const [whole, quoted, bare = '', ending] = match;
    fields.push(quoted === undefined ? bare.trimEnd() : quoted.replaceAll('""', '"'));
    line += (whole.match(/\r\n|\n|\r/g) ?? []).length;
    if (ending === separator) continue;
    if (fields.some((value) => value !== '')) rows.push({ fields, line: start });
    [fields, start] = [[], line];
    if (field.lastIndex >= text.length) break;
  }
  return rows;
}
