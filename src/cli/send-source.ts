import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import type { ndjsonBatches, Sendable, SendSource } from '../connector/index.js';
import { SapcertError } from '../errors.js';
import { inputError } from '../files/index.js';
import { measureOf } from './measure-flags.js';
import { type Arguments, flag, list, text } from './options.js';
import { reasonMark } from './refused-file.js';
import type { Terminal } from './terminal.js';

export type Source = SendSource<Sendable>;

/**
 * What is to be sent: the measure of the flags, a file, or standard input where it is not a terminal.
 *
 * @returns `undefined` where nothing is, because commands are waited for
 * @throws SapcertError `usage.invalid`, `file.*` where the file cannot be read
 */
export function sourceOf(
  args: Arguments,
  terminal: Terminal,
  batches: typeof ndjsonBatches,
): Source | undefined {
  const [file, measures] = [text(args, 'file'), list(args, 'measure')];
  if (measures !== undefined) {
    if (file !== undefined)
      throw new SapcertError('usage.invalid', '--measure and --file exclude each other');
    return [measureOf(text(args, 'capability'), text(args, 'sensor'), measures)];
  }
  if (file !== undefined && file !== '-') {
    refuseUnreadable(file);
    return messages(batches(readable(file), { file }));
  }
  if (file === undefined && flag(args, 'listen') && terminal.stdinIsTerminal) return undefined;
  if (terminal.stdinIsTerminal) {
    throw new SapcertError('usage.invalid', 'there is nothing to send', {
      hint: 'give one measure with --measure NAME=VALUE, or NDJSON with --file FILE or through a pipe',
    });
  }
  if (args.inputs[0] === '-')
    throw new SapcertError('usage.invalid', 'standard input can bring only one thing');
  return messages(batches(process.stdin, { file: 'standard input' }));
}

/** Said before anything is connected. */
function refuseUnreadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw inputError(file, cause);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  throw new SapcertError('file.unreadable', 'this is a folder', {
    place: { file },
    hint: 'name a file of messages in it, one a line',
  });
}

/** The reasons of an earlier `--refused` are no messages. */
async function* messages(
  batches: AsyncIterable<readonly Extract<Sendable, { bytes: Uint8Array }>[]>,
): AsyncGenerator<readonly Sendable[]> {
  const mark = Buffer.from(reasonMark);
  for await (const lines of batches) {
    yield lines.filter(({ bytes }) => bytes[0] !== mark[0] || !mark.equals(bytes.subarray(0, mark.length)));
  }
}

async function* readable(file: string): AsyncGenerator<Uint8Array> {
  const stream: AsyncIterable<Uint8Array> = createReadStream(file);
  try {
    yield* stream;
  } catch (cause) {
    throw inputError(file, cause);
  }
}

/** Bytes; `undefined` where it is no file. */
export function sizeOf(file: string | undefined): number | undefined {
  return file === undefined ? undefined : statSync(file, { throwIfNoEntry: false })?.size;
}
