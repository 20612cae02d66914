import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { outputError, systemCode } from './errors.js';
import { temporaryName } from './stale.js';
import { writeStream } from './stream.js';
import { holdsExactly, type OutputFile, type Target } from './target.js';

export interface WrittenFile {
  readonly path: string;
  /** `unchanged`: it already held exactly this. */
  readonly status: 'written' | 'replaced' | 'unchanged';
}

/** An output on its way from a temporary file to its name. */
export interface Prepared {
  readonly output: OutputFile;
  readonly overwrite: boolean;
  target: Target;
  temporary: string | undefined;
  /** Another name of what is being replaced, so that a failure of a later file can bring it back. */
  backup: string | undefined;
  placed: boolean;
}

/**
 * Puts what was written under its name, all of it at once as far as a file system can.
 *
 * @throws SapcertError `output.*`; then {@link undo} brings back what stood there
 */
export function putInPlace(prepared: readonly Prepared[]): WrittenFile[] {
  for (const file of prepared) place(file, prepared.length > 1);
  for (const file of prepared) dropBackup(file);
  return prepared.map(({ output, target }) => ({ path: output.path, status: statusOf(target) }));
}

function dropBackup(file: Prepared): void {
  if (file.backup !== undefined) fs.unlinkSync(file.backup);
  file.backup = undefined;
}

function statusOf(target: Target): WrittenFile['status'] {
  if (target.kind === 'same') return 'unchanged';
  return target.kind === 'replace' ? 'replaced' : 'written';
}

function place(file: Prepared, keepBackup: boolean): void {
  const { output, overwrite, target, temporary } = file;
  try {
    if (target.kind === 'stream') {
      writeStream(output.path, output.data);
    } else if (target.kind === 'replace' && temporary !== undefined) {
      if (keepBackup) file.backup = linkBackup(output.path);
      fs.renameSync(temporary, output.path);
      file.temporary = undefined;
    } else if (target.kind === 'new' && temporary !== undefined) {
      file.placed = placeNew(temporary, output, overwrite);
      if (!file.placed) file.target = { kind: 'same' };
      file.temporary = undefined;
    }
  } catch (cause) {
    throw outputError(output.path, cause);
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
function placeNew(temporary: string, output: OutputFile, overwrite: boolean): boolean {
  if (overwrite) {
    fs.renameSync(temporary, output.path);
    return true;
  }
  try {
    fs.linkSync(temporary, output.path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') return takeNameThenRename(temporary, output.path);
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
  try {
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.unlinkSync(path);
    throw error;
  }
  return true;
}

/** Removes what was written so far and brings back what it replaced. */
export function undo(prepared: readonly Prepared[]): void {
  for (const { temporary, backup, placed, output } of prepared) {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
    if (backup !== undefined) fs.renameSync(backup, output.path);
    if (placed) fs.rmSync(output.path, { force: true });
  }
}
