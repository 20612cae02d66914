import { SapcertError } from '../errors.js';
import { statsOf } from '../files/index.js';
import { isForeign, oursFor } from './foreign-options.js';
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
  const words = end < 0 ? argv : argv.slice(0, end);
  for (const [index, word] of words.entries()) {
    const option = optionIn(word, spec);
    if (option === '-h' && isValue(words[index + 1]) && 'host' in spec.options) throw helpForHost();
    if (option !== undefined && !optionNames(spec).map(dashed).includes(option))
      throw noOption(option, word, spec, specs);
  }
}

/**
 * The option that a word is meant as, with its hyphens. `-oFILE` is `-o`; but `-out` is openssl's, and `-overwrite`
 * lacks a hyphen: neither is to write a file of the name of its end.
 */
function optionIn(word: string, spec: CommandSpec): string | undefined {
  const long = /^--[^=]+/.exec(word)?.[0];
  if (long !== undefined) return long;
  const [single = '', name = ''] = /^-([A-Za-z][\w.-]+)/.exec(word) ?? [];
  if (isForeign(single) || Object.hasOwn(spec.options, name)) return single;
  return /^-[A-Za-z]/.exec(word)?.[0];
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith('-');
}

function helpForHost(): SapcertError {
  return new SapcertError('usage.invalid', '-h is help here, and takes no value', {
    hint: 'name the gateway with --host HOST',
  });
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

function noOption(
  option: string,
  word: string,
  spec: CommandSpec,
  specs: readonly CommandSpec[],
): SapcertError {
  const isFile = statsOf(word) !== undefined;
  const meant = isFile
    ? 'a file of that name goes behind --, or begins with ./; '
    : meantBy(option, spec, specs);
  return new SapcertError('usage.invalid', `there is no option ${option}`, {
    hint: `${meant}see sapcert ${spec.name} --help`,
  });
}

function meantBy(option: string, spec: CommandSpec, specs: readonly CommandSpec[]): string {
  const name = option.replace(/^--?/, '');
  if (name.length > 1 && Object.hasOwn(spec.options, name)) return `did you mean --${name}? `;
  const ours = oursFor(option, spec, specs);
  if (ours !== undefined) return `${ours}; `;
  if (name.length < 2) return '';
  const owners = specs.filter(({ options }) => Object.hasOwn(options, name));
  if (owners.length > 0) {
    const names = owners.map((owner) => `sapcert ${owner.name}`).join(' and ');
    return `${names} ${owners.length === 1 ? 'has' : 'have'} it; `;
  }
  const alike = optionNames(spec).filter((own) => bare(own).startsWith(start(name)));
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
