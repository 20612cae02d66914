import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SapcertError } from '../../errors.js';
import { writeFiles } from '../../files/index.js';
import {
  beginning,
  ended,
  sapBundle,
  sapDevice,
  type Authority,
  type SapDeviceOptions,
} from '../../pki/index.js';
import type { DeviceCertificate } from '../behaviour.js';
import type { ManifestDevice } from './manifest.js';

/** A device of the sandbox: its bundle in SAP's form, and beside it the secret that opens the bundle. */
export interface SandboxDevice {
  readonly deviceId: string;
  /** Path of the bundle. */
  readonly bundle: string;
  /** Path of the file that holds the secret. */
  readonly secretFile: string;
}

export interface MadeDevice {
  readonly noted: ManifestDevice;
  readonly certificate: X509Certificate;
}

/** How many keys are made at a time: more would keep Node's thread pool from anything else. */
const atOnce = 8;

const variants: Record<DeviceCertificate, () => Partial<SapDeviceOptions>> = {
  good: () => ({}),
  expired: ended,
  'not-yet-valid': beginning,
  'server-purpose': () => ({ usage: 'server' }),
};

/** The devices with these ids: those that the folder has and that are still of use, and new ones. */
export async function provideDevices(
  folder: string,
  deviceIds: readonly string[],
  certificate: DeviceCertificate,
  known: readonly ManifestDevice[],
  issuer: Authority,
): Promise<MadeDevice[]> {
  const found = deviceIds.map((deviceId) => {
    const noted = known.find((device) => device.deviceId === deviceId && device.certificate === certificate);
    return { deviceId, device: noted === undefined ? undefined : readDevice(folder, noted) };
  });
  const devices: MadeDevice[] = [];
  for (let start = 0; start < found.length; start += atOnce) {
    const batch = found.slice(start, start + atOnce);
    devices.push(
      ...(await Promise.all(
        batch.map(
          async ({ deviceId, device }) => device ?? makeDevice(folder, deviceId, certificate, issuer),
        ),
      )),
    );
  }
  return devices;
}

/** `undefined` when its files are gone or its certificate has ended. */
function readDevice(folder: string, noted: ManifestDevice): MadeDevice | undefined {
  try {
    readFileSync(join(folder, noted.secretFile));
    const text = readFileSync(join(folder, noted.bundle), 'utf8');
    const certificate = new X509Certificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE-----')));
    const usable = noted.certificate === 'expired' || Date.parse(certificate.validTo) > Date.now();
    return usable ? { noted, certificate } : undefined;
  } catch {
    return undefined;
  }
}

async function makeDevice(
  folder: string,
  deviceId: string,
  kind: DeviceCertificate,
  issuer: Authority,
): Promise<MadeDevice> {
  const device = await sapDevice(issuer, { deviceId, ...variants[kind]() });
  // An id may hold what a file name may not; the encoding keeps different ids apart.
  const stem = encodeURIComponent(deviceId) + (kind === 'good' ? '' : `.${kind}`);
  const noted = { deviceId, certificate: kind, bundle: `${stem}.pem`, secretFile: `${stem}.secret` };
  writeFiles(
    [
      { path: join(folder, noted.bundle), data: await sapBundle(device), secret: true },
      { path: join(folder, noted.secretFile), data: `${device.secret}\n`, secret: true },
    ],
    { overwrite: true },
  );
  return { noted, certificate: device.certificate };
}

/**
 * The ids that were asked for, or as many as were asked for: those of the folder first, then `device-1` and so on.
 *
 * @throws SapcertError `usage.invalid`
 */
export function chooseDeviceIds(
  asked: { readonly devices?: number | undefined; readonly deviceIds?: readonly string[] | undefined },
  known: readonly string[],
): string[] {
  if (asked.deviceIds !== undefined) return checkIds(asked.deviceIds);
  const count = asked.devices ?? Math.max(known.length, 1);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new SapcertError('usage.invalid', 'the number of devices has to be 1 or more');
  }
  const ids = known.slice(0, count);
  for (let number = 1; ids.length < count; number += 1) {
    if (!ids.includes(`device-${number}`)) ids.push(`device-${number}`);
  }
  return ids;
}

function checkIds(deviceIds: readonly string[]): string[] {
  for (const deviceId of deviceIds) {
    // Topics are made of it (MQTT 3.1.1 section 4.7), and the parts of the CN are split at `|`.
    if (/^[^+#/|\0]{1,100}$/.test(deviceId)) continue;
    throw new SapcertError('usage.invalid', `${JSON.stringify(deviceId)} cannot be the id of a device`, {
      hint: 'use 1 to 100 characters, none of them + # / or |',
    });
  }
  if (deviceIds.length === 0 || new Set(deviceIds).size !== deviceIds.length) {
    throw new SapcertError('usage.invalid', 'there has to be at least one device, and each id only once');
  }
  return [...deviceIds];
}
