import { writeSync } from 'node:fs';
import { outputError, systemCode } from '../files/index.js';
import { askSecrets, canAsk } from './prompt.js';
import type { Terminal } from './terminal.js';
import { isTerminal } from './tty.js';

const narrowest = 40;

/**
 * The real terminal of this process. It does without process.stdin and process.stdout, which take
 * milliseconds to make, until somebody has to be asked.
 */
export function processTerminal(): Terminal {
  return {
    out: (data) => writeOut(data),
    err: (text) => writeErr(text),
    env: process.env,
    get stdinIsTerminal() {
      return isTerminal(0);
    },
    get stdoutIsTerminal() {
      return isTerminal(1);
    },
    get stderrIsTerminal() {
      return isTerminal(2);
    },
    get columns() {
      return width(process.stdout.columns);
    },
    get stderrColumns() {
      return width(process.stderr.columns);
    },
    get askSecrets() {
      return canAsk() ? (...questions: string[]) => askSecrets(questions, endSignal()) : undefined;
    },
    get signal() {
      return endSignal();
    },
    now: () => new Date(),
  };
}

/** A terminal that was never told its size, such as one of a program, says 0. */
function width(columns: number | undefined): number {
  return Math.max(columns === undefined || columns === 0 ? 80 : columns, narrowest);
}

let ending: AbortController | undefined;

/**
 * From its first use on, the first signal lets what runs end whole, and a second one ends the program at once.
 * Until then any signal does, so that Ctrl-C ends also a program that waits for its input.
 */
function endSignal(): AbortSignal {
  if (ending !== undefined) return ending.signal;
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(3);
      controller.abort();
    });
  }
  ending = controller;
  return controller.signal;
}

/** @throws SapcertError `output.failed` */
function writeOut(data: string | Uint8Array): void {
  try {
    writeAll(1, data);
  } catch (cause) {
    if (systemCode(cause) === 'EPIPE') process.exit(); // the reader has seen enough
    throw outputError('standard output', cause);
  }
}

/** Where nothing can be said any more, the exit code still tells. */
function writeErr(text: string): void {
  try {
    writeAll(2, text);
  } catch {
    // Nobody reads it, or its disk is full.
  }
}

/** Writes all of it now, also into a pipe that is full for the moment. */
function writeAll(descriptor: number, data: string | Uint8Array): void {
  let rest = typeof data === 'string' ? Buffer.from(data) : data;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
