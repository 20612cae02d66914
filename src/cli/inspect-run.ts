import { readDuration } from './duration.js';
import { type ExitCode, gravest } from './exit-code.js';
import { type Arguments, text } from './options.js';
import type { InspectReport, Page } from './render-inspect-page.js';
import { type Terminal, painter } from './terminal.js';

/** @throws SapcertError `usage.invalid` */
export function readExpiresWithin(args: Arguments): number | undefined {
  const limit = text(args, 'expires-within');
  return limit === undefined ? undefined : readDuration(limit, 'expires-within');
}

export function pageOf(terminal: Terminal): Page {
  return {
    width: Math.min(terminal.columns, 100),
    paint: painter(terminal.env, terminal.stdoutIsTerminal),
    now: terminal.now(),
  };
}

/** A key that cannot be opened is a matter of the input; everything else that is wrong was found by inspecting. */
export function exitCodeOfReport({ problems }: Pick<InspectReport, 'problems'>): ExitCode {
  return gravest(
    problems.map(({ code }) => (code.startsWith('key.') && code !== 'key.certificate-mismatch' ? 2 : 1)),
  );
}
