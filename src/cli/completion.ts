import type { CommandSpec, OptionSpec } from './options.js';

/** What may stand in the place of a word that is being typed. */
export interface Candidate {
  readonly word: string;
  readonly describe: string;
}

/**
 * What a shell offers for the last word. Nothing where the name of a file is wanted: those the shell knows itself.
 *
 * @param words the command line as the shell has it, with the program's name first
 */
export async function candidatesFor(
  words: readonly string[],
  specs: readonly CommandSpec[],
): Promise<readonly Candidate[]> {
  const [, command = '', ...rest] = words;
  const typed = words.at(-1) ?? '';
  const spec = specs.find(({ name, aliases = [] }) => [name, ...aliases].includes(command));
  if (words.length <= 2 || (command === 'help' && words.length === 3)) {
    return beginning(typed, command === 'help' && words.length === 3 ? commandsOf(specs) : first(specs));
  }
  if (command === 'completion') return beginning(typed, plain(['bash', 'zsh']));
  if (spec === undefined) return [];
  // bash makes three words of --name=value.
  const before = rest.slice(0, -1).filter((word) => word !== '=');
  const option = optionNamed(before.at(-1) ?? '', spec);
  if (option?.type === 'string') return beginning(typed === '=' ? '' : typed, await valuesOf(option));
  if (typed.startsWith('-')) return beginning(typed, optionsOf(spec, before));
  return beginning(typed, plain((await spec.positional?.completions?.()) ?? []));
}

/** As yargs's scripts read them; the one for zsh shows what stands behind the colon. */
export function candidateLines(
  candidates: readonly Candidate[],
  env: Readonly<Record<string, string | undefined>>,
): string {
  const zsh = isZsh(env);
  const line = ({ word, describe }: Candidate): string => {
    if (!zsh) return word;
    return describe === '' ? word.replaceAll(':', '\\:') : `${word.replaceAll(':', '\\:')}:${describe}`;
  };
  return candidates.map((candidate) => `${line(candidate)}\n`).join('');
}

/** Whether the shell that asks is zsh; the script that it has from us says so. */
export function isZsh(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env['SHELL'] ?? '').endsWith('zsh') || (env['ZSH_NAME'] ?? '') !== '';
}

function beginning(typed: string, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(typed));
}

function first(specs: readonly CommandSpec[]): readonly Candidate[] {
  return [
    ...commandsOf(specs),
    { word: 'completion', describe: 'print a shell completion script' },
    { word: 'help', describe: 'show the help of a command' },
    { word: '--help', describe: 'show help' },
    { word: '--version', describe: 'show the version' },
  ];
}

function commandsOf(specs: readonly CommandSpec[]): readonly Candidate[] {
  return specs.map(({ name, brief, describe }) => ({ word: name, describe: brief ?? describe }));
}

function optionNamed(word: string, { options }: CommandSpec): OptionSpec | undefined {
  const name = /^--?([^=]+)$/.exec(word)?.[1];
  if (name === undefined) return undefined;
  return Object.entries(options).find(([key, { alias }]) => key === name || alias === name)?.[1];
}

function optionsOf({ options }: CommandSpec, given: readonly string[]): readonly Candidate[] {
  const left = Object.entries(options).filter(
    ([name, { repeatable }]) => repeatable === true || !given.includes(`--${name}`),
  );
  return [
    ...left.map(([name, { describe }]) => ({ word: `--${name}`, describe })),
    { word: '--help', describe: 'show help' },
  ];
}

async function valuesOf({ choices, completions }: OptionSpec): Promise<readonly Candidate[]> {
  return plain(choices ?? (await completions?.()) ?? []);
}

function plain(words: readonly string[]): readonly Candidate[] {
  return words.map((word) => ({ word, describe: '' }));
}
