import type { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SapcertError } from '../../errors.js';
import { writeFiles } from '../../files/index.js';
import type { DeviceCertificate } from '../behaviour.js';
import {
  authorityNames,
  authorityText,
  makeAuthorities,
  readAuthority,
  type Authorities,
} from './authorities.js';
import { chooseDeviceIds, provideDevices, type DeviceKey, type SandboxDevice } from './devices.js';
import { manifestName, readManifest, writeManifest, type ManifestDevice } from './manifest.js';

export interface FolderOptions {
  readonly dir: string | undefined;
  readonly devices: number | undefined;
  readonly deviceIds: readonly string[] | undefined;
  readonly certificate: DeviceCertificate;
  readonly deviceKey: DeviceKey;
  readonly signal: AbortSignal | undefined;
}

/** The files of a sandbox: authorities, devices with their secrets, and a note of what is whose. */
export interface SandboxFolder {
  readonly path: string;
  /** Path of the certificate that a device has to trust. */
  readonly ca: string;
  /** Path of the intermediate certificate that issued the device certificates. */
  readonly deviceIssuer: string;
  readonly authorities: Authorities;
  readonly devices: readonly SandboxDevice[];
  readonly certificates: readonly X509Certificate[];
  /** The text of `model.json`, if somebody put one there. */
  readonly model: string | undefined;
  /** Removes the folder if it was made for this sandbox alone. */
  readonly release: () => void;
}

const authorityFolder = 'authority';
export const modelName = 'model.json';

/**
 * Makes the folder of a sandbox, or takes up one that a sandbox made before.
 *
 * @throws SapcertError `output.exists` for a folder with files of somebody else's, `output.not-writable`,
 *   `usage.invalid`, `file.malformed`
 */
export async function openFolder(options: FolderOptions): Promise<SandboxFolder> {
  const path =
    options.dir === undefined ? mkdtempSync(join(tmpdir(), 'sapcert-sandbox-')) : resolve(options.dir);
  const release = (): void => {
    if (options.dir === undefined) rmSync(path, { recursive: true, force: true });
  };
  try {
    return { ...(await fill(path, options)), release };
  } catch (error) {
    release();
    throw error;
  }
}

async function fill(path: string, options: FolderOptions): Promise<Omit<SandboxFolder, 'release'>> {
  const known = claim(path);
  const kept = readAuthorities(path);
  const authorities = kept ?? (await makeAuthorities());
  if (kept === undefined) writeAuthorities(path, authorities);
  const ofUse = kept === undefined ? [] : known;
  const knownIds = [...new Set(ofUse.map(({ deviceId }) => deviceId))];
  const made = await provideDevices({
    folder: path,
    deviceIds: chooseDeviceIds(options, knownIds),
    certificate: options.certificate,
    deviceKey: options.deviceKey,
    known: ofUse,
    issuer: authorities.deviceIssuer,
    signal: options.signal,
  });
  const noted = made.map((device) => device.noted);
  const bundles = new Set(noted.map(({ bundle }) => bundle));
  const others = ofUse.filter(({ bundle }) => !bundles.has(bundle));
  writeManifest(path, { devices: [...noted, ...others] });
  return {
    path,
    ca: join(path, 'ca.crt'),
    deviceIssuer: join(path, 'device-issuer.crt'),
    authorities,
    certificates: made.map(({ certificate }) => certificate),
    devices: noted.map(({ deviceId, bundle, secretFile }) => ({
      deviceId,
      bundle: join(path, bundle),
      secretFile: join(path, secretFile),
    })),
    model: readOptional(join(path, modelName)),
  };
}

/** Makes sure that the folder is there, private, and a sandbox's; returns the devices noted in it. */
function claim(path: string): readonly ManifestDevice[] {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const { uid } = statSync(path);
    if (process.getuid !== undefined && uid !== process.getuid())
      throw new Error('it belongs to another user');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new SapcertError('output.not-writable', `cannot use the folder ${path}: ${why}`, { cause });
  }
  const manifest = readManifest(path);
  if (manifest !== undefined) return manifest.devices;
  if (readdirSync(path).some((name) => name !== modelName)) {
    throw new SapcertError('output.exists', `${path} holds files that no sandbox made`, {
      hint: `name a new or an empty folder, or one in which a sandbox left its ${manifestName}`,
    });
  }
  chmodSync(path, 0o700);
  // Noted first: what an interruption leaves behind is known to be ours.
  writeManifest(path, { devices: [] });
  return [];
}

/** `undefined` unless all are there: authorities of different times do not fit together. */
function readAuthorities(path: string): Authorities | undefined {
  const texts = authorityNames.map((name) => readOptional(join(path, authorityFolder, `${name}.pem`)));
  const [gatewayRoot, gatewayIssuer, deviceRoot, deviceIssuer] = texts;
  if (!gatewayRoot || !gatewayIssuer || !deviceRoot || !deviceIssuer) return undefined;
  return {
    gatewayRoot: readAuthority('gatewayRoot', gatewayRoot),
    gatewayIssuer: readAuthority('gatewayIssuer', gatewayIssuer),
    deviceRoot: readAuthority('deviceRoot', deviceRoot),
    deviceIssuer: readAuthority('deviceIssuer', deviceIssuer),
  };
}

function writeAuthorities(path: string, authorities: Authorities): void {
  const folder = join(path, authorityFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keys = authorityNames.map((name) => ({
    path: join(folder, `${name}.pem`),
    data: authorityText(authorities[name]),
    secret: true,
  }));
  const toShow = [
    { path: join(path, 'ca.crt'), data: authorities.gatewayRoot.pem, secret: true },
    { path: join(path, 'device-issuer.crt'), data: authorities.deviceIssuer.pem, secret: true },
  ];
  writeFiles([...keys, ...toShow], { overwrite: true });
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
