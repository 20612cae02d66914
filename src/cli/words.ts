import { SapcertError } from '../errors.js';
import type { CommandSpec } from './options.js';

/** What yargs would misread as an option travels to it under another name. */
const hidden = '\u0001';

/** A word as it was given, after yargs. */
export function shownWord(word: unknown): string {
  return String(word).replaceAll(hidden, '');
}

/**
 * A command line as yargs reads it right: `help X` is `X --help`, `-oFILE` is `-o FILE`, a lone hyphen is a word
 * like another, as is what looks like a negative number, and all that follows `--`.
 */
export function arrangeWords(argv: readonly string[], spec: CommandSpec | undefined): string[] {
  if (argv[0] === 'help') return argv.length === 1 ? ['--help'] : [...argv.slice(1), '--help'];
  if (/^-v$/i.test(argv[0] ?? '')) return ['--version'];
  const end = argv.indexOf('--');
  const [before, after] = end < 0 ? [argv, []] : [argv.slice(0, end), argv.slice(end + 1)];
  const letters = shortTextOptions(spec);
  return [
    ...before.flatMap((word) => (/^-(?:\d|$)/.test(word) ? [hidden + word] : parted(word, letters))),
    ...after.map((word) => hidden + word),
  ];
}

function shortTextOptions(spec: CommandSpec | undefined): ReadonlySet<string> {
  const options = Object.values(spec?.options ?? {}).filter(({ type }) => type === 'string');
  return new Set(options.flatMap(({ alias }) => (alias?.length === 1 ? [alias] : [])));
}

function parted(word: string, letters: ReadonlySet<string>): string[] {
  const [, letter = '', value = ''] = /^-([A-Za-z])([^=][^]*)$/.exec(word) ?? [];
  return letters.has(letter) ? [`-${letter}`, value] : [word];
}

/**
 * Finds what is wrong with a command line and what yargs would not name.
 *
 * @throws SapcertError `usage.invalid`; a bundle in place of its name is not quoted, it may hold a plain key
 */
export function checkWords(
  argv: readonly string[],
  spec: CommandSpec | undefined,
  specs: readonly CommandSpec[],
): void {
  refuseBundles(argv.filter((word) => word.includes('-----BEGIN')));
  if (spec === undefined) return;
  const end = argv.indexOf('--');
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    const name = /^--([^=]+)/.exec(word)?.[1] ?? /^-([A-Za-z])/.exec(word)?.[1];
    if (name !== undefined && !optionNames(spec).includes(name)) throw noOption(name, spec, specs);
  }
}

/**
 * Refuses inputs that are no names but the bundle itself, pasted or out of a variable.
 *
 * @throws SapcertError `usage.invalid`, which quotes nothing of it
 */
export function refuseBundles(inputs: readonly string[]): void {
  if (!inputs.some(isBundleItself)) return;
  throw new SapcertError('usage.invalid', 'this is a bundle itself, not the name of one', {
    hint: 'hand it over on standard input, in double quotes: printf %s "$BUNDLE" | sapcert strip -',
  });
}

export function isBundleItself(word: string): boolean {
  return word.includes('-----BEGIN') || /^\s*\{\s*"/.test(word);
}

function optionNames({ options }: CommandSpec): string[] {
  const aliases = Object.values(options).flatMap(({ alias }) => (alias === undefined ? [] : [alias]));
  return [...Object.keys(options), ...aliases, 'help', 'h', 'version'];
}

function noOption(name: string, spec: CommandSpec, specs: readonly CommandSpec[]): SapcertError {
  const owners = name.length < 2 ? [] : specs.filter(({ options }) => Object.hasOwn(options, name));
  const meant =
    owners.length === 0
      ? meantBy(name, spec)
      : `${owners.map((owner) => `sapcert ${owner.name}`).join(' and ')} ${owners.length === 1 ? 'has' : 'have'} it; `;
  return new SapcertError('usage.invalid', `there is no option ${dashed(name)}`, {
    hint: `${meant}see sapcert ${spec.name} --help`,
  });
}

function meantBy(name: string, spec: CommandSpec): string {
  const alike =
    name.length < 2 ? [] : optionNames(spec).filter((option) => bare(option).startsWith(start(name)));
  return alike.length === 0 ? '' : `did you mean ${alike.map(dashed).join(' or ')}? `;
}

function dashed(option: string): string {
  return option.length === 1 ? `-${option}` : `--${option}`;
}

/** Enough to tell what somebody meant who left a hyphen or the end out. */
function start(option: string): string {
  return bare(option).slice(0, 4);
}

function bare(option: string): string {
  return option.replaceAll('-', '').toLowerCase();
}
