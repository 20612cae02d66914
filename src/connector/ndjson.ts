import type { Defect } from '../errors.js';

/** One line of a text of lines (NDJSON, or whatever a line may hold). */
export interface NdjsonLine {
  /** 1 for the first line of the input; lines that are blank count, but are left out. */
  readonly line: number;
  /** Without its end. Of a line that is too long only what was kept of it. */
  readonly bytes: Uint8Array;
  /** The line cannot be used. */
  readonly defect?: Defect | undefined;
}

export interface NdjsonOptions {
  /** Bytes; 1 MiB by default. A longer line is a defect and is not kept in memory. */
  readonly maximumLength?: number | undefined;
  /** The name of the input in places. */
  readonly file?: string | undefined;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** Of a line that is too long this much is kept, to show which one it is. */
const keptOfTooLong = 200;

/**
 * Splits a stream of bytes into lines, those of one chunk together: handing over many lines at a time is much
 * cheaper than one by one. Never holds more than a chunk and one line.
 *
 * @param source for example `process.stdin` or a file's read stream
 */
export async function* ndjsonBatches(
  source: AsyncIterable<Uint8Array | string>,
  options: NdjsonOptions = {},
): AsyncGenerator<NdjsonLine[]> {
  const splitter = new LineSplitter(options);
  for await (const chunk of source) {
    const lines = splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : asBuffer(chunk));
    if (lines.length > 0) yield lines;
  }
  const rest = splitter.end();
  if (rest.length > 0) yield rest;
}

/** As {@link ndjsonBatches}, line by line. */
export async function* ndjsonLines(
  source: AsyncIterable<Uint8Array | string>,
  options: NdjsonOptions = {},
): AsyncGenerator<NdjsonLine> {
  for await (const lines of ndjsonBatches(source, options)) yield* lines;
}

class LineSplitter {
  readonly #maximumLength: number;
  readonly #file: string | undefined;
  /** The beginning of a line whose end has not come yet. */
  #begun: Buffer[] = [];
  #length = 0;
  #line = 0;

  constructor({ maximumLength = 1024 * 1024, file }: NdjsonOptions) {
    this.#maximumLength = maximumLength;
    this.#file = file;
  }

  push(chunk: Buffer): NdjsonLine[] {
    const lines: NdjsonLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      this.#take(chunk.subarray(start, end), lines);
      start = end + 1;
    }
    this.#begin(chunk.subarray(start));
    return lines;
  }

  end(): NdjsonLine[] {
    const lines: NdjsonLine[] = [];
    if (this.#length > 0) this.#take(Buffer.alloc(0), lines);
    return lines;
  }

  #begin(part: Buffer): void {
    if (part.length === 0) return;
    this.#length += part.length;
    if (this.#length <= this.#maximumLength) {
      this.#begun.push(part);
    } else {
      this.#begun = [Buffer.from(Buffer.concat([...this.#begun, part]).subarray(0, keptOfTooLong))];
    }
  }

  #take(last: Buffer, lines: NdjsonLine[]): void {
    this.#line += 1;
    const length = this.#length + last.length;
    const whole = this.#begun.length === 0 ? last : Buffer.concat([...this.#begun, last]);
    this.#begun = [];
    this.#length = 0;
    if (length > this.#maximumLength) {
      lines.push({
        line: this.#line,
        bytes: whole.subarray(0, keptOfTooLong),
        defect: this.#tooLong(length),
      });
      return;
    }
    const bytes = withoutMarks(whole, this.#line === 1);
    if (!isBlank(bytes)) lines.push({ line: this.#line, bytes });
  }

  #tooLong(length: number): Defect {
    const message = `the line has ${length} bytes, more than the ${this.#maximumLength} that are taken`;
    return { code: 'file.too-large', message, place: { file: this.#file, line: this.#line } };
  }
}

function withoutMarks(line: Buffer, first: boolean): Buffer {
  const start = first && line.subarray(0, 3).equals(byteOrderMark) ? 3 : 0;
  const end = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  return line.subarray(start, end);
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
