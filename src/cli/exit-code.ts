import type { ErrorCode } from '../codes.js';

/** 0 fine; 1 a problem was found; 2 usage or input; 3 could not complete. */
export type ExitCode = 0 | 1 | 2 | 3;

const incomplete: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['output.failed', 'interrupted', 'internal']);
const found = /^(?:dns|tcp|tls|clock|mqtt|ack)\./;

/** The exit code of a command that ended with this error. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  if (incomplete.has(code)) return 3;
  return found.test(code) ? 1 : 2;
}

/** The exit code of a command over many inputs: the gravest of theirs. */
export function gravest(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce<ExitCode>((worst, code) => (code > worst ? code : worst), 0);
}
