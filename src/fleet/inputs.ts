import { type Dirent, readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { inputError, readInput, statsOf } from '../files/index.js';
import { errorData } from './error-data.js';
import { byName, expandPattern, isPattern } from './glob.js';
import { looksWanted, type Wanted } from './recognise.js';
import { namesTextOf } from './text.js';
import type { ErrorData } from './types.js';

/** One input of many, before it is read. */
export interface NamedInput {
  readonly path: string;
  /**
   * The path below the folder that was given; of others, and where two such paths are the same, the path as it was
   * given.
   */
  readonly name: string;
  /** By what shards are taken, where it is not the name: the same on all machines. */
  readonly shardName?: string | undefined;
  /** It was named by itself, not found in a folder or by a pattern. */
  readonly named?: boolean | undefined;
  /** It was found in a folder that was given. */
  readonly inFolder?: boolean | undefined;
  /** The folder, relative to the one that was given, that a tree of outputs keeps. */
  readonly folder: string;
  /** A folder that could not be looked into. */
  readonly error?: ErrorData | undefined;
}

export interface InputSources {
  /** Files, folders, patterns; `-` is standard input. */
  readonly inputs: readonly string[];
  /** A file that lists more of them, one a line, or separated by NUL as `find -print0` does; `-` is standard input. */
  readonly listFile?: string | undefined;
}

/**
 * Finds all inputs, in the order in which they were named, each once. Of a folder those files are taken, at any
 * depth, that look as if they held what is wanted, and those that cannot be looked at; links to files are followed,
 * links to folders are not. Whatever else lies there is left alone. What was named by itself is always taken, also
 * if it is not there.
 *
 * @param wanted what is taken out of folders
 * @throws SapcertError `file.not-found`, `file.unreadable`, `file.too-large` for the list
 */
export function expandInputs(
  { inputs, listFile }: InputSources,
  wanted: Wanted = 'keys',
): readonly NamedInput[] {
  const listed = listFile === undefined ? [] : readList(listFile);
  const found = new Map<string, NamedInput>();
  for (const given of [...inputs, ...listed]) {
    for (const input of expand(given, wanted)) {
      const identity = input.path === '-' ? '-' : resolve(input.path);
      if (!found.has(identity)) found.set(identity, input);
    }
  }
  return withNamesOfTheirOwn([...found.values()]);
}

/** Of two folders that were given, both may hold an `a.pem`. */
function withNamesOfTheirOwn(inputs: readonly NamedInput[]): readonly NamedInput[] {
  const counts = new Map<string, number>();
  for (const { name } of inputs) counts.set(name, (counts.get(name) ?? 0) + 1);
  return inputs.map((input) => {
    const { name, path } = input;
    return counts.get(name) === 1 ? input : { ...input, name: path, shardName: name };
  });
}

function readList(path: string): readonly string[] {
  const text = namesTextOf(readInput(path, maximumListSize));
  const lines = text.includes('\0') ? text.split('\0') : text.split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '');
}

/** Room for millions of paths. */
const maximumListSize = 512 * 1024 * 1024;

function expand(given: string, wanted: Wanted): readonly NamedInput[] {
  if (given === '-') return [{ path: '-', name: 'standard input', folder: '', named: true }];
  const single = { path: given, name: given, folder: '', named: true };
  const stats = statsOf(given);
  if (stats?.isDirectory() === true) return filesIn(given, given, wanted);
  if (stats !== undefined || !isPattern(given)) return [single];
  const matches = expandPattern(given);
  return matches.length === 0 ? [single] : matches.map((path) => ({ path, name: path, folder: '' }));
}

function filesIn(folder: string, root: string, wanted: Wanted): readonly NamedInput[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => byName(a.name, b.name));
  } catch (cause) {
    const name = relative(root, folder);
    return [
      {
        path: folder,
        name: name === '' ? root : name,
        folder: name,
        error: errorData(inputError(folder, cause)),
      },
    ];
  }
  return entries.flatMap((entry): readonly NamedInput[] => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || /\.secret$/i.test(entry.name)) return [];
    if (entry.isDirectory()) return filesIn(path, root, wanted);
    if (!isFileOrGone(entry, path) || !looksWanted(path, wanted)) return [];
    return [{ path, name: relative(root, path), folder: relative(root, folder), inFolder: true }];
  });
}

/** A link that leads nowhere, or a file that vanished, is somebody's bundle; a pipe or a device is none. */
function isFileOrGone(entry: Dirent, path: string): boolean {
  if (entry.isFile()) return true;
  const stats = statsOf(path);
  return stats === undefined || stats.isFile();
}
