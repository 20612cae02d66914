import * as fs from 'node:fs';
import { SapcertError } from '../errors.js';
import { inputError, systemCode } from './errors.js';

/**
 * Reads a file, or standard input for `-`, up to a limit: a huge or endless one is refused without being
 * read whole.
 *
 * @param limit bytes
 * @throws SapcertError `file.not-found`, `file.unreadable`, `file.too-large`
 */
export function readInput(path: string, limit: number): Uint8Array {
  let descriptor: number | undefined;
  try {
    descriptor = path === '-' ? 0 : fs.openSync(path, 'r');
    const stats = fs.fstatSync(descriptor);
    if (stats.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    if (stats.isFile() && stats.size > limit) throw tooLarge(path, limit);
    return readUpTo(descriptor, stats.size > 0 ? stats.size + 1 : 65_536, path, limit);
  } catch (cause) {
    throw inputError(nameOf(path), cause);
  } finally {
    if (descriptor !== undefined && descriptor !== 0) fs.closeSync(descriptor);
  }
}

function nameOf(path: string): string {
  return path === '-' ? 'standard input' : path;
}

function readUpTo(descriptor: number, chunkSize: number, path: string, limit: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafeSlow(chunkSize);
    const count = readSome(descriptor, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    size += count;
    if (size > limit) throw tooLarge(path, limit);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** A terminal or a pipe that another program made non-blocking says EAGAIN when it has nothing yet. */
function readSome(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function tooLarge(path: string, limit: number): SapcertError {
  const most = limit < 1024 * 1024 ? `${limit / 1024} KiB` : `${limit / 1024 / 1024} MiB`;
  return new SapcertError('file.too-large', `it is larger than ${most}`, {
    place: { file: nameOf(path) },
    hint: 'a bundle has a few KiB, a secret a few bytes: check which file is meant',
  });
}

/** What stands under a name; `undefined` where there is nothing, or nothing that may be looked at. */
export function statsOf(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
