import { spawn } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startSandbox,
  type Sandbox,
  type SandboxEvent,
  type SandboxOptions,
} from '../../src/sandbox/index.js';
import { peerEnv } from '../support/peers.js';

export interface Lab {
  readonly sandbox: Sandbox;
  readonly events: SandboxEvent[];
  /** A folder for the files of clients. */
  readonly folder: string;
  /** The first device's id and files as clients want them. */
  readonly device: DeviceFiles;
}

export interface DeviceFiles {
  readonly id: string;
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  readonly keyFile: string;
  readonly certFile: string;
  /** Key and certificate in one file. */
  readonly newcert: string;
  /** Leaf and intermediate. */
  readonly chainFile: string;
}

/** Runs `body` with a sandbox of its own, and ends it. */
export async function withSandbox<T>(options: SandboxOptions, body: (lab: Lab) => Promise<T>): Promise<T> {
  const events: SandboxEvent[] = [];
  const sandbox = await startSandbox({ ...options, onEvent: (event) => void events.push(event) });
  const folder = mkdtempSync(join(tmpdir(), 'sapcert-clients-'));
  try {
    return await body({ sandbox, events, folder, device: openDevice(sandbox, folder) });
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Decrypts the bundle of a device with node:crypto and writes the files that clients ask for. */
export function openDevice(sandbox: Sandbox, folder: string, index = 0): DeviceFiles {
  const device = sandbox.devices[index];
  if (device === undefined) throw new Error(`the sandbox has no device ${index}`);
  const bundle = readFileSync(device.bundle, 'utf8');
  const passphrase = readFileSync(device.secretFile, 'utf8').trimEnd();
  const key = String(createPrivateKey({ key: bundle, passphrase }).export({ type: 'pkcs8', format: 'pem' }));
  const cert = bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE-----'));
  const write = (name: string, text: string): string => {
    const path = join(folder, `${index}.${name}`);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return {
    id: device.deviceId,
    key,
    cert,
    keyFile: write('private.key', key),
    certFile: write('certificate.crt', cert),
    newcert: write('newcert.pem', key + cert),
    chainFile: write('chain.crt', cert + readFileSync(sandbox.deviceIssuer, 'utf8')),
  };
}

export interface Said {
  /** `null` when it had to be ended. */
  readonly status: number | null;
  /** Both streams. */
  readonly text: string;
}

/** Runs a client; one that is still running after `endAfterMs` is ended. */
export async function client(
  command: string,
  args: readonly string[],
  { endAfterMs = 10_000, input = '' }: { readonly endAfterMs?: number; readonly input?: string } = {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    // A client that is ended would take the lines with it that it still held back.
    const child = spawn('stdbuf', ['-oL', command, ...args], {
      env: peerEnv({ SSL_CERT_FILE: '/dev/null' }),
    });
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), endAfterMs);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, text: Buffer.concat(chunks).toString() });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** Arguments as one would type them; no value has a space in it. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** What every mosquitto client is told: where, as whom, and to say what it does. */
export function mosquittoArgs({ sandbox, device }: Lab, certFile: string = device.certFile): string[] {
  const where = `-d -V 311 -h localhost -p ${sandbox.port} --cafile ${sandbox.ca}`;
  return words(`${where} -i ${device.id} --cert ${certFile} --key ${device.keyFile}`);
}

/** A message on `measures/<device>` as SAP's documentation shows it. */
export const measure = JSON.stringify({
  capabilityAlternateId: 'climate',
  sensorAlternateId: 'sensor-1',
  measureMessageId: 'message-1',
  measures: [['25']],
});

/** Waits until something is so; the test's own timeout ends it. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
