import { type Progress, ProgressCounter } from '../fleet/index.js';
import { cut } from './layout.js';
import { type Terminal, painter } from './terminal.js';

const eraseLine = '\r\u001b[K';
/** Milliseconds: more often nobody can read it. */
const between = 100;

/** How a run over many inputs gets on: a line on a terminal that is replaced, and the numbers at the end. */
export interface ProgressLine {
  /** Counts a result. The line is taken away for what is said about it by `say`, and shown again. */
  readonly next: (status: 'done' | 'skipped' | 'failed', say: () => void) => void;
  readonly clear: () => void;
  /** The numbers in words. */
  readonly summary: () => string;
}

export function progressLine(total: number, terminal: Terminal): ProgressLine {
  const paint = painter(terminal.env, terminal.stderrIsTerminal);
  const counter = new ProgressCounter(total);
  let shown = false;
  let last = Number.NEGATIVE_INFINITY;
  const clear = (): void => {
    if (shown) terminal.err(eraseLine);
    shown = false;
  };
  const show = (): void => {
    shown = true;
    terminal.err(paint('dim', cut(words(counter.progress), terminal.stderrColumns - 1)));
  };
  return {
    next: (status, say) => {
      counter.count({ status });
      if (!terminal.stderrIsTerminal) return say();
      const now = performance.now();
      const due = now - last >= between;
      if (due) last = now;
      clear();
      say();
      if (due) show();
    },
    clear,
    summary: () => words(counter.progress),
  };
}

function words({ total, finished, skipped, failed, rate, secondsLeft }: Progress): string {
  const parts = [
    `${finished} of ${total}`,
    ...(skipped === 0 ? [] : [`${skipped} done before`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`,
    ...(secondsLeft === undefined || finished === total ? [] : [`${Math.ceil(secondsLeft)} s left`]),
  ];
  return parts.join(', ');
}
