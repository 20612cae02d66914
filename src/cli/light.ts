import type { Arguments, CommandSpec, OptionSpec } from './options.js';
import { isBundleItself } from './words.js';

/**
 * Reads a command line that is plainly well formed, over the same table that yargs is built from. Anything
 * else (a mistake, an abbreviation, a call for help) gives `undefined`: then yargs reads it and has the say.
 *
 * @param argv what follows the command's name
 */
export function readLightly(argv: readonly string[], spec: CommandSpec): Arguments | undefined {
  const names = optionNames(spec);
  const inputs: string[] = [];
  const options: Record<string, string | boolean> = {};
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      inputs.push(word);
      continue;
    }
    const { name, value } = splitWord(word);
    const option = names.get(name);
    if (option === undefined || option.key in options) return undefined;
    const read =
      option.spec.type === 'boolean'
        ? readFlag(value, argv[i + 1])
        : readText(option.spec, value ?? argv[++i]);
    if (read === undefined) return undefined;
    options[option.key] = read;
  }
  const enough = spec.positional?.required !== true || inputs.length > 0;
  const few = spec.positional?.many === true || inputs.length <= (spec.positional === undefined ? 0 : 1);
  return enough && few && inputs.every((input) => input !== '' && !isBundleItself(input))
    ? { inputs, options }
    : undefined;
}

function optionNames(spec: CommandSpec): Map<string, { key: string; spec: OptionSpec }> {
  const names = new Map<string, { key: string; spec: OptionSpec }>();
  for (const [key, option] of Object.entries(spec.options)) {
    names.set(dashed(key), { key, spec: option });
    if (option.alias !== undefined) names.set(dashed(option.alias), { key, spec: option });
  }
  return names;
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** `--name=value` in one word; short options keep their value in the next. */
function splitWord(word: string): { name: string; value: string | undefined } {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  return equals < 0
    ? { name: word, value: undefined }
    : { name: word.slice(0, equals), value: word.slice(equals + 1) };
}

/** yargs takes a following `true` or `false` as the flag's value. */
function readFlag(value: string | undefined, next: string | undefined): true | undefined {
  return value === undefined && next !== 'true' && next !== 'false' ? true : undefined;
}

function readText(spec: OptionSpec, value: string | undefined): string | undefined {
  if (value === undefined || value === '' || spec.repeatable === true) return undefined;
  if (value.startsWith('-') && value !== '-') return undefined;
  if (/^["']|["']$/.test(value)) return undefined; // yargs takes quotes off
  return spec.choices === undefined || spec.choices.includes(value) ? value : undefined;
}
