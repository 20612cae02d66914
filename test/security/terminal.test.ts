import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createAuthority, sapBundle, sapDevice, sapIssuer, sapSubject } from '../../src/pki/index.js';
import { accept, confirm, scriptedBroker, type Script } from '../connector/support/scripted-broker.js';
import { makeWorld } from '../connector/support/world.js';
import { sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();
const world = await makeWorld(root);

/** Sets a window title, clears the screen, both with C0 and C1; turns text around; forges a line; markup. */
const hostile =
  'pump \u001b]0;owned\u0007\u001b[2J\u009b2J\u202Egnp.exe\u2066\r\nFORGED <script>alert(1)</script>';

/** What a terminal obeys; LF is ours, and TAB moves nothing out of its line. */
// eslint-disable-next-line no-control-regex
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const forged = /^\s*FORGED/m;

interface Said {
  readonly status: number | null;
  readonly obeyed: string | undefined;
  readonly forged: boolean;
  /** The hostile words did come through, as text; else the test would prove nothing. */
  readonly shown: boolean;
}

async function say(args: readonly string[], options: Parameters<typeof sapcert>[1] = {}): Promise<Said> {
  const ran = await sapcert(args, options);
  return look(ran.status, ran.stdout.toString() + ran.stderr);
}

function look(status: number | null, text: string): Said {
  return { status, obeyed: obeyed.exec(text)?.[0], forged: forged.test(text), shown: /owned/.test(text) };
}

const quiet = { obeyed: undefined, forged: false, shown: true };

/** A bundle and its secret in a folder whose files have hostile names, too. */
async function hostileDevice(): Promise<{ folder: string; bundle: string }> {
  const folder = mkdtempSync(join(root, 'device-'));
  const issuer = await sapIssuer({
    subject: [
      ['C', 'DE'],
      ['CN', hostile],
    ],
  });
  const device = await sapDevice(issuer, { deviceId: hostile.replaceAll('|', '') });
  const stem = `owned\u001b[2J\u009b2J\u202E\nFORGED`;
  writeFileSync(join(folder, `${stem}.pem`), (await sapBundle(device)) + issuer.pem, { mode: 0o600 });
  writeFileSync(join(folder, `${stem}.secret`), `${device.secret}\n`, { mode: 0o600 });
  return { folder, bundle: join(folder, `${stem}.pem`) };
}

const device = await hostileDevice();

describe('certificate subjects and file names are text, never orders to the terminal', () => {
  test.each<[number, ...string[]]>([
    [0, 'strip', device.bundle],
    [2, 'strip', device.bundle, '-o', join(device.folder, '\u001b[2Jowned', 'new.pem')],
    [2, 'strip', join(device.folder, 'missing\u001b[2Jowned.pem')],
    [2, 'strip', device.bundle, '--key-format', '\u001b[2Jowned'],
    [2, 'strip', '--owned\u001b[2J'],
    [2, 'owned\u001b[2J\u009b'],
    [0, 'split', device.bundle],
    [0, 'inspect', device.bundle],
    [0, 'inspect', device.bundle, device.bundle],
    [2, 'combine', '--key', device.bundle, '--cert', join(device.folder, '\u001b[2Jowned\n')],
    [2, 'explain', 'owned\u001b[2J\u009b\nFORGED'],
    [2, 'sandbox', '--fault', 'owned\u001b[2J\u009b\nFORGED'],
    [2, 'sandbox', '--dir', device.bundle],
    [2, 'check', device.bundle, '--host', 'owned\u001b[2J\u009b\nFORGED'],
    [1, 'check', device.bundle, '--host', '127.0.0.1:1', '--no-experiments'],
    [2, 'send', device.bundle, '--host', 'x', '--qos', 'owned\u001b[2J\u009b\nFORGED'],
  ])('exit code %d: %j', async (status, ...args) => {
    const again = ['strip', 'split'].includes(args[0] ?? '') ? ['--overwrite'] : [];
    expect(await say([...args, ...again])).toEqual({ status, ...quiet });
    expect(await say([...args, ...again, '--json'])).toEqual({ status, ...quiet });
  });

  test('nor in PEM between the blocks', async () => {
    const path = join(device.folder, 'labels.pem');
    const text = readFileSync(join(root, 'device.crt'), 'utf8');
    writeFileSync(
      path,
      `owned\u001b[2J\n-----BEGIN owned\u001b[2J-----\nAAAA\n-----END owned\u001b[2J-----\n${text}`,
    );
    for (const more of [[], ['--json']]) {
      expect(await say(['inspect', path, ...more])).toMatchObject({ obeyed: undefined, forged: false });
    }
  });

  test('nor in JSON downloads', async () => {
    const path = join(device.folder, 'download.json');
    writeFileSync(
      path,
      JSON.stringify({ [hostile]: 1, secret: hostile, pem: hostile, deviceAlternateId: hostile }),
    );
    for (const more of [[], ['--json']]) {
      expect(await say(['strip', path, ...more])).toMatchObject({
        obeyed: undefined,
        forged: false,
        status: 2,
      });
    }
  });

  test('nor in a table of secrets and its folder', async () => {
    const secrets = join(device.folder, '\u001b[2Jowned.csv');
    writeFileSync(secrets, `file,secret\nowned\u001b[2J\u009b.pem,x\n`, { mode: 0o600 });
    mkdirSync(join(device.folder, 'out'), { recursive: true });
    const args = ['strip', device.folder, '--secrets', secrets, '--out-dir', join(device.folder, 'out')];
    expect(await say(args)).toMatchObject({ obeyed: undefined, forged: false, shown: true });
    expect(await say([...args, '--json'])).toMatchObject({ obeyed: undefined, forged: false, shown: true });
  });
});

describe("a broker's words are text, never orders to the terminal", () => {
  const where = (port: number): string[] => [
    '--host',
    `127.0.0.1:${port}`,
    '--ca',
    world.path('ca.crt'),
    '--passin',
    'env:S',
  ];
  const five = ['--profile', 'generic', '--mqtt-version', '5', '--client-id', 'pump-1'];
  const env = { S: world.secret };
  const bundle = world.path('bundle.pem');
  writeFileSync(bundle, world.bundle, { mode: 0o600 });
  const measure = ['--capability', 'c', '--sensor', 's', '--measure', 'a=1'];
  const words = {
    reasonString: hostile,
    serverReference: hostile,
    responseInformation: hostile,
    assignedClientIdentifier: hostile,
    userProperties: { [hostile]: hostile },
  };

  async function withBroker<T>(script: Script, body: (port: number) => Promise<T>): Promise<T> {
    const broker = await scriptedBroker(world, script);
    try {
      return await body(broker.port);
    } finally {
      broker.close();
    }
  }

  /** What check says as text with a trace, as JSON, and in its page. */
  const checked = (script: Script, more: readonly string[]): Promise<readonly Said[]> =>
    withBroker(script, async (port) => {
      const page = join(mkdtempSync(join(root, 'page-')), 'r.html');
      const args = ['check', bundle, ...where(port), ...more, '--timeout', '2s', '--trace'];
      const text = await say([...args, '--report', page, '--no-redact'], { env });
      const html = readFileSync(page, 'utf8');
      expect(html).not.toContain('<script');
      return [text, look(text.status, html), await say([...args, '--json'], { env })];
    });
  const quietly = [0, 1, 2].map(() => ({ status: 1, ...quiet }));

  test('check: a CONNACK with properties', async () => {
    const refuse: Script = {
      onConnect: (peer) =>
        peer.send({
          cmd: 'connack',
          sessionPresent: false,
          returnCode: 5,
          reasonCode: 0x87,
          properties: words,
        }),
    };
    expect(await checked(refuse, five)).toEqual(quietly);
  });

  test('check: a DISCONNECT behind the CONNACK', async () => {
    const disconnect: Script = {
      onConnect: (peer) => {
        accept(peer);
        peer.send({
          cmd: 'disconnect',
          reasonCode: 0x8b,
          properties: { reasonString: hostile, serverReference: hostile },
        });
        peer.socket.end();
      },
    };
    expect(await checked(disconnect, [...five, '--watch', '1s'])).toEqual(quietly);
  });

  test("check: the server's certificate", async () => {
    const authority = await createAuthority({ subject: [['CN', hostile]], keyKind: 'ec-p256' });
    const { key, pem } = await authority.issue({
      subject: sapSubject({ deviceId: hostile }),
      keyKind: 'ec-p256',
      usage: 'server',
    });
    const server = { key: String(key.export({ type: 'pkcs8', format: 'pem' })), cert: pem + authority.pem };
    expect(await checked({ server }, [])).toEqual(quietly);
  });

  test('send: a CONNACK, an acknowledgement, a refusal and a command', async () => {
    const refuse: Script = {
      onConnect: (peer) =>
        peer.send({
          cmd: 'connack',
          sessionPresent: false,
          returnCode: 5,
          reasonCode: 0x87,
          properties: { reasonString: hostile },
        }),
    };
    await withBroker(refuse, async (port) => {
      for (const more of [[], ['--json']]) {
        expect(
          await say(['send', bundle, ...where(port), ...five, ...measure, '--topic', 't', ...more], { env }),
        ).toEqual({ status: 1, ...quiet });
      }
    });
    const talk: Script = {
      onPublish: (packet, peer) => {
        confirm(packet, peer);
        const { measureMessageId: id } = JSON.parse(packet.payload.toString()) as {
          measureMessageId: string;
        };
        const payload = JSON.stringify([{ id, code: 400, messages: [hostile, { [hostile]: hostile }] }]);
        peer.send({
          cmd: 'publish',
          topic: 'ack/pump-1',
          payload: hostile,
          qos: 0,
          dup: false,
          retain: false,
        });
        peer.send({ cmd: 'publish', topic: 'ack/pump-1', payload, qos: 0, dup: false, retain: false });
      },
    };
    await withBroker(talk, async (port) => {
      for (const more of [[], ['--json']]) {
        const refused = join(mkdtempSync(join(root, 'refused-')), 'r.ndjson');
        expect(
          await say(['send', bundle, ...where(port), ...measure, '--refused', refused, ...more], { env }),
        ).toEqual({ status: 1, ...quiet });
        const kept = readFileSync(refused, 'utf8');
        expect(kept).toContain('owned');
        expect(obeyed.exec(kept)).toBeNull();
      }
    });
  });
});
