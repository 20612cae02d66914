import { commands } from './commands/index.js';
import type { ExitCode } from './exit-code.js';
import { reportError } from './report.js';
import type { Terminal } from './terminal.js';
import { refuseBundles } from './words.js';
import { parseArguments } from './yargs.js';

/** The whole command line: reads `argv`, runs one command, and says the exit code. Never throws. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const specs = commands.map(({ spec }) => spec);
    const parsed = await parseArguments(argv, specs, terminal.columns);
    switch (parsed.kind) {
      case 'text':
        terminal.out(parsed.text);
        return 0;
      case 'nothing':
        terminal.err(parsed.help);
        return 2;
      case 'command': {
        refuseBundles(parsed.args.inputs);
        const command = commands.find(({ spec }) => spec === parsed.spec);
        return (await command?.run(parsed.args, terminal)) ?? 2;
      }
    }
  } catch (error) {
    return reportError(
      error,
      argv.some((word) => /^--json(?:=true)?$/.test(word)),
      terminal,
    );
  }
}
