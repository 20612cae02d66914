import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { SapcertError } from '../errors.js';
import { outputError, systemCode } from './errors.js';

/**
 * Refuses a folder for outputs that is none and cannot become one by a single `mkdir`. A parent that is missing is
 * rather a name mistyped, or a disk that is not there, than a wish.
 *
 * @throws SapcertError `output.not-writable`, `usage.invalid` for an empty name
 */
export function refuseFolder(folder: string): void {
  if (folder === '') {
    throw new SapcertError('usage.invalid', 'the name of the folder is empty', {
      hint: 'a variable of the shell may have no value',
    });
  }
  const stats = statsThrough(folder);
  if (stats?.isDirectory() === true) return;
  if (stats !== undefined) {
    throw new SapcertError('output.not-writable', `${folder} is a file, no folder`, {
      hint: 'name another folder',
    });
  }
  if (statsThrough(dirname(folder))?.isDirectory() === true) return;
  throw new SapcertError(
    'output.not-writable',
    `there is no folder ${dirname(folder)} to make ${folder} in`,
    {
      hint: 'make it first, with mkdir -p, or name another folder',
    },
  );
}

function statsThrough(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw outputError(path, cause);
  }
}

/**
 * Makes a folder for outputs that hold keys: its owner's alone.
 *
 * @returns whether it was not there before
 * @throws SapcertError `output.not-writable`, `output.failed`
 */
export function makeFolder(folder: string): boolean {
  try {
    fs.mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST') return false;
    throw outputError(folder, cause);
  }
}

/** Takes a folder away that came to nothing, if nobody has put anything into it meanwhile. */
export function removeFolder(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch {
    // Somebody else uses it.
  }
}
