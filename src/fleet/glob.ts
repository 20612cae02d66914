import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { statsOf } from '../files/index.js';

/** Whether a path that does not exist could be a pattern. */
export const isPattern = (path: string): boolean => /[*?[{]/.test(path);

/**
 * The files that a pattern names, as shells have it: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`, and `**` for any number
 * of folders. A name that begins with a dot is matched only by a pattern that says the dot. Sorted.
 */
export function expandPattern(pattern: string): readonly string[] {
  const found = new Set(alternatives(pattern.replaceAll('\\', '/')).flatMap(matchesOf));
  return [...found].toSorted(byName);
}

/** `a{b,c{d,e}}` -> `ab`, `acd`, `ace` */
function alternatives(pattern: string): readonly string[] {
  const innermost = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (innermost === null) return [pattern];
  const [group, choices = ''] = innermost;
  const [before, after] = [pattern.slice(0, innermost.index), pattern.slice(innermost.index + group.length)];
  return choices.split(',').flatMap((choice) => alternatives(before + choice + after));
}

function matchesOf(pattern: string): readonly string[] {
  const absolute = pattern.startsWith('/');
  const segments = pattern.split('/').filter((segment) => segment !== '');
  return walk(absolute ? '/' : '', segments);
}

function walk(folder: string, segments: readonly string[]): readonly string[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [];
  if (segment === '**') {
    const deeper = entriesOf(folder).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
    const below = deeper.flatMap(({ name }) => walk(join(folder, name), segments));
    return [...walk(folder, rest.length === 0 ? ['*'] : rest), ...below];
  }
  const last = rest.length === 0;
  if (!isPattern(segment)) {
    const path = join(folder, segment);
    return last ? (isFile(path) ? [path] : []) : walk(path, rest);
  }
  const matcher = segmentMatcher(segment);
  const names = entriesOf(folder).filter(({ name }) => matcher.test(name) && visible(name, segment));
  return names.flatMap(({ name }) => {
    const path = join(folder, name);
    return last ? (isFile(path) ? [path] : []) : walk(path, rest);
  });
}

const visible = (name: string, segment: string): boolean => !name.startsWith('.') || segment.startsWith('.');

function segmentMatcher(segment: string): RegExp {
  const source = segment.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (part, not?: string, set?: string) => {
    if (set !== undefined) return `[${not === '!' ? '^' : ''}${set.replace(/[\\\]^]/g, String.raw`\$&`)}]`;
    if (part === '*') return '.*';
    return part === '?' ? '.' : part.replace(/[\\^$.|+()[\]{}]/, String.raw`\$&`);
  });
  return new RegExp(`^${source}$`, 's');
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder === '' ? '.' : folder, { withFileTypes: true }).toSorted((a, b) =>
      byName(a.name, b.name),
    );
  } catch {
    return [];
  }
}

const isFile = (path: string): boolean => statsOf(path)?.isFile() === true;

/** The same order on every machine, whatever its language. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
