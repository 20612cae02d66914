import { runStrip } from './commands/strip.js';
import type { ExitCode } from './exit-code.js';
import type { Arguments } from './options.js';
import { processTerminal } from './process.js';
import { reportError } from './report.js';

/** `strip` on this process's terminal, with a command line that was read already. */
export async function startStrip(args: Arguments): Promise<ExitCode> {
  const terminal = processTerminal();
  try {
    return await runStrip(args, terminal);
  } catch (error) {
    return reportError(error, args.options['json'] === true, terminal);
  }
}
