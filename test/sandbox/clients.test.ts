import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { stripBundle } from '../../src/bundle/index.js';
import type { TlsVersion } from '../../src/profiles.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { client, measure, mosquittoArgs, until, withSandbox, words, type Lab, type Said } from './support.js';

const dir = temporaryFolder();
const program = join(import.meta.dirname, 'sap-user.py');

/** The file that sapcert makes of the bundle. */
async function newcert({ sandbox, folder }: Lab): Promise<string> {
  const { bundle, secretFile } = sandbox.devices[0]!;
  const passphrase = readFileSync(secretFile, 'utf8').trimEnd();
  const path = join(folder, 'newcert.pem');
  writeFileSync(path, (await stripBundle(readFileSync(bundle), { passphrase })).combined, { mode: 0o600 });
  return path;
}

async function sapUser({ sandbox }: Lab, id: string, certificate: string): Promise<Said> {
  const args = [program, 'localhost', String(sandbox.port), id, sandbox.ca, certificate];
  return client('python3', args, { endAfterMs: 25_000 });
}

describeWithPeer('paho', "the program of SAP's users, with paho", () => {
  test.each<TlsVersion>(['1.2', '1.3'])(
    'sends ten readings and prints ten acknowledgements over TLS %s',
    async (tlsVersion) => {
      await withSandbox({ dir, tlsVersion }, async (lab) => {
        const { id } = lab.device;
        const { text, status } = await sapUser(lab, id, await newcert(lab));
        const [first, ...acknowledgements] = text.trimEnd().split('\n');
        expect(first).toBe('result code 0 = connection accepted');
        expect(acknowledgements).toEqual(
          Array.from({ length: 10 }, (_, number) => `ack/${id} ${number} 202`),
        );
        expect(status).toBe(0);
      });
    },
  );

  test('prints what the return code means: 3 without a certificate, 2 with another id', async () => {
    await withSandbox({ dir }, async (lab) => {
      expect((await sapUser(lab, lab.device.id, '-')).text).toBe('result code 3 = server unavailable\n');
      const stranger = await sapUser(lab, 'stranger', await newcert(lab));
      expect(stranger.text).toBe('result code 2 = identifier rejected\n');
    });
  });
});

describeWithPeer('mosquitto_pub', 'mosquitto_pub and mosquitto_sub', () => {
  test.each([0, 1, 2])('publish with QoS %i', async (qos) => {
    await withSandbox({ dir }, async (lab) => {
      const args = [...mosquittoArgs(lab), ...words(`-t measures/${lab.device.id} -q ${qos}`), '-m', measure];
      expect((await client('mosquitto_pub', args)).status).toBe(0);
      await until(() => lab.events.some(({ type }) => type === 'measures'));
      expect(lab.events).toContainEqual({
        type: 'measures',
        deviceId: lab.device.id,
        acknowledgements: [{ id: 'message-1', code: 202, messages: [] }],
      });
    });
  });

  test.each([0, 1, 2])('receive a command with QoS %i', async (qos) => {
    await withSandbox({ dir }, async (lab) => {
      const { id } = lab.device;
      const command = { sensorAlternateId: 's', capabilityAlternateId: 'c', command: { light: 'on' } };
      const args = [...mosquittoArgs(lab), ...words(`-t commands/${id} -q ${qos} -C 1`)];
      const listening = client('mosquitto_sub', args);
      await until(() => lab.events.some(({ type }) => type === 'subscribed'));
      await lab.sandbox.sendCommand(id, command);
      const { text, status } = await listening;
      expect(text).toContain(JSON.stringify(command));
      expect(status).toBe(0);
    });
  });

  test('MQTT 5 is refused with return code 1 and MQTT 3.1 is taken', async () => {
    await withSandbox({ dir }, async (lab) => {
      const args = [...mosquittoArgs(lab), ...words(`-t measures/${lab.device.id} -q 1`), '-m', measure];
      expect((await client('mosquitto_pub', [...args, '-V', '5'])).text).toContain(
        'Unsupported Protocol Version',
      );
      expect((await client('mosquitto_pub', [...args, '-V', '31'])).text).toContain('CONNACK (0)');
    });
  });

  test('a second client with the same id ends the first', async () => {
    await withSandbox({ dir }, async (lab) => {
      const first = client('mosquitto_sub', [...mosquittoArgs(lab), '-t', `ack/${lab.device.id}`], {
        endAfterMs: 3000,
      });
      await until(() => lab.events.some(({ type }) => type === 'subscribed'));
      await client('mosquitto_pub', [
        ...mosquittoArgs(lab),
        ...words(`-t measures/${lab.device.id} -q 1 -m {}`),
      ]);
      expect((await first).text).toContain('The connection was lost');
    });
  });
});

describe('the command line client of MQTT.js', () => {
  test('publishes a measure and receives a command', async () => {
    await withSandbox({ dir, devices: 1 }, async (lab) => {
      const { sandbox, device } = lab;
      const where = `-C mqtts -h localhost -p ${sandbox.port} -i ${device.id} --ca ${sandbox.ca}`;
      const who = `--cert ${device.certFile} --key ${device.keyFile}`;
      const cli = join(import.meta.dirname, '../../node_modules/mqtt/build/bin/mqtt.js');
      const mqtt = async (verb: string, args: readonly string[]): Promise<Said> =>
        client(process.execPath, [cli, verb, ...words(`${where} ${who}`), ...args], { endAfterMs: 3000 });

      const published = await mqtt('publish', ['-q', '1', '-t', `measures/${device.id}`, '-m', measure]);
      expect(published).toEqual({ status: 0, text: '' });
      await until(() => lab.events.some(({ type }) => type === 'measures'));

      const command = { sensorAlternateId: 's', capabilityAlternateId: 'c', command: { light: 'on' } };
      const listening = mqtt('subscribe', ['-q', '1', '-t', `commands/${device.id}`]);
      await until(() => lab.events.some(({ type }) => type === 'subscribed'));
      await sandbox.sendCommand(device.id, command);
      expect((await listening).text).toContain(JSON.stringify(command));
    });
  });
});
