import { statSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { describeWithPeer } from '../support/peers.js';
import { sapcert, type Ran } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { expectClean, fields, tshark } from '../wire/tshark.js';

const folder = temporaryFolder();
const sandboxes = new Map<string, Sandbox>();

beforeAll(async () => {
  for (const tlsVersion of ['1.2', '1.3'] as const) {
    sandboxes.set(`ok ${tlsVersion}`, await startSandbox({ deviceKey: 'ec-p256', tlsVersion }));
    sandboxes.set(
      `refused ${tlsVersion}`,
      await startSandbox({ deviceKey: 'ec-p256', tlsVersion, fault: 'device-ca-unknown-tls' }),
    );
  }
}, 60_000);

afterAll(async () => {
  for (const sandbox of sandboxes.values()) await sandbox.close();
});

function check(name: string, ...more: readonly string[]): Promise<Ran> {
  const sandbox = sandboxes.get(name)!;
  const host = ['--host', `localhost:${sandbox.port}`, '--ca', sandbox.ca, '--timeout', '3s'];
  return sapcert(['check', sandbox.devices[0]!.bundle, ...host, ...more]);
}

const versions = ['1.2', '1.3'] as const;

describe('check --trace', () => {
  test.each(versions)('TLS %s: every message, in 80 columns of plain text', async (version) => {
    const { status, stdout } = await check(`ok ${version}`, '--trace');
    const text = stdout.toString();
    expect(status).toBe(0);
    const inOrder = [
      'SYN',
      'ClientHello',
      'server name localhost',
      'ServerHello',
      'CertificateRequest',
      'SAP Internet of Things CA',
      'Certificate (1)',
      'CONNECT',
      'CONNACK 0',
      'No problem found',
    ];
    let at = 0;
    for (const words of inOrder) {
      const found = text.indexOf(words, at);
      expect({ words, found: found >= at }).toEqual({ words, found: true });
      at = found;
    }
    expect(text).toContain(`TLSv${version}`);
    expect(text).not.toContain('\u001b');
    expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(80);
  });

  test.each(versions)('TLS %s: the alert with its meaning, and each experiment', async (version) => {
    const { status, stdout } = await check(`refused ${version}`, '--trace');
    const text = stdout.toString();
    expect(status).toBe(1);
    expect(text).toContain('alert 48 unknown_ca');
    expect(text.replaceAll(/[│\s]+/g, ' ')).toContain('finds no authority that it trusts');
    expect(text).toContain('experiment ');
  });

  test('--json has the same rows, and a saved document shows the same ladder', async () => {
    const { stdout } = await check('refused 1.3', '--trace', '--json');
    const saved = join(folder, 'saved.json');
    writeFileSync(saved, stdout);
    const document = JSON.parse(stdout.toString()) as {
      trace: { connection: string; rows: { title: string }[] }[];
      diagnoses: { code: string }[];
    };
    expect(document.trace[0]?.connection).toBe('first-pass');
    expect(document.trace[0]?.rows.map(({ title }) => title)).toEqual(
      expect.arrayContaining(['ClientHello', 'alert 48 unknown_ca']),
    );
    const again = await sapcert(['check', '--from', saved, '--trace']);
    expect(again.status).toBe(1);
    for (const { title } of document.trace[0]!.rows) expect(again.stdout.toString()).toContain(title);
    expect(again.stdout.toString()).toContain(document.diagnoses[0]!.code);
    expect((await sapcert(['check', '--from', saved])).stdout.toString()).not.toContain('ClientHello');
  });
});

describeWithPeer('tshark', 'check --pcap', () => {
  test.each(versions)(
    'TLS %s: tshark reads the handshake and MQTT, and finds nothing wrong',
    async (version) => {
      const file = join(folder, `ok-${version}.pcapng`);
      const { status, stderr } = await check(`ok ${version}`, '--pcap', file);
      expect(status).toBe(0);
      expect(stderr).toMatch(/TLS secrets.*synthesised/);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expectClean(file);
      expect(fields(file, 'tls.handshake.type == 13', 'tls.handshake.type').length).toBeGreaterThan(0);
      expect(tshark(file, '-Y', 'tls.handshake.type == 13', '-V')).toContain('SAP Internet of Things CA');
      expect(fields(file, 'mqtt.msgtype == 1', 'mqtt.clientid')).toEqual([
        [sandboxes.get(`ok ${version}`)!.devices[0]!.deviceId],
      ]);
      expect(fields(file, 'mqtt.msgtype == 2', 'mqtt.conack.val')).toEqual([['0']]);
    },
  );

  test.each(versions)('TLS %s: the alert, in each connection that was refused', async (version) => {
    const file = join(folder, `refused-${version}.pcapng`);
    expect((await check(`refused ${version}`, '--pcap', file)).status).toBe(1);
    const alerts = fields(file, 'tls.alert_message.desc == 48', 'tls.alert_message.desc');
    expect(alerts.length).toBeGreaterThan(0);
    expectClean(file);
  });

  test('--pcap-no-secrets leaves what was encrypted encrypted', async () => {
    const [file, trusting] = [join(folder, 'closed.pcapng'), join(folder, 'open.pcapng')];
    const { stderr } = await check('ok 1.3', '--pcap', file, '--pcap-no-secrets');
    await check('ok 1.3', '--pcap', trusting);
    expect(stderr).toContain('without TLS secrets');
    const [closed, open] = [readFileSync(file), readFileSync(trusting)];
    // A Decryption Secrets Block holds the key log (draft-ietf-opsawg-pcapng, section 4.7).
    expect([closed, open].map((data) => data.includes('CLIENT_TRAFFIC_SECRET_0'))).toEqual([false, true]);
    expect(fields(file, 'mqtt', 'mqtt.msgtype')).toEqual([]);
    expect(fields(file, 'tls.handshake.type == 1', 'tls.handshake.type')).toHaveLength(1);
  });

  test('an existing file stays, and is refused before anything is contacted', async () => {
    const file = join(folder, 'mine.pcapng');
    writeFileSync(file, 'mine');
    const { status, stderr, stdout } = await check('ok 1.2', '--pcap', file);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('mine.pcapng');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await check('ok 1.2', '--pcap', file, '--overwrite')).status).toBe(0);
    expect(readFileSync(file, 'utf8')).not.toBe('mine');
  });
});

describe('check --report', () => {
  test('writes one page for its owner only, with the names replaced, and says so', async () => {
    const file = join(folder, 'ticket.html');
    const { status, stdout, stderr } = await check('refused 1.3', '--report', file);
    expect(status).toBe(1);
    expect(stdout.toString()).not.toContain('ClientHello');
    expect(stderr).toContain('are replaced in it');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const html = readFileSync(file, 'utf8');
    for (const words of [
      '<!doctype html>',
      'tls.client-certificate',
      'ClientHello',
      'alert 48 unknown_ca',
      '<svg role="img"',
    ])
      expect(html).toContain(words);
    expect(html).toMatch(/<dt>sapcert<\/dt><dd>\d+\.\d+\.\d+/);
    expect(html).not.toContain(sandboxes.get('refused 1.3')!.dir);
  });

  test('--no-redact keeps the names', async () => {
    const file = join(folder, 'named.html');
    const { stderr } = await check('ok 1.2', '--report', file, '--no-redact', '--client-id', 'pump-4711');
    expect(stderr).toContain('names hosts');
    expect(readFileSync(file, 'utf8')).toContain('pump-4711');
  });

  test('from a saved document, beside --json', async () => {
    const saved = join(folder, 'for-report.json');
    writeFileSync(saved, (await check('refused 1.2', '--trace', '--json')).stdout);
    const file = join(folder, 'later.html');
    const { status, stdout } = await sapcert(['check', '--from', saved, '--report', file, '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout.toString())).toMatchObject({ schemaVersion: 1 });
    expect(readFileSync(file, 'utf8')).toContain('ladder-0');
  });
});

describe('check --from', () => {
  test.each([
    ['not JSON', 'nonsense', 'not valid JSON'],
    ['another document', '{"schemaVersion":1,"error":{"code":"internal"}}', 'no document of check --json'],
    [
      'half a document',
      '{"schemaVersion":1,"target":{},"stages":[],"experiments":[]}',
      'no document of check --json',
    ],
    ['null', 'null', 'no document of check --json'],
  ])('%s is refused', async (_, text, words) => {
    const file = join(folder, 'bad.json');
    writeFileSync(file, text);
    const { status, stderr } = await sapcert(['check', '--from', file]);
    expect(status).toBe(2);
    expect(stderr).toContain(words);
  });

  test('has no bytes for --pcap', async () => {
    const { status, stderr } = await sapcert(['check', '--from', 'x.json', '--pcap', 'y.pcapng']);
    expect(status).toBe(2);
    expect(stderr).toContain('no bytes');
  });
});
