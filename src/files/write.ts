import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { outputError } from './errors.js';
import { makeFolder, removeFolder } from './folder.js';
import { type Prepared, putInPlace, undo, type WrittenFile } from './place.js';
import { sweepStale, temporaryName } from './stale.js';
import { inspectTarget, type OutputFile, refuseCollisions } from './target.js';

export interface WriteOptions {
  /** Replace an existing file. Without it an existing file that differs is an error and stays. */
  readonly overwrite?: boolean | undefined;
  /** Files that must not be written to: the inputs. */
  readonly inputs?: readonly string[] | undefined;
  /** A folder of outputs that is made if it is missing; on failure it is gone again. */
  readonly makeFolder?: string | undefined;
}

/**
 * Writes all files or none: each to a temporary file in its folder, synced, then put in place at once. What
 * stood there before stays whole until then, and on any failure.
 *
 * @throws SapcertError `output.exists`, `output.collision`, `output.not-writable`, `output.failed`
 */
export function writeFiles(outputs: readonly OutputFile[], options: WriteOptions = {}): WrittenFile[] {
  const { makeFolder: folder } = options;
  const prepared = prepare(outputs, options);
  const isNew = folder !== undefined && makeFolder(folder);
  try {
    for (const file of prepared) writeAndSync(file);
    return putInPlace(prepared);
  } catch (error) {
    undo(prepared);
    if (isNew) removeFolder(folder);
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
    return putInPlace(prepared);
  } catch (error) {
    undo(prepared);
    throw error;
  }
}

function prepare(outputs: readonly OutputFile[], options: WriteOptions): Prepared[] {
  refuseCollisions(outputs, options.inputs ?? []);
  const overwrite = options.overwrite === true;
  const prepared = outputs.map((output): Prepared => {
    const target = inspectTarget(output, overwrite);
    return { output, overwrite, target, temporary: undefined, backup: undefined, placed: false };
  });
  for (const { output, target } of prepared) if (target.kind !== 'stream') sweepStale(dirname(output.path));
  return prepared;
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
