import { isUtf8 } from 'node:buffer';
import { basename, dirname, extname, join } from 'node:path';
import { type FoundSecret, foundSecret } from '../bundle/secret.js';
import type { Warning } from '../bundle/types.js';
import type { Stats } from 'node:fs';
import { readInput, statsOf } from './read.js';

/** Far more than any secret has. */
export const secretLimit = 64 * 1024;

/**
 * Reads the secret in a file: its first line, as openssl's `file:` has it.
 *
 * @throws SapcertError `key.passphrase-missing` for an empty one; `file.*`
 */
export function readSecretFile(path: string, origin: string = path, stats?: Stats): FoundSecret {
  return foundSecret(firstLine(readInput(path, secretLimit)), origin, openToOthers(path, stats));
}

/**
 * The secret in the file beside a bundle: for a bundle that needs one and does not bring it along.
 *
 * @returns `undefined` where there is no such file
 * @throws SapcertError as {@link readSecretFile}
 */
export function sidecarSecret(bundle: string): FoundSecret | undefined {
  const sidecar = sidecarOf(bundle);
  const stats = sidecar === undefined ? undefined : statsOf(sidecar);
  if (sidecar === undefined || stats?.isFile() !== true) return undefined;
  return readSecretFile(sidecar, sidecar, stats);
}

/** `device.pem` -> `device.secret` beside it; standard input has nothing beside it. */
export function sidecarOf(bundle: string): string | undefined {
  if (bundle === '-') return undefined;
  return join(dirname(bundle), `${basename(bundle, extname(bundle))}.secret`);
}

/** A file of secrets should be its owner's alone. */
export function openToOthers(path: string, known?: Stats): readonly Warning[] {
  if (path === '-' || process.platform === 'win32') return [];
  const stats = known ?? statsOf(path);
  if (stats?.isFile() !== true || (stats.mode & 0o044) === 0) return [];
  const message = 'the secret file can be read by other users of this machine: chmod 600';
  return [{ code: 'passphrase.readable-by-others', message, place: { file: path } }];
}

/** openssl's rule: the first line, without its line end. */
export function firstLine(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  // What a redirection in Windows PowerShell writes.
  const utf16 = buffer[0] === 0xff && buffer[1] === 0xfe;
  // An editor of Windows writes Latin-1, which UTF-8 would take for damage.
  const encoding = utf16 ? 'utf16le' : isUtf8(buffer) ? 'utf8' : 'latin1';
  const text = buffer.toString(encoding).replace(/^\ufeff/, '');
  return text.split(/\r?\n/, 1)[0] ?? '';
}
