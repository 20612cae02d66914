import { SapcertError } from '../errors.js';

/**
 * Parses JSON that may hold a secret.
 *
 * @throws SapcertError `file.malformed` with the line, and never with a word of the text
 */
export function parseJson(input: string, file: string | undefined): unknown {
  const text = input.replace(/^\ufeff/, '');
  try {
    return JSON.parse(text);
  } catch {
    // V8's own message quotes the text around the mistake, which may be the secret.
    throw new SapcertError('file.malformed', 'not valid JSON', {
      place: { file, line: brokenLine(text) },
      hint: 'download the file again, or paste all of it, from the first { to the last }',
    });
  }
}

/**
 * The first line with which the text can become JSON no more, from 1. V8 tells no position of a token that it did not
 * expect; but whatever JSON begins with may end with any of its lines.
 */
function brokenLine(text: string): number {
  const lines = text.split('\n');
  let [whole, broken] = [0, lines.length];
  while (broken - whole > 1) {
    const middle = Math.floor((whole + broken) / 2);
    if (mayGoOn(`${lines.slice(0, middle).join('\n')}\n`)) whole = middle;
    else broken = middle;
  }
  return broken;
}

/** Nothing is wrong with it but that it may end too early. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const position = /position (\d+)/.exec(message)?.[1];
    return position === undefined ? message.startsWith('Unexpected end') : Number(position) >= text.length;
  }
}
