import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { openssl } from '../pki/support.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';

const parent = temporaryFolder();

/** Starts and ends a sandbox at once: its folder is what counts. */
async function filled(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox({ deviceKey: 'ec-p256', ...options });
  await sandbox.close();
  return sandbox;
}

/** Every file of a folder with what is in it. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')]),
  );
}

describe('the folder of a sandbox', () => {
  test('is private, and so is every file in it', async () => {
    const { dir } = await filled({ dir: join(parent, 'private', 'below') });
    const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
    expect(entries.length).toBeGreaterThan(8);
    for (const entry of [...entries.map(({ parentPath, name }) => join(parentPath, name)), dir]) {
      const stats = statSync(entry);
      expect([entry, stats.mode & 0o777]).toEqual([entry, stats.isDirectory() ? 0o700 : 0o600]);
    }
  });

  test('becomes private when it was empty and open to others', async () => {
    const dir = join(parent, 'open');
    mkdirSync(dir);
    chmodSync(dir, 0o755);
    await filled({ dir });
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  test('is taken up again with the same authorities and devices', async () => {
    const dir = join(parent, 'again');
    const first = await filled({ dir, devices: 2 });
    const before = contents(dir);
    const second = await filled({ dir });
    expect(second.devices).toEqual(first.devices);
    expect(contents(dir)).toEqual(before);
  });

  test('gets more devices when more are asked for, and keeps those it has', async () => {
    const dir = join(parent, 'more');
    const named = await filled({ dir, deviceIds: ['pump', 'valve:7'] });
    const bundle = readFileSync(named.devices[0]!.bundle, 'utf8');
    const grown = await filled({ dir, devices: 4 });
    expect(grown.devices.map(({ deviceId }) => deviceId)).toEqual([
      'pump',
      'valve:7',
      'device-1',
      'device-2',
    ]);
    expect(readFileSync(grown.devices[0]!.bundle, 'utf8')).toBe(bundle);
    const fewer = await filled({ dir, devices: 1 });
    expect(fewer.devices.map(({ deviceId }) => deviceId)).toEqual(['pump']);
    expect((await filled({ dir })).devices).toHaveLength(4);
  });

  test('keeps bundles for a fault beside the good ones', async () => {
    const dir = join(parent, 'kinds');
    const good = await filled({ dir });
    const expired = await filled({ dir, fault: 'device-expired' });
    expect(expired.devices[0]!.bundle).not.toBe(good.devices[0]!.bundle);
    expect((await filled({ dir })).devices).toEqual(good.devices);
    expect((await filled({ dir, fault: 'device-expired' })).devices).toEqual(expired.devices);
  });

  test('a bundle that is gone is made again', async () => {
    const dir = join(parent, 'gone');
    const { devices } = await filled({ dir });
    const { bundle } = devices[0]!;
    writeFileSync(bundle, 'not a bundle');
    await filled({ dir });
    expect(readFileSync(bundle, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
  });

  test('with files of somebody else in it is refused and left as it is', async () => {
    const dir = join(parent, 'others');
    mkdirSync(dir, { mode: 0o755 });
    writeFileSync(join(dir, 'thesis.txt'), 'words');
    await expect(filled({ dir })).rejects.toMatchObject({ code: 'output.exists' });
    expect(contents(dir)).toEqual({ 'thesis.txt': 'words' });
    expect(statSync(dir).mode & 0o777).toBe(0o755);
  });

  test.each([
    ['of something else', '{"name": "x"}'],
    ['that leads out of the folder', manifest({ bundle: '../../etc/passwd' })],
    ['that names a path', manifest({ secretFile: '/etc/passwd' })],
  ])('with a sandbox.json %s is refused', async (title, text) => {
    const dir = join(parent, title.replaceAll(' ', '-'));
    mkdirSync(dir);
    writeFileSync(join(dir, 'sandbox.json'), text);
    await expect(filled({ dir })).rejects.toMatchObject({ code: 'file.malformed' });
  });

  test('that is a file is refused', async () => {
    const dir = join(parent, 'file');
    writeFileSync(dir, '');
    await expect(filled({ dir })).rejects.toMatchObject({ code: 'output.not-writable' });
  });

  test('is made and removed again where none is named', async () => {
    const sandbox = await startSandbox({ deviceKey: 'ec-p256' });
    expect(existsSync(sandbox.devices[0]!.bundle)).toBe(true);
    await sandbox.close();
    expect(existsSync(sandbox.dir)).toBe(false);
  });

  test('may hold a model of the devices', async () => {
    const dir = join(parent, 'model');
    mkdirSync(dir);
    writeFileSync(join(dir, 'model.json'), '{"capabilities": {"a": {"b": "colour"}}}');
    await expect(filled({ dir })).rejects.toMatchObject({
      code: 'file.malformed',
      place: { file: join(dir, 'model.json') },
    });
    writeFileSync(join(dir, 'model.json'), '{"capabilities": {"a": {"b": "float"}}}');
    await expect(filled({ dir })).resolves.toMatchObject({ dir });
  });
});

describe('device ids', () => {
  test.each([[['a/b']], [['a|b']], [['+']], [['']], [['a', 'a']], [[]], [['x'.repeat(101)]]])(
    '%j are refused',
    async (deviceIds) => {
      await expect(filled({ deviceIds })).rejects.toMatchObject({ code: 'usage.invalid' });
    },
  );

  test.each([0, -1, 1.5, Number.NaN])('%d devices are refused', async (devices) => {
    await expect(filled({ devices })).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  test('that no file could be named after have files of their own', async () => {
    const deviceIds = ['Gerät 1', '..', 'a.expired', 'a%2e', 'CON, x=1'];
    const { devices } = await filled({ dir: join(parent, 'ids'), deviceIds });
    expect(devices.map(({ deviceId }) => deviceId)).toEqual(deviceIds);
    expect(new Set(devices.map(({ bundle }) => bundle)).size).toBe(deviceIds.length);
    for (const { bundle, secretFile } of devices) {
      expect(readdirSync(join(parent, 'ids'))).toEqual(
        expect.arrayContaining(
          [bundle, secretFile].map((path) => path.slice(join(parent, 'ids').length + 1)),
        ),
      );
    }
  });
});

describeWithPeer('openssl', 'what a sandbox hands out', () => {
  test('bundle and secret go through the three openssl steps', async () => {
    const { devices, deviceIssuer, dir } = await filled({ dir: join(parent, 'sap'), deviceKey: 'rsa-2048' });
    const { bundle, secretFile } = devices[0]!;
    expect(secretFile).toBe(bundle.replace(/\.pem$/, '.secret'));
    expect(readFileSync(secretFile, 'utf8')).toMatch(/^[A-Za-z0-9]{23}\n$/);
    const key = openssl(['rsa', '-in', bundle, '-passin', `file:${secretFile}`]);
    const certificate = openssl(['x509', '-in', bundle]);
    expect(openssl(['rsa', '-noout', '-modulus'], key)).toBe(
      openssl(['x509', '-noout', '-modulus'], certificate),
    );
    const root = join(dir, 'authority', 'deviceRoot.pem');
    expect(openssl(['verify', '-CAfile', root, '-untrusted', deviceIssuer, bundle])).toContain('OK');
  });
});

function manifest(changes: object): string {
  const device = { deviceId: 'd', certificate: 'good', bundle: 'd.pem', secretFile: 'd.secret', ...changes };
  return JSON.stringify({ schemaVersion: 1, kind: 'sapcert sandbox', devices: [device] });
}
