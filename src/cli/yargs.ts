import yargs, { type Argv, type Options } from 'yargs';
import { SapcertError } from '../errors.js';
import { completionCommand, completionDescribed, completionText } from './completion-command.js';
import { examplesOf } from './examples.js';
import { commandFor } from './other-commands.js';
import type { Arguments, CommandSpec, OptionSpec } from './options.js';
import { packageVersion } from './version.js';
import { arrangeWords, checkWords, shownWord } from './words.js';

export type Parsed =
  | { readonly kind: 'command'; readonly spec: CommandSpec; readonly args: Arguments }
  /** Help, version or a completion script: to be printed as it is. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'nothing'; readonly help: string };

/**
 * Reads a command line with yargs, built from the commands' option tables.
 *
 * @param columns the width for the help
 * @throws SapcertError `usage.invalid`
 */
export async function parseArguments(
  argv: readonly string[],
  specs: readonly CommandSpec[],
  columns: number,
): Promise<Parsed> {
  const known = specs.find(({ name, aliases = [] }) => [name, ...aliases].includes(argv[0] ?? ''));
  checkWords(argv, known, specs);
  refuseOtherCommands(argv, specs);
  const completion = await completionText(argv, specs, completionScript);
  if (completion !== undefined) return { kind: 'text', text: completion };
  const width = Math.min(columns, 100);
  let found: Parsed | undefined;
  let described: CommandSpec | undefined;
  const parser = specs
    .reduce(
      (parser, spec) =>
        parser.command({
          command: commandLine(spec),
          aliases: [...(spec.aliases ?? [])],
          describe: spec.brief ?? spec.describe,
          builder: (command) => {
            described = spec;
            return describeCommand(command, spec);
          },
          handler: (parsed) => {
            found = { kind: 'command', spec, args: argumentsOf(parsed, spec) };
          },
        }),
      basics(width),
    )
    .completion(completionCommand, completionDescribed);
  const output = await collectOutput(parser, arrangeWords(argv, known), known);
  if (output !== '') return { kind: 'text', text: `${withExamples(output, described, width)}\n` };
  return found ?? { kind: 'nothing', help: `${await parser.getHelp()}\n` };
}

function withExamples(help: string, spec: CommandSpec | undefined, columns: number): string {
  return spec === undefined ? help : help.replace(examplesHere, () => examplesOf(spec, columns));
}

function completionScript(): Promise<string> {
  const parser = basics(80).strict(false).completion(completionCommand, completionDescribed);
  return collectOutput(parser, [completionCommand], undefined);
}

function basics(columns: number): Argv {
  return yargs([], import.meta.dirname) // the current folder may be gone
    .scriptName('sapcert')
    .usage('sapcert: device bundles for MQTT clients, and the cause when a connection fails\n\n$0 <command>')
    .parserConfiguration({
      'camel-case-expansion': false,
      'boolean-negation': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
    })
    .version(packageVersion())
    .help()
    .alias('help', 'h')
    .strict()
    .recommendCommands()
    .exitProcess(false)
    .wrap(columns)
    .epilogue(
      'exit codes: 0 fine, 1 a problem was found, 2 usage or input, 3 could not complete or interrupted',
    );
}

function commandLine({ name, positional }: CommandSpec): string {
  if (positional === undefined) return name;
  const inner = positional.many ? `${positional.name}..` : positional.name;
  return `${name} ${positional.required ? `<${inner}>` : `[${inner}]`}`;
}

function describeCommand(command: Argv, spec: CommandSpec): Argv {
  if (spec.positional !== undefined) {
    const { name, describe } = spec.positional;
    command.positional(name, { describe, type: 'string' });
  }
  for (const [name, option] of Object.entries(spec.options)) command.option(name, describeOption(option));
  const usage = [`$0 ${commandLine(spec)}`, spec.describe, examplesHere];
  return command.usage(usage.join('\n\n'));
}

/** Where the examples go; yargs would take the blanks from the start of their lines. */
const examplesHere = '\u0002';

function describeOption(option: OptionSpec): Options {
  const { type, value, describe, alias, choices, shownDefault, repeatable, group } = option;
  return {
    type,
    describe: value === undefined || describe.includes(value) ? describe : `${value}: ${describe}`,
    ...(alias === undefined ? {} : { alias }),
    ...(choices === undefined ? {} : { choices }),
    ...(group === undefined ? {} : { group }),
    ...(shownDefault === undefined ? {} : { defaultDescription: shownDefault }),
    ...(type === 'string' ? { nargs: 1 } : {}),
    ...(repeatable === true ? { array: true } : {}),
  };
}

/** yargs would print by itself; with a callback it hands the text over instead. */
function collectOutput(
  parser: Argv,
  words: readonly string[],
  known: CommandSpec | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    parser.fail((message: string | null, error: Error | undefined) => {
      throw usageError(message ?? error?.message ?? 'the command line is not understood', words, known);
    });
    const settle = (error: Error | undefined | null, _: unknown, output: string): void => {
      if (error instanceof SapcertError) reject(error);
      else if (error) reject(usageError(error.message, words, known));
      else resolve(output.replaceAll(emptyDefault, ''));
    };
    try {
      void Promise.resolve(parser.parse([...words], {}, settle)).catch(reject);
    } catch (error) {
      reject(error);
    }
  });
}

/** What yargs says of inputs that may be several, to nobody's use. */
const emptyDefault = ' [default: []]';

/** Where yargs's own words need a reader who knows yargs. */
const rephrasings: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^Did you mean (.*)\?$/, 'there is no such command; did you mean $1?'],
  [/^Invalid values:\s*Argument: (\S+), Given: (.*?), Choices: /, '--$1 does not take $2; choices: '],
  [/^Not enough non-option arguments.*/, 'there is no input'],
  [/^Not enough arguments following: (\S)$/, '-$1 needs a value'],
  [/^Not enough arguments following: (.*)/, '--$1 needs a value'],
  [/^Unknown arguments?: /, 'one word too many: '],
  [/\s*\n\s*/g, ', '],
];

function usageError(message: string, words: readonly string[], known: CommandSpec | undefined): SapcertError {
  if (known === undefined && message.startsWith('Unknown')) return noCommand(words[0] ?? '');
  const said = rephrasings.reduce(
    (text, [pattern, rephrased]) => text.replace(pattern, rephrased),
    shownWord(message).trim(),
  );
  return new SapcertError('usage.invalid', said.charAt(0).toLowerCase() + said.slice(1), {
    hint: known === undefined ? 'see sapcert --help' : hintFor(said, known),
  });
}

function hintFor(said: string, { name, examples, wordsHint }: CommandSpec): string {
  const see = `see sapcert ${name} --help`;
  if (said === 'there is no input') {
    return `${examples[0]?.[0] ?? ''}; what comes through a pipe is the input -; ${see}`;
  }
  return wordsHint !== undefined && said.startsWith('one word too many') ? `${wordsHint}; ${see}` : see;
}

/** Before yargs guesses by likeness: `demo` is like `send`, and means the sandbox. */
function refuseOtherCommands(argv: readonly string[], specs: readonly CommandSpec[]): void {
  const word = argv[0] === 'help' ? argv[1] : argv[0];
  if (word === undefined || word.startsWith('-') || [completionCommand, 'help'].includes(word)) return;
  const names = specs.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  if (names.includes(word)) return;
  const ours = commandFor(word);
  if (ours === undefined && argv[0] !== 'help') return;
  throw ours === undefined
    ? noCommand(word)
    : new SapcertError('usage.invalid', `there is no command ${word}`, {
        hint: `sapcert ${ours} does it; see sapcert ${ours} --help`,
      });
}

function noCommand(word: string): SapcertError {
  const message = word.startsWith('-') ? `a command comes before ${word}` : `there is no command ${word}`;
  return new SapcertError('usage.invalid', message, {
    hint: 'for one bundle: sapcert strip device.pem; all commands: sapcert --help',
  });
}

/** @throws SapcertError `usage.invalid` for an option that may be given once and was given twice */
function argumentsOf(parsed: Readonly<Record<string, unknown>>, spec: CommandSpec): Arguments {
  const positional = spec.positional === undefined ? undefined : parsed[spec.positional.name];
  const inputs = (Array.isArray(positional) ? positional : positional === undefined ? [] : [positional]).map(
    shownWord,
  );
  const options: Record<string, string | boolean | readonly string[]> = {};
  for (const [name, option] of Object.entries(spec.options)) {
    const value = parsed[name];
    if (value === undefined) continue;
    if (Array.isArray(value) && option.repeatable !== true) {
      throw new SapcertError('usage.invalid', `--${name} is given twice`, {
        hint: `see sapcert ${spec.name} --help`,
      });
    }
    options[name] = Array.isArray(value)
      ? value.map(shownWord)
      : typeof value === 'boolean'
        ? value
        : shownWord(value);
  }
  return { inputs, options };
}
