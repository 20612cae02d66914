import type { Acknowledgement, NdjsonLine, Sendable, SendResult, SendSummary } from '../connector/index.js';
import { atPlace } from '../errors.js';
import { onOneLine } from './layout.js';
import type { RefusedFile } from './refused-file.js';
import { errorJson, jsonLine, schemaVersion } from './report.js';
import { type Terminal, painter } from './terminal.js';

export interface ResultOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly refused: RefusedFile | undefined;
  /** How many there will be, where that is known: for the estimate of the time left. */
  readonly bytes: number | undefined;
}

const eraseLine = '\r\u001b[K';
const progressEvery = 500;
const flushAt = 16 * 1024;
/** Milliseconds: who reads the other end waits no longer, also when nothing comes after it. */
const flushAfter = 20;

/** Says what became of each message: a line each on standard output, progress on a terminal. */
export class SendResults {
  readonly #terminal: Terminal;
  readonly #options: ResultOptions;
  readonly #started = performance.now();
  readonly #count = { acknowledged: 0, refused: 0, unanswered: 0, invalid: 0 };
  #lines = '';
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;
  #doneBytes = 0;
  #shownAt = 0;

  constructor(terminal: Terminal, options: ResultOptions) {
    this.#terminal = terminal;
    this.#options = options;
  }

  get summary(): SendSummary {
    return this.#count;
  }

  readonly take = (result: SendResult<Sendable>): void => {
    this.#count[result.outcome] += 1;
    if (isLine(result.item)) this.#doneBytes += result.item.bytes.length + 1;
    if (result.outcome !== 'acknowledged') this.#options.refused?.add(textOf(result.item), reasonOf(result));
    if (!this.#options.quiet) this.#lines += `${this.#options.json ? asJson(result) : asText(result)}\n`;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#lines.length > flushAt) this.#flush();
    else if (this.#lines !== '') this.#timer ??= setTimeout(this.#flushLate, flushAfter);
    if (this.#terminal.stderrIsTerminal) this.#showProgress();
  };

  /** Prints what is left and the summary. */
  finish(): void {
    if (this.#failure === undefined) this.#flush();
    this.#options.refused?.close();
    if (this.#terminal.stderrIsTerminal) this.#terminal.err(eraseLine);
    const ms = Math.round(performance.now() - this.#started);
    if (this.#options.json) {
      this.#terminal.out(`${jsonLine({ schemaVersion, summary: this.#count, ms })}\n`);
    } else {
      this.#terminal.err(`${summaryWords(this.#count)} in ${(ms / 1000).toFixed(1)} s\n`);
    }
  }

  /** What fails here is thrown by the next call. */
  readonly #flushLate = (): void => {
    try {
      this.#flush();
    } catch (error) {
      this.#failure = error;
    }
  };

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines !== '') this.#terminal.out(this.#lines);
    this.#lines = '';
  }

  #showProgress(): void {
    const elapsed = performance.now() - this.#started;
    if (elapsed - this.#shownAt < progressEvery) return;
    this.#shownAt = elapsed;
    this.#flush();
    const done = Object.values(this.#count).reduce((sum, count) => sum + count, 0);
    const rate = Math.round((done / elapsed) * 1000);
    const { bytes } = this.#options;
    const left =
      bytes === undefined ? undefined : ((bytes - this.#doneBytes) / this.#doneBytes) * (elapsed / 1000);
    const eta = left === undefined ? '' : `, ${Math.max(0, Math.round(left))} s left`;
    const words = `${summaryWords(this.#count)}, ${rate}/s${eta}`;
    this.#terminal.err(eraseLine + painter(this.#terminal.env, true)('dim', words));
  }
}

function summaryWords({ acknowledged, refused, unanswered, invalid }: SendSummary): string {
  const parts = [
    `${acknowledged} acknowledged`,
    ...(refused === 0 ? [] : [`${refused} refused`]),
    ...(unanswered === 0 ? [] : [`${unanswered} unanswered`]),
    ...(invalid === 0 ? [] : [`${invalid} not sent, because they are no measures`]),
  ];
  return parts.join(', ');
}

function reasonOf(result: Exclude<SendResult<Sendable>, { outcome: 'acknowledged' }>): string {
  const { code, defects } = result.error;
  const [first] = defects;
  const line = isLine(result.item) ? `line ${result.item.line}, ` : '';
  return `${line}${code}: ${first?.message ?? result.error.message}`;
}

function asText(result: SendResult<Sendable>): string {
  const line = isLine(result.item) ? `line ${result.item.line}: ` : '';
  if (result.outcome === 'acknowledged') return `${line}${acknowledgementWords(result.acknowledgement)}`;
  const [first] = result.error.defects;
  return onOneLine(`${line}${result.outcome}: ${atPlace(first?.message ?? result.error.message, undefined)}`);
}

function acknowledgementWords({ from, code, id, provisional, messages }: Acknowledgement): string {
  if (from === 'broker') return 'acknowledged by the broker';
  const words = [
    `acknowledged${code === undefined ? '' : ` ${code}`}${provisional ? ' (taken, not processed yet)' : ''}`,
    ...(id === undefined ? [] : [`id ${id}`]),
    ...messages,
  ];
  return onOneLine(words.join(', '));
}

function asJson(result: SendResult<Sendable>): string {
  const line = isLine(result.item) ? { line: result.item.line } : {};
  const { outcome } = result;
  if (outcome === 'acknowledged')
    return jsonLine({ ...line, outcome, acknowledgement: result.acknowledgement });
  const { acknowledgement } = result;
  return jsonLine({ ...line, outcome, error: errorJson(result.error), acknowledgement });
}

function textOf(item: Sendable): string | Uint8Array {
  if (typeof item === 'string' || item instanceof Uint8Array) return item;
  return isLine(item) ? item.bytes : JSON.stringify(item);
}

function isLine(item: Sendable): item is NdjsonLine {
  return typeof item === 'object' && 'bytes' in item;
}
