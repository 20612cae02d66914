import { closeSync, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { SapcertError } from '../errors.js';

const clearLine = '\r\u001b[K';

/**
 * Asks for a secret at the terminal, without showing it. The question goes to standard error and is erased
 * afterwards; the terminal is as before whatever happens.
 *
 * @throws SapcertError `interrupted` on Ctrl-C, on Ctrl-D at an empty line, and when `signal` fires
 */
export async function askSecret(question: string, signal: AbortSignal): Promise<string> {
  const { stream, close } = openTerminal();
  process.stderr.write(question);
  stream.setRawMode(true);
  try {
    return await readHidden(stream, signal);
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

function readHidden(stream: ReadStream, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (settle: () => void): void => {
      stream.off('data', take);
      signal.removeEventListener('abort', interrupt);
      settle();
    };
    const interrupt = (): void => finish(() => reject(interrupted()));
    const take = (chunk: Buffer | string): void => {
      const typedKeys = [...chunk.toString()];
      for (const [index, key] of typedKeys.entries()) {
        if (key === keys.interrupt) return interrupt();
        if (key === keys.endOfInput && typed === '') return interrupt();
        if (key === '\r' || key === '\n' || key === keys.endOfInput) {
          const ahead = typedKeys.slice(index + 1).join(''); // typed before the next question was asked
          return finish(() => {
            if (ahead !== '') stream.unshift(ahead);
            resolve(typed);
          });
        }
        if (key === keys.backspace || key === keys.del) typed = [...typed].slice(0, -1).join('');
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
