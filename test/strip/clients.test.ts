import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sealKey } from '../../src/bundle/keys/index.js';
import { createAuthority, sapDevice, sapIssuer } from '../../src/pki/index.js';
import { describeWithPeer, peerEnv } from '../support/peers.js';
import { run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

/** What SAP's users write: paho with one file for key and certificate. */
const pahoProgram = String.raw`
import sys, ssl, paho.mqtt.client as mqtt
port, ca, certfile, client_id = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
client = mqtt.Client(client_id=client_id)
client.tls_set(ca_certs=ca, certfile=certfile, cert_reqs=ssl.CERT_REQUIRED)
def on_connect(client, userdata, flags, rc):
    print("connected with result code", rc)
    client.publish("measures/" + client_id, '{"measures":[["25"]]}', qos=1)
def on_publish(client, userdata, mid):
    print("published")
    client.disconnect()
client.on_connect, client.on_publish = on_connect, on_publish
client.connect("localhost", port, 10)
client.loop_forever()
`;

const loadProgram =
  'import ssl, sys; ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(sys.argv[1]); print("loaded")';

describeWithPeer(['mosquitto', 'mosquitto_pub', 'paho'], 'newcert.pem in the clients that people use', () => {
  const folder = temporaryFolder();
  const path = (name: string): string => join(folder, name);
  let broker: ChildProcess;
  let port: number;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    const authority = await createAuthority({ subject: 'CN=Broker CA' });
    const server = await authority.issue({
      subject: 'CN=localhost',
      usage: 'server',
      altNames: ['localhost'],
    });
    writeFileSync(path('ca.crt'), authority.pem);
    writeFileSync(path('server.crt'), server.pem);
    writeFileSync(path('server.key'), server.key.export({ type: 'pkcs8', format: 'pem' }));
    await writeDevices(path);
    port = await freePort();
    broker = await startMosquitto(path('mosquitto.conf'), port, folder);
    for (const name of ['device', 'device-2018', 'device-chain']) {
      const ran = await sapcert(['strip', path(`${name}.pem`)]);
      expect(ran.status).toBe(0);
    }
  }, 60_000);

  afterAll(() => void broker?.kill());

  describe.each([
    ['device', 'pump-0001'],
    ['device-2018', 'pump-0002'],
    ['device-chain', 'pump-0003'],
  ])('%s', (name, clientId) => {
    const newcert = path(`${name}.newcert.pem`);

    test('Python’s ssl loads it', async () => {
      expect((await run('python3', ['-c', loadProgram, newcert])).stdout.toString()).toBe('loaded\n');
    });

    test('paho publishes over mutual TLS with it', async () => {
      const ran = await run('python3', [
        '-W',
        'ignore',
        '-c',
        pahoProgram,
        String(port),
        path('ca.crt'),
        newcert,
        clientId,
      ]);
      expect(ran.stdout.toString()).toBe('connected with result code 0\npublished\n');
    });

    test('mosquitto_pub publishes over mutual TLS with it', async () => {
      const tls = ['--cafile', path('ca.crt'), '--cert', newcert, '--key', newcert];
      const message = ['-t', `measures/${clientId}`, '-m', '{"measures":[["25"]]}', '-q', '1'];
      const ran = await run('mosquitto_pub', [
        '-h',
        'localhost',
        '-p',
        String(port),
        '-i',
        clientId,
        ...tls,
        ...message,
      ]);
      expect(ran).toMatchObject({ status: 0, stderr: '' });
    });
  });

  test('the broker does require the certificate', async () => {
    const args = [
      '-h',
      'localhost',
      '-p',
      String(port),
      '--cafile',
      path('ca.crt'),
      '-t',
      'measures/x',
      '-m',
      'x',
      '-q',
      '1',
    ];
    expect((await run('mosquitto_pub', args)).status).not.toBe(0);
  });
});

/** Fresh bundles as SAP issues them (the fixtures expire), two CN forms and one with a chain. */
async function writeDevices(path: (name: string) => string): Promise<void> {
  const sap = await sapIssuer();
  const root = await createAuthority({ subject: 'CN=Root of a device chain' });
  const intermediate = await createAuthority({ subject: 'CN=Issuer of a device chain', parent: root });
  const devices = {
    device: await sapDevice(sap, { deviceId: 'pump-0001' }),
    'device-2018': await sapDevice(sap, { deviceId: 'pump-0002', form: '2018', secretForm: 'signs' }),
    'device-chain': await sapDevice(intermediate, { deviceId: 'pump-0003' }),
  };
  for (const [name, device] of Object.entries(devices)) {
    const chain = name === 'device-chain' ? intermediate.pem + root.pem : '';
    const key = await sealKey(device.key, device.secret, { scheme: 'SAP' });
    writeFileSync(path(`${name}.pem`), key + device.pem + chain);
    writeFileSync(path(`${name}.secret`), device.secret, { mode: 0o600 });
  }
  writeFileSync(path('client-ca.crt'), sap.pem + root.pem);
}

async function startMosquitto(file: string, port: number, folder: string): Promise<ChildProcess> {
  mkdirSync(join(folder, 'empty'), { recursive: true });
  const lines = [
    `listener ${port} localhost`,
    'allow_anonymous true',
    'require_certificate true',
    ...['cafile client-ca.crt', 'certfile server.crt', 'keyfile server.key'].map((line) => {
      const [name, value] = line.split(' ');
      return `${name} ${join(folder, value ?? '')}`;
    }),
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn('mosquitto', ['-c', file], { env: peerEnv(), stdio: 'ignore' });
  await waitForPort(port);
  return child;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, 'localhost', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function waitForPort(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, 'localhost', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}`);
}
