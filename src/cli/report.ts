import type { Warning } from '../bundle/types.js';
import { type Place, SapcertError, atPlace } from '../errors.js';
import { type ExitCode, exitCodeOf } from './exit-code.js';
import { say } from './say.js';
import { type Terminal, terminalControls } from './terminal.js';

export const schemaVersion = 1;

/** Prints an error, as text on stderr or as a document on stdout, and says the exit code. */
export function reportError(error: unknown, json: boolean, terminal: Terminal): ExitCode {
  const known = asSapcertError(error);
  if (!json || !printed(terminal, errorDocument(known))) printError(known, terminal);
  return exitCodeOf(known.code);
}

/** Standard output itself may be what failed. */
function printed(terminal: Terminal, document: unknown): boolean {
  try {
    printJson(terminal, document);
    return true;
  } catch {
    return false;
  }
}

function errorDocument(error: SapcertError): { schemaVersion: 1; error: ErrorJson } {
  return { schemaVersion, error: errorJson(error) };
}

interface ErrorJson {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly place?: Place | undefined;
  readonly defects?: readonly {
    readonly code: string;
    readonly message: string;
    readonly place?: Place | undefined;
  }[];
}

export function errorJson({ code, message, hint, place, defects }: SapcertError): ErrorJson {
  return { code, message, hint, place, ...(defects.length > 1 ? { defects } : {}) };
}

export function printJson(terminal: Terminal, document: unknown): void {
  terminal.out(`${jsonLine(document)}\n`);
}

/** JSON that a terminal may see: what it would obey in foreign text is escaped, which changes no value. */
export function jsonLine(document: unknown): string {
  return JSON.stringify(document).replace(terminalControls, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** More lines about one input than this flood the terminal; `--json` has them all. */
const mostLines = 20;

export function printError(error: SapcertError, terminal: Terminal): void {
  const { defects, hint, message } = error;
  const messages =
    defects.length > 1 ? defects.map((defect) => atPlace(defect.message, defect.place)) : [message];
  for (const said of messages.slice(0, mostLines)) say('error', said, terminal);
  if (messages.length > mostLines) say('error', `and ${messages.length - mostLines} more defects`, terminal);
  if (hint !== undefined) say('hint', hint, terminal);
  if ((terminal.env['SAPCERT_DEBUG'] ?? '') !== '') terminal.err(framesOf(error));
}

/** Where an error came from; the frames alone, because the text of a foreign error may hold anything. */
function framesOf(error: Error): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  const own = frames.map((frame) => `${frame}\n`).join('');
  return error.cause instanceof Error ? `${own}    caused by\n${framesOf(error.cause)}` : own;
}

export function printWarnings(warnings: readonly Warning[], terminal: Terminal): void {
  const line = (text: string): void => say('warning', text, terminal);
  for (const { message, place } of warnings.slice(0, mostLines)) line(atPlace(message, place));
  if (warnings.length > mostLines) line(`and ${warnings.length - mostLines} more warnings`);
}

/** An error that nobody foresaw is a defect of sapcert; its text may hold anything, so it is not shown. */
export function asSapcertError(error: unknown): SapcertError {
  if (error instanceof SapcertError) return error;
  const name = error instanceof Error ? error.name : typeof error;
  return new SapcertError('internal', `an unexpected ${name} inside sapcert`, {
    hint: 'please report it, with the command and, if you can, a file of the same kind without secrets; SAPCERT_DEBUG=1 shows where',
    cause: error,
  });
}
