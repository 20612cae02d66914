import { runStrip } from './commands/strip.js';
import type { Arguments } from './options.js';
import { exitStatus, processTerminal } from './process.js';
import { reportError } from './report.js';

/** `strip` on this process's terminal, with a command line that was read already. */
export async function startStrip(args: Arguments): Promise<number> {
  const terminal = processTerminal();
  try {
    return exitStatus(await runStrip(args, terminal));
  } catch (error) {
    return exitStatus(reportError(error, args.options['json'] === true, terminal));
  }
}
