import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SapcertError } from '../../errors.js';
import { writeFiles } from '../../files/index.js';
import type { DeviceCertificate } from '../behaviour.js';

/** What a sandbox notes about its folder, by which it knows the folder again. */
export interface Manifest {
  readonly devices: readonly ManifestDevice[];
}

export interface ManifestDevice {
  readonly deviceId: string;
  readonly certificate: DeviceCertificate;
  /** File names within the folder. */
  readonly bundle: string;
  readonly secretFile: string;
}

export const manifestName = 'sandbox.json';
const kind = 'sapcert sandbox';

/** `undefined` where the folder has none. */
export function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, manifestName);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const json = parse(text);
  if (isManifest(json)) return json;
  throw new SapcertError('file.malformed', 'not what a sandbox of this version notes about its folder', {
    place: { file },
    hint: 'take a new folder',
  });
}

export function writeManifest(folder: string, { devices }: Manifest): void {
  const data = `${JSON.stringify({ schemaVersion: 1, kind, devices }, null, 2)}\n`;
  writeFiles([{ path: join(folder, manifestName), data, secret: true }], { overwrite: true });
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}

function isManifest(json: unknown): json is Manifest {
  return (
    isObject(json) &&
    json['schemaVersion'] === 1 &&
    json['kind'] === kind &&
    Array.isArray(json['devices']) &&
    json['devices'].every(isDevice)
  );
}

function isDevice(json: unknown): boolean {
  if (!isObject(json)) return false;
  const { deviceId, certificate, bundle, secretFile } = json;
  return (
    [deviceId, certificate].every((value) => typeof value === 'string') &&
    [bundle, secretFile].every(isFileName)
  );
}

/** A name and no path: what the note says is read only within its folder. */
function isFileName(value: unknown): boolean {
  return typeof value === 'string' && /^[^/\\\0]+$/.test(value) && value !== '.' && value !== '..';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
