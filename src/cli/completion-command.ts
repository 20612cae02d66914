import { SapcertError } from '../errors.js';
import { candidateLines, candidatesFor, isZsh } from './completion.js';
import type { CommandSpec } from './options.js';

export const completionCommand = 'completion';
export const completionDescribed = 'print a shell completion script';

/** What the completion script calls us with. */
const request = '--get-yargs-completions';

const help = `sapcert completion [bash|zsh]

print a shell completion script; without a name for the shell that SHELL names

Examples:
  sapcert completion bash >> ~/.bashrc
  sapcert completion zsh >> ~/.zshrc
`;

/**
 * Answers what a completion script asks, and what asks for such a script.
 *
 * @param script makes the script for the shell that the environment names
 * @returns what is to be printed; undefined where the command line is about something else
 * @throws SapcertError `usage.invalid` for a shell without completion
 */
export async function completionText(
  argv: readonly string[],
  specs: readonly CommandSpec[],
  script: () => Promise<string>,
): Promise<string | undefined> {
  if (argv[0] === request) return candidateLines(await candidatesFor(argv.slice(1), specs), process.env);
  if (argv[0] !== completionCommand) return undefined;
  chooseShell(argv.slice(1).find((word) => !word.startsWith('-')));
  if (argv.includes('--help') || argv.includes('-h')) return help;
  return `${sayingItsShell(await script())}\n`;
}

/** yargs looks for the shell in the environment when it is made. */
function chooseShell(shell: string | undefined): void {
  if (shell !== undefined && shell !== 'bash' && shell !== 'zsh') {
    throw new SapcertError('usage.invalid', `there is no completion for ${shell}`, {
      hint: 'sapcert completion bash, or sapcert completion zsh',
    });
  }
  if (shell !== undefined) process.env['SHELL'] = `/bin/${shell}`;
  if (shell === 'bash') delete process.env['ZSH_NAME'];
}

/** SHELL is the login shell, which need not be the one that a script runs in. */
function sayingItsShell(script: string): string {
  const shell = isZsh(process.env) ? 'SHELL=/bin/zsh' : 'SHELL=/bin/bash ZSH_NAME=';
  return script.replace(`sapcert ${request}`, `${shell} sapcert ${request}`);
}
