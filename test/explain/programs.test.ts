import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from '@jest/globals';
import { explain } from '../../src/catalogue/index.js';
import type { FaultName } from '../../src/sandbox/index.js';
import { client, mosquittoArgs, withSandbox, words, type Lab } from '../sandbox/support.js';
import { describeWithPeer } from '../support/peers.js';
import { run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

/** What programs of today really print, told to `explain`: the name of what it says, or a code that it lists. */
const rows: readonly (readonly [fault: FaultName | undefined, expected: string | RegExp])[] = [
  ['server-expired', 'tls.server-expired'],
  ['server-other-host', 'tls.server-wrong-host'],
  ['server-untrusted', 'tls.server-untrusted'],
  ['server-self-signed', 'tls.server-self-signed'],
  ['server-chain-incomplete', 'tls.server-chain-incomplete'],
  ['plain-mqtt-port', 'tls.plain-mqtt-port'],
  ['device-ca-unknown-tls', /alert 48/],
  ['tls-version-too-old', /alert 70|tls\.version-mismatch/],
];

function expectExplained(said: string, expected: string | RegExp): void {
  const { matches } = explain(said);
  const found = matches.map(({ name, codes = [] }) => `${name} ${codes.join(' ')}`).join('; ');
  expect({ said, found }).toEqual({ said, found: expect.stringMatching(expected) });
}

async function publish(lab: Lab, certificate = true): Promise<string> {
  const args = certificate
    ? mosquittoArgs(lab)
    : words(`-d -V 311 -h localhost -p ${lab.sandbox.port} --cafile ${lab.sandbox.ca} -i x`);
  const { text } = await client('mosquitto_pub', [...args, '-t', `measures/${lab.device.id}`, '-m', '{}']);
  return text;
}

describeWithPeer('mosquitto_pub', 'mosquitto_pub against the sandbox', () => {
  test.each(rows)('%s', async (fault, expected) => {
    await withSandbox({ fault, deviceKey: 'ec-p256' }, async (lab) =>
      expectExplained(await publish(lab), expected),
    );
  });

  test('no certificate', async () => {
    await withSandbox({ deviceKey: 'ec-p256' }, async (lab) =>
      expectExplained(await publish(lab, false), /CONNACK 3|tls\.client-certificate-missing/),
    );
  });

  test('nothing listens', async () => {
    const { stderr } = await run('mosquitto_pub', words('-h 127.0.0.1 -p 1 -t t -m m'));
    expectExplained(stderr, 'tcp.refused');
  });
});

describeWithPeer('paho', 'Python’s ssl against the sandbox', () => {
  const program = [
    'import socket, ssl, sys',
    'context = ssl.create_default_context(cafile=sys.argv[2])',
    's = context.wrap_socket(socket.create_connection(("localhost", int(sys.argv[1])), 5), server_hostname="localhost")',
    's.send(b"\\x10\\x0d\\x00\\x04MQTT\\x04\\x02\\x00\\x3c\\x00\\x01x"); s.recv(4)',
  ].join('\n');

  test.each(rows.filter(([fault]) => !fault!.startsWith('device-')))('%s', async (fault, expected) => {
    await withSandbox({ fault, deviceKey: 'ec-p256' }, async ({ sandbox }) => {
      const { stderr } = await run('python3', ['-c', program, String(sandbox.port), sandbox.ca]);
      expectExplained(stderr, expected);
    });
  });
});

describeWithPeer('openssl', 'openssl and Node', () => {
  const folder = temporaryFolder();

  test.each(rows)('Node at %s', async (fault, expected) => {
    await withSandbox({ fault, deviceKey: 'ec-p256' }, async ({ sandbox, device }) => {
      const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
        const { key, cert } = device;
        connect({ host: 'localhost', port: sandbox.port, ca: sandbox.caPem, key, cert }).on('error', resolve);
      });
      expectExplained(`${error.message} { code: ${error.code} }`, expected);
    });
  });

  test('openssl about an encrypted key, a wrong secret, and a file that is none', async () => {
    await withSandbox({ deviceKey: 'ec-p256' }, async ({ sandbox }) => {
      const bundle = sandbox.devices[0]!.bundle;
      const wrong = await run('openssl', ['pkey', '-in', bundle, '-passin', 'pass:wrong']);
      expectExplained(wrong.stderr, 'key.passphrase-wrong');
    });
    const none = join(folder, 'none.pem');
    writeFileSync(none, 'nothing\n');
    expectExplained((await run('openssl', ['pkey', '-in', none])).stderr, 'file.unrecognised');
  });
});
