import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { type Ran, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const folder = temporaryFolder();
let sandbox: Sandbox;
let where: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ dir: join(folder, 'sandbox'), devices: 3 });
  where = ['--host', `${sandbox.host}:${sandbox.port}`, '--ca', sandbox.ca];
});

afterAll(() => sandbox.close());

const bundle = (index: number): string => sandbox.devices[index]?.bundle ?? '';
const document = (ran: Ran): unknown => JSON.parse(ran.stdout.toString());

describe('sapcert check', () => {
  test('a device that can connect: exit code 0, and said before that it takes the device’s place', async () => {
    const ran = await sapcert(['check', bundle(0), ...where]);
    expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('if the device is running') });
    expect(ran.stdout.toString()).toContain('No problem found');
    expect(
      Math.max(
        ...ran.stdout
          .toString()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  test('the id of another device: said that the device’s own may be tried, unless nothing is tried', async () => {
    const probe = ['check', bundle(0), ...where, '--client-id', 'x'];
    const tried = await sapcert(probe);
    expect(tried.stderr).toContain('device-1 may be tried as well');
    const quiet = await sapcert([...probe, '--no-experiments', '--json']);
    expect(quiet.stderr).not.toContain('device-1');
    expect(document(quiet)).toMatchObject({ experiments: [] });
  });

  test('the same port twice is no mistake, nor is one beside a scheme', async () => {
    const port = ['--port', String(sandbox.port), '--until', 'tcp'];
    expect(await sapcert(['check', ...where, ...port])).toMatchObject({ status: 0 });
    const url = ['--host', `https://${sandbox.host}`, '--ca', sandbox.ca];
    expect(await sapcert(['check', ...url, ...port])).toMatchObject({ status: 0 });
  });

  test('verify-connect is another name of it', async () => {
    expect(await sapcert(['verify-connect', bundle(0), ...where, '--until', 'tls'])).toMatchObject({
      status: 0,
      stderr: '',
    });
  });

  test('a measure is published only when one is given, and its acknowledgement is shown', async () => {
    const measure = JSON.stringify({
      capabilityAlternateId: 'c',
      sensorAlternateId: 's',
      measures: [['25']],
    });
    const ran = await sapcert(['check', bundle(0), ...where, '--measure', measure, '--json']);
    expect(document(ran)).toMatchObject({
      schemaVersion: 1,
      diagnoses: [],
      stages: { 5: { stage: 'ack', outcome: 'ok' } },
    });
  });

  test.each<[string, () => string[], string, number]>([
    ['no certificate', () => [], 'tls.client-certificate-missing', 1],
    ['another client id', () => [bundle(0), '--client-id', 'x'], 'mqtt.client-id-refused', 1],
    ['MQTT 5', () => [bundle(0), '--mqtt-version', '5'], 'mqtt.protocol-version-refused', 1],
    ['no such file', () => [join(folder, 'none.pem')], 'file.not-found', 2],
    ['a wrong secret', () => [bundle(0), '--passin', 'env:WRONG'], 'key.passphrase-wrong', 2],
  ])('%s: named, exit code not 0', async (_, args, code, status) => {
    const ran = await sapcert(['check', ...args(), ...where, '--json'], { env: { WRONG: 'wrong-canary' } });
    expect(ran.status).toBe(status);
    expect(document(ran)).toMatchObject({ diagnoses: { 0: { code } } });
    expect(ran.stdout.toString() + ran.stderr).not.toContain('wrong-canary');
  });

  test.each<[readonly string[], string]>([
    [[], 'no host'],
    [['--host', 'a b'], 'not a host name'],
    [['--host', 'h', '--publish', 't'], '--publish TOPIC and --message TEXT'],
    [['--host', 'h', '--measure', '{'], '--measure takes JSON'],
    [['--host', 'h', '--timeout', 'soon'], '--timeout takes a number and a unit'],
    [['a', 'b', '--host', 'h', '--trace'], '--trace is about one device'],
  ])('%j is refused', async (args, words) => {
    expect(await sapcert(['check', ...args])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(words),
    });
  });
});

describe('check of many devices', () => {
  test('a line each, then how many stand how; the gravest exit code', async () => {
    writeFileSync(join(folder, 'broken.pem'), 'x');
    const inputs = [bundle(0), bundle(1), join(folder, 'broken.pem'), bundle(2)];
    const asText = await sapcert(['check', ...inputs, ...where, '--concurrency', '2']);
    expect(asText.status).toBe(2);
    expect(asText.stdout.toString()).toMatch(/3 fine\n\s+1 file\.unrecognised: .*broken\.pem\n$/);
    const asJson = await sapcert(['check', ...inputs, ...where, '--rate', '20', '--json']);
    const documents = asJson.stdout
      .toString()
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(documents).toMatchObject([
      ...inputs.map((input, index) => ({
        schemaVersion: 1,
        input,
        status: index === 2 ? 'failed' : 'done',
        report: { stages: expect.any(Array) },
      })),
      { summary: { total: 4, fine: 3, causes: [{ code: 'file.unrecognised', count: 1 }] } },
    ]);
  });

  test('a folder, with a table that knows the devices but not their files', async () => {
    const [place, table] = [join(folder, 'renamed'), join(folder, 'devices.csv')];
    mkdirSync(place);
    const rows = sandbox.devices.map(({ deviceId, bundle: file, secretFile }, index) => {
      copyFileSync(
        file,
        join(place, `a rather long name of a file that nobody would cut, number ${index}.pem`),
      );
      return `${deviceId};${readFileSync(secretFile, 'utf8').trim()}`;
    });
    writeFileSync(table, `device;secret\r\n${rows.join('\r\n')}`, { mode: 0o600 });
    const ran = await sapcert(['check', place, ...where, '--secrets', table]);
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.stdout.toString()).toMatch(
      /^(?:ok {5}a rather long name .*, number \d\.pem \d+ ms\n){3}\n {2}3 fine\n$/,
    );
    const without = await sapcert(['check', place, ...where]);
    expect(without).toMatchObject({ status: 2 });
    expect(without.stdout.toString()).toContain('3 key.passphrase-missing');
  });
});
