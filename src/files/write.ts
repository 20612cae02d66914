import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SapcertError } from '../errors.js';
import { outputError } from './errors.js';
import { sweepStale, temporaryPrefix } from './stale.js';

export interface OutputFile {
  readonly path: string;
  readonly data: string | Uint8Array;
  /** Holds key material: 0600 from its first byte. */
  readonly secret: boolean;
}

export interface WrittenFile {
  readonly path: string;
  /** `unchanged`: it already held exactly this. */
  readonly status: 'written' | 'replaced' | 'unchanged';
}

export interface WriteOptions {
  /** Replace an existing file. Without it an existing file that differs is an error and stays. */
  readonly overwrite?: boolean | undefined;
  /** Files that must not be written to: the inputs. */
  readonly inputs?: readonly string[] | undefined;
}

type Target =
  | { readonly kind: 'new' }
  | { readonly kind: 'same' }
  | { readonly kind: 'replace' }
  /** A device or a pipe that somebody named: written into, never replaced. */
  | { readonly kind: 'stream' };

interface Prepared {
  readonly output: OutputFile;
  readonly target: Target;
  temporary: string | undefined;
  /** Another name of what is being replaced, so that a failure of a later file can bring it back. */
  backup: string | undefined;
  placed: boolean;
}

/**
 * Writes all files or none: each to a temporary file in its folder, synced, then put in place at once. What
 * stood there before stays whole until then, and on any failure.
 *
 * @throws SapcertError `output.exists`, `output.collision`, `output.not-writable`, `output.failed`
 */
export function writeFiles(outputs: readonly OutputFile[], options: WriteOptions = {}): WrittenFile[] {
  refuseCollisions(outputs, options.inputs ?? []);
  const prepared = outputs.map((output): Prepared => {
    const target = inspectTarget(output, options.overwrite === true);
    return { output, target, temporary: undefined, backup: undefined, placed: false };
  });
  try {
    for (const file of prepared) writeTemporary(file);
    for (const file of prepared) putInPlace(file, prepared.length > 1);
    for (const { backup } of prepared) if (backup !== undefined) fs.unlinkSync(backup);
  } catch (error) {
    undo(prepared);
    throw error;
  }
  return prepared.map(({ output, target }) => ({ path: output.path, status: statusOf(target) }));
}

function statusOf(target: Target): WrittenFile['status'] {
  if (target.kind === 'same') return 'unchanged';
  return target.kind === 'replace' ? 'replaced' : 'written';
}

function refuseCollisions(outputs: readonly OutputFile[], inputs: readonly string[]): void {
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
      hint: 'the input is the only copy of the encrypted key: write to another file with -o FILE',
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

function inspectTarget(output: OutputFile, overwrite: boolean): Target {
  const stats = fs.lstatSync(output.path, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: 'new' };
  if (isStream(output.path, stats)) return { kind: 'stream' };
  if (stats.isDirectory()) {
    throw new SapcertError('output.not-writable', `${output.path} is a folder`, {
      hint: 'name a file with -o FILE, or a folder for many inputs with --out-dir DIR',
    });
  }
  if (stats.isFile() && holdsExactly(output, stats)) return { kind: 'same' };
  if (overwrite) return { kind: 'replace' };
  const what = stats.isSymbolicLink() ? 'is a symbolic link' : 'exists already and holds something else';
  throw new SapcertError('output.exists', `${output.path} ${what}; it was left as it is`, {
    hint: 'use --overwrite to replace it, or -o FILE for another name',
  });
}

/** `/dev/stdout`, `/dev/fd/63` and the like are links that the system made. */
function isStream(path: string, stats: fs.Stats): boolean {
  if (stats.isCharacterDevice() || stats.isFIFO() || stats.isSocket() || stats.isBlockDevice()) return true;
  if (!stats.isSymbolicLink() || !/^\/(?:dev|proc)\//.test(path)) return false;
  const target = fs.statSync(path, { throwIfNoEntry: false });
  return target !== undefined && !target.isFile() && !target.isDirectory();
}

function holdsExactly({ path, data, secret }: OutputFile, stats: fs.Stats): boolean {
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

function writeTemporary(file: Prepared): void {
  const { path, data, secret } = file.output;
  if (file.target.kind === 'same' || file.target.kind === 'stream') return;
  const folder = dirname(path);
  sweepStale(folder);
  const temporary = temporaryName(folder);
  try {
    const descriptor = fs.openSync(temporary, 'wx', secret ? 0o600 : 0o644);
    file.temporary = temporary;
    try {
      if (secret) fs.fchmodSync(descriptor, 0o600);
      fs.writeFileSync(descriptor, data);
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (cause) {
    throw outputError(path, cause);
  }
}

function temporaryName(folder: string): string {
  return join(folder, `${temporaryPrefix}${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
}

function putInPlace(file: Prepared, keepBackup: boolean): void {
  const { output, target, temporary } = file;
  try {
    if (target.kind === 'stream') {
      writeStream(output);
    } else if (target.kind === 'replace' && temporary !== undefined) {
      if (keepBackup) file.backup = linkBackup(output.path);
      fs.renameSync(temporary, output.path);
      file.temporary = undefined;
    } else if (target.kind === 'new' && temporary !== undefined) {
      placeNew(temporary, output.path);
      file.temporary = undefined;
      file.placed = true;
    }
  } catch (cause) {
    throw outputError(output.path, cause);
  }
}

/** Opened without O_CREAT and O_TRUNC; a pipe waits for its reader. */
function writeStream({ path, data }: OutputFile): void {
  const descriptor = fs.openSync(path, fs.constants.O_WRONLY);
  try {
    fs.writeFileSync(descriptor, data);
  } finally {
    fs.closeSync(descriptor);
  }
}

function linkBackup(path: string): string | undefined {
  const backup = temporaryName(dirname(path));
  try {
    fs.linkSync(path, backup);
    return backup;
  } catch {
    return undefined; // a file system without hard links
  }
}

/** A link fails when the name was taken meanwhile; a rename would replace what another process just wrote. */
function placeNew(temporary: string, path: string): void {
  try {
    fs.linkSync(temporary, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw error;
    // File systems without hard links (FAT, some network shares): the name is taken first, then replaced.
    fs.closeSync(fs.openSync(path, 'wx', 0o600));
    fs.renameSync(temporary, path);
    return;
  }
  fs.unlinkSync(temporary);
}

function undo(prepared: readonly Prepared[]): void {
  for (const { temporary, backup, placed, output } of prepared) {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
    if (backup !== undefined) fs.renameSync(backup, output.path);
    if (placed) fs.rmSync(output.path, { force: true });
  }
}
