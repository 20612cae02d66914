import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { outputError } from './errors.js';
import { sweepStale, temporaryPrefix } from './stale.js';
import { holdsExactly, inspectTarget, type OutputFile, refuseCollisions, type Target } from './target.js';

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

interface Prepared {
  readonly output: OutputFile;
  target: Target;
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
  const prepared = prepare(outputs, options);
  try {
    for (const file of prepared) writeAndSync(file);
    return putAllInPlace(prepared);
  } catch (error) {
    undo(prepared);
    throw error;
  }
}

/**
 * The same for a program that writes many: waits for the disk beside other work. Several calls that wait at the
 * same time are served together by a file system with a journal, several times faster than one by one.
 *
 * @throws SapcertError like `writeFiles`
 */
export async function writeFilesBeside(
  outputs: readonly OutputFile[],
  options: WriteOptions = {},
): Promise<WrittenFile[]> {
  const prepared = prepare(outputs, options);
  try {
    for (const result of await Promise.allSettled(prepared.map(writeAndSyncBeside))) {
      if (result.status === 'rejected') throw result.reason;
    }
    return putAllInPlace(prepared);
  } catch (error) {
    undo(prepared);
    throw error;
  }
}

function prepare(outputs: readonly OutputFile[], options: WriteOptions): Prepared[] {
  refuseCollisions(outputs, options.inputs ?? []);
  const prepared = outputs.map((output): Prepared => {
    const target = inspectTarget(output, options.overwrite === true);
    return { output, target, temporary: undefined, backup: undefined, placed: false };
  });
  for (const { output } of prepared) sweepStale(dirname(output.path));
  return prepared;
}

function putAllInPlace(prepared: readonly Prepared[]): WrittenFile[] {
  for (const file of prepared) putInPlace(file, prepared.length > 1);
  for (const { backup } of prepared) if (backup !== undefined) fs.unlinkSync(backup);
  return prepared.map(({ output, target }) => ({ path: output.path, status: statusOf(target) }));
}

function statusOf(target: Target): WrittenFile['status'] {
  if (target.kind === 'same') return 'unchanged';
  return target.kind === 'replace' ? 'replaced' : 'written';
}

const fsyncBeside = promisify(fs.fsync);

function writeAndSync(file: Prepared): void {
  if (!needsTemporary(file)) return;
  const descriptor = openTemporary(file);
  try {
    writeTemporary(descriptor, file.output);
    fs.fsyncSync(descriptor);
  } catch (cause) {
    throw outputError(file.output.path, cause);
  } finally {
    fs.closeSync(descriptor);
  }
}

async function writeAndSyncBeside(file: Prepared): Promise<void> {
  if (!needsTemporary(file)) return;
  const descriptor = openTemporary(file);
  try {
    writeTemporary(descriptor, file.output);
    await fsyncBeside(descriptor);
  } catch (cause) {
    throw outputError(file.output.path, cause);
  } finally {
    fs.closeSync(descriptor);
  }
}

function needsTemporary({ target }: Prepared): boolean {
  return target.kind === 'new' || target.kind === 'replace';
}

function openTemporary(file: Prepared): number {
  const { path, secret } = file.output;
  const temporary = temporaryName(dirname(path));
  try {
    const descriptor = fs.openSync(temporary, 'wx', secret ? 0o600 : 0o644);
    file.temporary = temporary;
    return descriptor;
  } catch (cause) {
    throw outputError(path, cause);
  }
}

function writeTemporary(descriptor: number, { data, secret }: OutputFile): void {
  if (secret) fs.fchmodSync(descriptor, 0o600);
  fs.writeFileSync(descriptor, data);
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
      file.placed = placeNew(temporary, output);
      if (!file.placed) file.target = { kind: 'same' };
      file.temporary = undefined;
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

/**
 * A link fails when the name was taken meanwhile; a rename would replace what another process just wrote.
 *
 * @returns false when another process just wrote exactly this
 */
function placeNew(temporary: string, output: OutputFile): boolean {
  try {
    fs.linkSync(temporary, output.path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EEXIST') return takeNameThenRename(temporary, output.path);
    const stats = fs.lstatSync(output.path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || !holdsExactly(output, stats)) throw error;
    fs.unlinkSync(temporary);
    return false;
  }
  fs.unlinkSync(temporary);
  return true;
}

/** For file systems without hard links (FAT, some network shares). */
function takeNameThenRename(temporary: string, path: string): true {
  fs.closeSync(fs.openSync(path, 'wx', 0o600));
  fs.renameSync(temporary, path);
  return true;
}

function undo(prepared: readonly Prepared[]): void {
  for (const { temporary, backup, placed, output } of prepared) {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
    if (backup !== undefined) fs.renameSync(backup, output.path);
    if (placed) fs.rmSync(output.path, { force: true });
  }
}
