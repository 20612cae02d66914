import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { askSecrets, canAsk } from './prompt.js';
import type { Terminal } from './terminal.js';

const narrowest = 40;

/**
 * The real terminal of this process. It does without process.stdin and process.stdout, which take
 * milliseconds to make, until somebody has to be asked.
 */
export function processTerminal(): Terminal {
  const signal = endSignal();
  return {
    out: (data) => writeAll(1, data),
    err: (text) => writeAll(2, text),
    env: process.env,
    stdinIsTerminal: isatty(0),
    stdoutIsTerminal: isatty(1),
    stderrIsTerminal: isatty(2),
    get columns() {
      return Math.max(process.stdout.columns ?? 80, narrowest);
    },
    get askSecrets() {
      return canAsk() ? (...questions: string[]) => askSecrets(questions, signal) : undefined;
    },
    signal,
    now: () => new Date(),
  };
}

/** The first signal lets what runs end whole; a second one ends the program at once. */
function endSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(3);
      controller.abort();
    });
  }
  return controller.signal;
}

/** Writes all of it now, also into a pipe that is full for the moment. */
function writeAll(descriptor: number, data: string | Uint8Array): void {
  let rest = typeof data === 'string' ? Buffer.from(data) : data;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') process.exit(process.exitCode ?? 0); // the reader has seen enough
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
