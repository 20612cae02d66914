import type { Warning, WarningCode } from './types.js';

/** A line of an input, with its number in the input as it was given (1 for the first). */
export interface Line {
  readonly text: string;
  readonly number: number;
}

export interface DecodedText {
  readonly lines: readonly Line[];
  readonly warnings: readonly Warning[];
}

/**
 * Decodes an input that holds text and mends what editors, shells and JSON do to PEM files on their way:
 * byte order marks, UTF-16, carriage returns, and newlines that were written as the two characters `\n`.
 * Each repair is one warning.
 *
 * @param file the name of the input for the places of warnings
 */
export function decodeText(input: string | Uint8Array, file?: string): DecodedText {
  const { text, warnings } = decode(input);
  const repairs: Warning[] = [];
  const lines = splitLines(text, (code, message) => void repairs.push({ code, message }));
  return { lines, warnings: [...warnings, ...repairs].map((warning) => ({ ...warning, place: { file } })) };
}

/** The characters of an input alone, without a byte order mark. */
export function decode(input: string | Uint8Array): { text: string; warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const repaired = (code: WarningCode, message: string): void => void warnings.push({ code, message });
  const text = typeof input === 'string' ? input : decodeBytes(input, repaired);
  if (text.charCodeAt(0) !== 0xfeff) return { text, warnings };
  repaired('repaired.byte-order-mark', 'a byte order mark stands before the text');
  return { text: text.slice(1), warnings };
}

type Repaired = (code: WarningCode, message: string) => void;

function decodeBytes(bytes: Uint8Array, repaired: Repaired): string {
  const utf16 = utf16Order(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (utf16 === undefined) return buffer.toString('utf8');
  repaired('repaired.utf-16', `the text is UTF-16 ${utf16 === 'LE' ? 'little' : 'big'} endian`);
  const even = buffer.subarray(0, buffer.length - (buffer.length % 2));
  const text = utf16 === 'LE' ? even.toString('utf16le') : Buffer.from(even).swap16().toString('utf16le');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** UTF-16 is told by its byte order mark, or by the zero bytes that it puts between ASCII letters. */
function utf16Order(bytes: Uint8Array): 'LE' | 'BE' | undefined {
  const [first = -1, second = -1] = bytes;
  if (first === 0xff && second === 0xfe) return 'LE';
  if (first === 0xfe && second === 0xff) return 'BE';
  const zeros = { even: 0, odd: 0 };
  const sample = Math.min(bytes.length, 128);
  for (let i = 0; i < sample; i++) if (bytes[i] === 0) zeros[i % 2 === 0 ? 'even' : 'odd']++;
  if (sample < 16) return undefined;
  if (zeros.even === 0 && zeros.odd > sample / 3) return 'LE';
  if (zeros.odd === 0 && zeros.even > sample / 3) return 'BE';
  return undefined;
}

const literalNewline = /(?:\\+r)?\\+n|\\+r/g;
const boundaryBesideLiteral = /-----(?:\\+[rn])|(?:\\+[rn])-----/;

function splitLines(text: string, repaired: Repaired): Line[] {
  let unfolded = text;
  if (/\r(?!\n)/.test(text)) {
    unfolded = text.replace(/\r(?!\n)/g, '\n');
    repaired('repaired.carriage-returns', 'lines end in a lone carriage return');
  }
  const literal = boundaryBesideLiteral.test(unfolded);
  if (literal) {
    repaired('repaired.literal-newlines', String.raw`newlines are written as the two characters \n`);
  }
  return unfolded.split('\n').flatMap((raw, index) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const number = index + 1;
    return literal
      ? line.split(literalNewline).map((part) => ({ text: part, number }))
      : { text: line, number };
  });
}
