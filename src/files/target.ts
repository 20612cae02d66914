import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SapcertError } from '../errors.js';
import { outputError } from './errors.js';
import { descriptorOf, isStream } from './stream.js';

export interface OutputFile {
  readonly path: string;
  readonly data: string | Uint8Array;
  /** Holds key material: 0600 from its first byte. */
  readonly secret: boolean;
}

/** What stands under the name of an output. */
export type Target =
  | { readonly kind: 'new' }
  | { readonly kind: 'same' }
  | { readonly kind: 'replace' }
  /** A device or a pipe that somebody named: written into, never replaced. */
  | { readonly kind: 'stream' };

/**
 * Refuses outputs that would replace each other, or an input.
 *
 * @throws SapcertError `output.collision`
 */
export function refuseCollisions(outputs: readonly OutputFile[], inputs: readonly string[]): void {
  if (outputs.length + inputs.length < 2) return;
  const seen = new Set<string>();
  for (const { path } of outputs) {
    const real = realPath(path);
    if (seen.has(real)) {
      throw new SapcertError('output.collision', `two outputs would be written to the same file: ${path}`, {
        hint: 'give each output a name of its own',
      });
    }
    seen.add(real);
  }
  for (const input of inputs) {
    if (!seen.has(realPath(input))) continue;
    throw new SapcertError('output.collision', `the output would replace its own input: ${input}`, {
      hint: 'an input may be the only copy of a key or a secret: write to another file with -o FILE',
    });
  }
}

/** The same file under all of its names: links are followed, also on the way to a file that is not there yet. */
function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    try {
      return join(fs.realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}

/**
 * Refuses early what writing would refuse late, where there is long work in between.
 *
 * @throws SapcertError `output.exists`, `output.not-writable`
 */
export function refuseExisting(path: string, overwrite: boolean): void {
  const { kind } = inspectTarget({ path, data: '', secret: false }, overwrite);
  if (kind === 'new' && !fs.existsSync(dirname(path))) throw outputError(path, { code: 'ENOENT' });
}

/** @throws SapcertError `output.exists`, `output.not-writable` */
export function inspectTarget(output: OutputFile, overwrite: boolean): Target {
  if (descriptorOf(output.path) !== undefined) return { kind: 'stream' };
  const stats = statsOf(output.path);
  if (stats === undefined) return { kind: 'new' };
  if (isStream(output.path, stats)) return { kind: 'stream' };
  if (stats.isDirectory()) {
    throw new SapcertError('output.not-writable', `${output.path} is a folder`, {
      hint: 'name a file in it; where a command takes a folder for its outputs, that is --out-dir DIR',
    });
  }
  if (stats.isFile() && holdsExactly(output, stats)) return { kind: 'same' };
  if (overwrite) return { kind: 'replace' };
  const what = stats.isSymbolicLink() ? 'is a symbolic link' : 'exists already and holds something else';
  throw new SapcertError('output.exists', `${output.path} ${what}; it was left as it is`, {
    hint: 'use --overwrite to replace it, or give another name',
  });
}

function statsOf(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/** Whether the file holds exactly this output already; then its permissions are tightened too. */
export function holdsExactly({ path, data, secret }: OutputFile, stats: fs.Stats): boolean {
  const wanted = typeof data === 'string' ? Buffer.from(data) : data;
  if (stats.size !== wanted.length) return false;
  try {
    if (!fs.readFileSync(path).equals(wanted)) return false;
    if (secret && (stats.mode & 0o077) !== 0) fs.chmodSync(path, 0o600);
    return true;
  } catch {
    return false;
  }
}
