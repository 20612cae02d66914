import { closeSync, type Dirent, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { inputError, readInput } from '../files/index.js';
import { errorData } from './error-data.js';
import { byName, expandPattern, isPattern } from './glob.js';
import { statsOf } from './stats.js';
import type { ErrorData } from './types.js';

/** One input of many, before it is read. */
export interface NamedInput {
  readonly path: string;
  /** The path below the folder that was given; of others the path as it was given. The same on all machines. */
  readonly name: string;
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
 * depth, that look as if they held a private key; whatever else lies there is left alone, and so is what
 * sapcert itself wrote. What was named by itself is always taken, also if it is not there.
 *
 * @throws SapcertError `file.not-found`, `file.unreadable`, `file.too-large` for the list
 */
export function expandInputs({ inputs, listFile }: InputSources): readonly NamedInput[] {
  const listed = listFile === undefined ? [] : readList(listFile);
  const found = new Map<string, NamedInput>();
  for (const given of [...inputs, ...listed]) {
    for (const input of expand(given)) {
      const identity = input.path === '-' ? '-' : resolve(input.path);
      if (!found.has(identity)) found.set(identity, input);
    }
  }
  return [...found.values()];
}

function readList(path: string): readonly string[] {
  const text = Buffer.from(readInput(path, maximumListSize))
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const lines = text.includes('\0') ? text.split('\0') : text.split(/\r?\n/);
  return lines.filter((line) => line.trim() !== '');
}

/** Room for millions of paths. */
const maximumListSize = 512 * 1024 * 1024;

function expand(given: string): readonly NamedInput[] {
  const single = { path: given, name: given, folder: '' };
  if (given === '-') return [single];
  const stats = statsOf(given);
  if (stats?.isDirectory() === true) return filesIn(given, given);
  if (stats !== undefined || !isPattern(given)) return [single];
  const matches = expandPattern(given);
  return matches.length === 0 ? [single] : matches.map((path) => ({ path, name: path, folder: '' }));
}

function filesIn(folder: string, root: string): readonly NamedInput[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => byName(a.name, b.name));
  } catch (cause) {
    const name = relative(root, folder);
    return [{ path: folder, name, folder: name, error: errorData(inputError(folder, cause)) }];
  }
  return entries.flatMap((entry): readonly NamedInput[] => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) return [];
    if (entry.isDirectory()) return filesIn(path, root);
    if (!isOurs(entry.name) && statsOf(path)?.isFile() === true && looksLikeBundle(path)) {
      return [{ path, name: relative(root, path), folder: relative(root, folder) }];
    }
    return [];
  });
}

/** Outputs of strip and split, and the files of secrets. */
const isOurs = (name: string): boolean =>
  /\.(?:newcert\.pem|private\.key|certificate\.crt|secret)$/i.test(basename(name));

/** Read into again and again: a folder may hold many files. */
const beginning = Buffer.alloc(64 * 1024);

/** Whether the beginning of a file is that of something with a private key in it. */
function looksLikeBundle(path: string): boolean {
  const start = beginningOf(path);
  if (start === undefined || start.length === 0) return false;
  if (start[0] === 0x30 && (start[1] ?? 0) >= 0x80) return true;
  const text = start.toString('latin1').replaceAll('\0', '');
  if (/PRIVATE KEY-----/.test(text)) return true;
  return /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(text) && /"(?:pem|p12|certificate)"/.test(text);
}

function beginningOf(path: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return beginning.subarray(0, readSync(descriptor, beginning, 0, beginning.length, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
