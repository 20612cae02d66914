import { closeSync, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { SapcertError } from '../errors.js';

const clearLine = '\r\u001b[K';

/**
 * Asks for secrets at the terminal, one after the other, without showing them. The questions go to standard
 * error and are erased afterwards; the terminal is as before whatever happens.
 *
 * @throws SapcertError `interrupted` on Ctrl-C, on Ctrl-D at an empty line, and when `signal` fires
 */
export async function askSecrets(questions: readonly string[], signal: AbortSignal): Promise<string[]> {
  const { stream, close } = openTerminal();
  process.stderr.write(questions[0] ?? '');
  stream.setRawMode(true);
  try {
    return await readHidden(stream, questions, signal);
  } finally {
    stream.setRawMode(false);
    process.stderr.write(clearLine);
    close();
  }
}

/** The terminal itself, also when standard input is a pipe that brings the bundle. */
function openTerminal(): { stream: ReadStream; close: () => void } {
  if (process.stdin.isTTY) {
    const stdin = process.stdin as ReadStream;
    return { stream: stdin, close: () => stdin.pause() };
  }
  const descriptor = openSync('/dev/tty', 'r+');
  const stream = new ReadStream(descriptor);
  return { stream, close: () => stream.destroy() };
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

function readHidden(
  stream: ReadStream,
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
      else process.stderr.write(clearLine + (questions[answers.length] ?? ''));
    };
    const take = (chunk: Buffer | string): void => {
      for (const key of chunk.toString()) {
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
