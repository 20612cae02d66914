import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import { listFaults } from '../../src/sandbox/index.js';
import { describeWithPeer } from '../support/peers.js';
import { repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

interface Ready {
  readonly schemaVersion: number;
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly devices: readonly {
    readonly deviceId: string;
    readonly bundle: string;
    readonly secretFile: string;
  }[];
}

/** Runs `body` beside a sandbox, then ends it as a user does, with Ctrl-C. */
async function withSandbox(
  args: readonly string[],
  body: (ready: Ready) => Promise<void>,
): Promise<number | null> {
  const child = spawn(process.execPath, [
    join(repository, 'bin/sapcert.cjs'),
    'sandbox',
    '--port',
    '0',
    '--json',
    ...args,
  ]);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.stderr.resume();
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      await body(JSON.parse(line) as Ready);
      break;
    }
  } finally {
    child.kill('SIGINT');
  }
  return ended;
}

describe('sapcert sandbox', () => {
  test('says where it is in one line, makes the devices that were asked for, and leaves nothing', async () => {
    let folder = '';
    const status = await withSandbox(
      ['--devices', '2'],
      async ({ schemaVersion, host, port, ca, devices }) => {
        expect({ schemaVersion, host }).toEqual({ schemaVersion: 1, host: '127.0.0.1' });
        expect(port).toBeGreaterThan(0);
        expect(devices).toHaveLength(2);
        folder = dirname(ca);
        expect(statSync(folder).mode & 0o777).toBe(0o700);
        for (const { secretFile } of devices) expect(statSync(secretFile).mode & 0o777).toBe(0o600);
        await Promise.resolve();
      },
    );
    expect(status).toBe(0);
    expect(existsSync(folder)).toBe(false);
  });

  test('lists every fault', async () => {
    const ran = await sapcert(['sandbox', '--fault', 'list']);
    for (const { name } of listFaults()) expect(ran.stdout.toString()).toContain(name);
    const asJson: unknown = JSON.parse(
      (await sapcert(['sandbox', '--fault', 'list', '--json'])).stdout.toString(),
    );
    expect(asJson).toMatchObject({ schemaVersion: 1, faults: listFaults().map(({ name }) => ({ name })) });
  });

  test.each([
    [['--fault', 'nonsense'], '--fault list'],
    [['--port', 'x'], '--port takes a whole number'],
    [['--devices', '-1'], '--devices takes a whole number'],
    [['--dir', '/dev/null/x'], '/dev/null/x'],
  ])('%j is refused', async (args, words) => {
    expect(await sapcert(['sandbox', ...args])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(words),
    });
  });
});

describeWithPeer('mosquitto_pub', 'a stripped bundle at the sandbox', () => {
  const folder = temporaryFolder();

  test('is accepted with the device’s id, and refused without a certificate', async () => {
    await withSandbox(['--dir', join(folder, 'kept')], async ({ host, port, ca, devices }) => {
      const [device] = devices;
      const newcert = join(folder, 'newcert.pem');
      expect((await sapcert(['strip', device?.bundle ?? '', '-o', newcert])).status).toBe(0);
      const id = device?.deviceId ?? '';
      const common = ['-h', host, '-p', String(port), '--cafile', ca, '-i', id, '-V', 'mqttv311', '-q', '1'];
      const message = [
        '-t',
        `measures/${id}`,
        '-m',
        '{"capabilityAlternateId":"c","sensorAlternateId":"s","measures":[["25"]]}',
      ];
      expect(
        await run('mosquitto_pub', [...common, '--cert', newcert, '--key', newcert, ...message]),
      ).toMatchObject({ status: 0 });
      const refused = await run('mosquitto_pub', [...common, ...message]);
      expect(refused.status).not.toBe(0);
      expect(refused.stderr).toMatch(/not available|unavailable/i); // CONNACK return code 3
    });
    expect(existsSync(join(folder, 'kept'))).toBe(true);
  });
});
