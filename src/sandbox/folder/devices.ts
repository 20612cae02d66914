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

/** How many keys are made at a time: as many as Node's thread pool has threads. */
const atOnce = 4;

/** The kind of a device's key: RSA as SAP makes them, P-256 where thousands are wanted at once. */
export type DeviceKey = 'rsa-2048' | 'ec-p256';

export interface Provision {
  readonly folder: string;
  readonly deviceIds: readonly string[];
  readonly certificate: DeviceCertificate;
  readonly deviceKey: DeviceKey;
  readonly known: readonly ManifestDevice[];
  readonly issuer: Authority;
  readonly signal: AbortSignal | undefined;
}

const variants: Record<DeviceCertificate, () => Partial<SapDeviceOptions>> = {
  good: () => ({}),
  expired: ended,
  'not-yet-valid': beginning,
  'server-purpose': () => ({ usage: 'server' }),
};

/** The devices with these ids: those that the folder has and that are still of use, and new ones. */
export async function provideDevices(provision: Provision): Promise<MadeDevice[]> {
  const { folder, deviceIds, certificate, known } = provision;
  const noted = new Map(
    known.filter((device) => device.certificate === certificate).map((device) => [device.deviceId, device]),
  );
  const devices: MadeDevice[] = [];
  const queue = deviceIds.entries();
  const work = async (): Promise<void> => {
    for (const [index, deviceId] of queue) {
      provision.signal?.throwIfAborted();
      const kept = noted.get(deviceId);
      devices[index] =
        (kept === undefined ? undefined : readDevice(folder, kept)) ??
        (await makeDevice(deviceId, provision));
    }
  };
  // All have ended before this does: nothing is written into a folder that may be removed then.
  const results = await Promise.allSettled(Array.from({ length: atOnce }, work));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
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
  deviceId: string,
  { folder, certificate: kind, deviceKey: keyKind, issuer }: Provision,
): Promise<MadeDevice> {
  const device = await sapDevice(issuer, { deviceId, keyKind, ...variants[kind]() });
  // An id may hold what a file name may not; the encoding keeps different ids apart, and has no plus sign.
  const stem = encodeURIComponent(deviceId) + (kind === 'good' ? '' : `+${kind}`);
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
