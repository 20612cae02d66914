import { basename, dirname, extname, join } from 'node:path';
import { parseDeviceName } from '../bundle/device-name.js';
import type { Warning } from '../bundle/types.js';
import { readInput } from '../files/index.js';
import type { SecretTable } from './secrets.js';
import { statsOf } from './stats.js';
import type { FleetInput, FleetTask } from './types.js';

/** A secret with the place it came from, which may be named in messages. */
export interface FoundSecret {
  readonly passphrase: string;
  readonly origin: string;
  readonly warnings: readonly Warning[];
}

/** The secret for a file: by the table, else the one for all, else the bundle's own, else a file beside it. */
export function findSecret(
  input: FleetInput,
  commonName: string | undefined,
  own: string | undefined,
  { secrets, passphrase }: FleetTask,
): FoundSecret | undefined {
  const listed = secrets && listedSecret(secrets, namesOf(input, commonName));
  if (listed !== undefined) return { passphrase: listed, origin: 'the table of secrets', warnings: [] };
  if (passphrase !== undefined) return { passphrase, origin: 'the secret for all', warnings: [] };
  if (own !== undefined) return { passphrase: own, origin: 'the download itself', warnings: [] };
  return input.path === undefined ? undefined : readSidecar(sidecarOf(input.path));
}

function listedSecret(secrets: SecretTable, names: readonly string[]): string | undefined {
  return names.map((name) => secrets.get(name)).find((secret) => secret !== undefined);
}

/** What a table may call a bundle, the most exact name first. */
function namesOf({ name, path }: FleetInput, commonName: string | undefined): readonly string[] {
  const file = basename(path ?? name);
  const device = commonName === undefined ? undefined : parseDeviceName(commonName)?.deviceId;
  const names = [name, path, file, file.slice(0, file.length - extname(file).length), device, commonName];
  return names.filter((candidate) => candidate !== undefined);
}

/** `device.pem` -> `device.secret` */
export const sidecarOf = (path: string): string =>
  join(dirname(path), `${basename(path, extname(path))}.secret`);

const limit = 64 * 1024;

/** The first line of a file beside the bundle, as openssl's `file:` takes it. */
function readSidecar(path: string): FoundSecret | undefined {
  const stats = statsOf(path);
  if (stats?.isFile() !== true) return undefined;
  const text = Buffer.from(readInput(path, limit))
    .toString('utf8')
    .replace(/^\ufeff/, '');
  const passphrase = text.split(/\r?\n/, 1)[0] ?? '';
  if (passphrase === '') return undefined;
  return {
    passphrase,
    origin: path,
    warnings: process.platform !== 'win32' ? openToOthers(path, stats.mode) : [],
  };
}

/** A file of secrets should be its owner's alone. */
export function openToOthers(path: string, mode: number): readonly Warning[] {
  if ((mode & 0o044) === 0) return [];
  const message = 'the secret file can be read by other users of this machine: chmod 600';
  return [{ code: 'passphrase.readable-by-others', message, place: { file: path } }];
}
