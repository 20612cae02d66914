import { closeSync, openSync, writeSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import { SapcertError } from '../errors.js';
import { isTerminal, tty } from './tty.js';

const clearLine = '\r\u001b[K';

/**
 * Asks for secrets at the terminal, one after the other, without showing them. The questions are erased
 * afterwards; the terminal is as before whatever happens.
 *
 * @throws SapcertError `interrupted` on Ctrl-C, on Ctrl-D at an empty line, and when `signal` fires
 */
export async function askSecrets(questions: readonly string[], signal: AbortSignal): Promise<string[]> {
  const { stream, show, close } = openTerminal();
  stream.setRawMode(true);
  try {
    show(questions[0] ?? '');
    return await readHidden(stream, show, questions, signal);
  } finally {
    stream.setRawMode(false);
    show(clearLine);
    close();
  }
}

interface OpenTerminal {
  readonly stream: ReadStream;
  readonly show: (text: string) => void;
  readonly close: () => void;
}

/** The terminal itself, also when standard input is a pipe that brings the bundle, or standard error a file. */
function openTerminal(): OpenTerminal {
  const stdin = process.stdin.isTTY ? (process.stdin as ReadStream) : undefined;
  if (stdin !== undefined && isTerminal(2)) {
    return { stream: stdin, show: (text) => void writeSync(2, text), close: () => stdin.pause() };
  }
  const descriptor = openSync('/dev/tty', 'r+');
  const stream = stdin ?? new (tty().ReadStream)(descriptor);
  const close = (): void => {
    if (stdin === undefined) return void stream.destroy();
    stdin.pause();
    closeSync(descriptor);
  };
  return { stream, show: (text) => void writeSync(descriptor, text), close };
}

/** Whether there is somebody to ask. */
export function canAsk(): boolean {
  if (process.stdin.isTTY) return true;
  if (process.platform === 'win32') return false;
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    return false;
  }
}

const keys = {
  interrupt: '\u0003',
  endOfInput: '\u0004',
  backspace: '\b',
  del: '\u007f',
  eraseLine: '\u0015',
} as const;

/** What arrow and function keys send (ECMA-48 section 5.4): no part of a secret. */
const keySequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.)/g;

function readHidden(
  stream: ReadStream,
  show: (text: string) => void,
  questions: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const answers: string[] = [];
    let typed = '';
    const finish = (settle: () => void): void => {
      stream.off('data', take);
      stream.off('end', interrupt);
      signal.removeEventListener('abort', interrupt);
      settle();
    };
    const interrupt = (): void => finish(() => reject(interrupted()));
    const enter = (): void => {
      answers.push(typed);
      typed = '';
      if (answers.length === questions.length) finish(() => resolve(answers));
      else show(clearLine + (questions[answers.length] ?? ''));
    };
    const take = (chunk: Buffer | string): void => {
      for (const key of chunk.toString().replaceAll('\r\n', '\r').replace(keySequence, '')) {
        if (answers.length === questions.length) return;
        if (key === keys.interrupt || (key === keys.endOfInput && typed === '')) return interrupt();
        if (key === '\r' || key === '\n' || key === keys.endOfInput) enter();
        else if (key === keys.backspace || key === keys.del) typed = [...typed].slice(0, -1).join('');
        else if (key === keys.eraseLine) typed = '';
        else if (key >= ' ') typed += key;
      }
    };
    stream.setEncoding('utf8');
    stream.on('data', take);
    stream.once('end', interrupt);
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
  });
}

function interrupted(): SapcertError {
  return new SapcertError('interrupted', 'interrupted; nothing was written');
}
