import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { generate } from 'mqtt-packet';
import { describe, expect, test } from '@jest/globals';
import { createAuthority, type Authority } from '../../src/pki/index.js';
import { confirm, scriptedBroker } from '../connector/support/scripted-broker.js';
import { makeWorld } from '../connector/support/world.js';
import { describeWithPeer, peerEnv } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { repository } from '../support/run.js';
import { accepted, endlessly, hostileServer, slowly, type Attack } from './support/hostile-server.js';
import { type Watched, watched, watchedScript } from './support/watched.js';

const world = await makeWorld(temporaryFolder());
writeFileSync(world.path('device.pem'), world.bundle, { mode: 0o600 });
const env = { S: world.secret };

const kilobytes = (count: number, fill = 0): Buffer => Buffer.alloc(count * 1024, fill);
/** An MQTT packet that says it goes on for 256 MB (MQTT 3.1.1 section 2.2.3: the most that can be said). */
const huge = (type: number): Buffer => Buffer.from([type, 0xff, 0xff, 0xff, 0x7f]);
const connack5 = (properties: object): Buffer =>
  generate({ cmd: 'connack', sessionPresent: false, reasonCode: 0x87, properties }, { protocolVersion: 5 });

interface Row {
  readonly name: string;
  readonly attack: Attack;
  readonly server?: { readonly key: string; readonly cert: string };
  readonly version?: '3.1.1' | '5';
  /** The first diagnosis of `check`, or that there is none. */
  readonly check: string;
  /** What `connectDevice` and then `send` come to. */
  readonly connect: string;
}

const tls = (attack: Extract<Attack, { kind: 'tls' }>['attack'], more: object = {}): Attack => ({
  kind: 'tls',
  attack,
  ...more,
});
const raw = (attack: Extract<Attack, { kind: 'raw' }>['attack']): Attack => ({ kind: 'raw', attack });

const publishWithoutEnd = tls((socket) => {
  socket.write(accepted);
  socket.write(huge(0x30));
  endlessly(socket, kilobytes(64));
});

const rows: Row[] = [
  {
    name: 'zeros without end, instead of TLS',
    attack: raw((socket) => endlessly(socket, kilobytes(64))),
    check: 'tls.not-tls',
    connect: 'tls.not-tls',
  },
  {
    name: 'a ServerHello of 16 MB, without end',
    attack: raw((socket) => {
      socket.write(Buffer.from([22, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff]));
      socket.write(kilobytes(16).subarray(4));
      endlessly(socket, Buffer.concat([Buffer.from([22, 3, 3, 0x40, 0]), kilobytes(16)]));
    }),
    check: 'tls.handshake-failed',
    connect: 'tls.handshake-failed',
  },
  {
    name: 'empty TLS records without end',
    attack: raw((socket) => endlessly(socket, Buffer.alloc(5 * 4000, Buffer.from([22, 3, 3, 0, 0])))),
    check: 'tls.handshake-failed',
    connect: 'tls.handshake-failed',
  },
  {
    name: 'warnings without end',
    attack: raw((socket) => endlessly(socket, Buffer.alloc(7 * 4000, Buffer.from([21, 3, 3, 0, 2, 1, 112])))),
    check: 'tls.handshake-failed',
    connect: 'tls.handshake-failed',
  },
  {
    name: 'TLS a byte at a time',
    attack: raw((socket) => slowly(socket, Buffer.from([22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 0, 0]))),
    check: 'tls.partial-then-silent',
    connect: 'tls.silent',
  },
  {
    name: 'HTTP headers without end',
    attack: raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      endlessly(socket, Buffer.from('X: y\r\n'.repeat(4000)));
    }),
    check: 'tls.http-port',
    connect: 'tls.not-tls',
  },
  {
    name: 'CONNACKs without end',
    attack: tls((socket) => endlessly(socket, Buffer.alloc(16_000, accepted))),
    check: 'mqtt.malformed-reply',
    connect: 'mqtt.refused',
  },
  {
    name: 'a CONNACK of 256 MB',
    attack: tls((socket) => {
      socket.write(huge(0x20));
      endlessly(socket, kilobytes(64));
    }),
    check: 'mqtt.malformed-reply',
    connect: 'mqtt.malformed-reply',
  },
  {
    name: 'a packet length that never ends',
    attack: tls((socket) => {
      socket.write(Buffer.from([0x20]));
      endlessly(socket, kilobytes(64, 0xff));
    }),
    check: 'mqtt.malformed-reply',
    connect: 'mqtt.malformed-reply',
  },
  {
    name: 'a PUBLISH of 256 MB behind the CONNACK',
    attack: publishWithoutEnd,
    check: 'mqtt.malformed-reply',
    connect: 'mqtt.malformed-reply',
  },
  {
    name: 'small PUBLISHes without end',
    attack: tls((socket) => {
      socket.write(accepted);
      endlessly(socket, Buffer.alloc(16_000, Buffer.from([0x30, 6, 0, 3, 97, 47, 98, 33])));
    }),
    check: 'mqtt.keepalive-lost',
    connect: 'mqtt.subscribe-refused',
  },
  {
    name: 'a CONNACK a byte at a time',
    attack: tls((socket) => slowly(socket, Buffer.concat([Buffer.from([0x20, 0x7f]), Buffer.alloc(126)]))),
    check: 'mqtt.no-connack',
    connect: 'mqtt.no-connack',
  },
  {
    name: 'bytes before the CONNECT, without end',
    attack: tls((socket) => endlessly(socket, kilobytes(64, 0x41)), { early: true }),
    check: 'mqtt.malformed-reply',
    connect: 'mqtt.malformed-reply',
  },
  {
    name: 'a Reason String as long as can be',
    version: '5',
    attack: tls((socket) => socket.write(connack5({ reasonString: 'A'.repeat(65_535) }))),
    check: 'mqtt.not-authorized',
    connect: 'mqtt.not-authorized',
  },
  {
    name: 'user properties that fill 200 KB',
    version: '5',
    attack: tls((socket) =>
      socket.write(connack5({ userProperties: { a: Array.from({ length: 20_000 }, () => 'bbbbb') } })),
    ),
    check: 'mqtt.not-authorized',
    connect: 'mqtt.not-authorized',
  },
  {
    name: 'user properties that fill 200 MB',
    version: '5',
    attack: tls((socket) => {
      socket.write(Buffer.from([0x20, 0x80, 0x80, 0x80, 0x60, 0, 0x87, 0xf9, 0xff, 0xff, 0x5f]));
      endlessly(socket, Buffer.alloc(7 * 8000, Buffer.from([0x26, 0, 1, 97, 0, 1, 98])));
    }),
    check: 'mqtt.malformed-reply',
    connect: 'mqtt.malformed-reply',
  },
  {
    name: 'a Reason String that is not UTF-8',
    version: '5',
    attack: tls((socket) =>
      socket.write(
        Buffer.concat([
          Buffer.from([0x20, 15, 0, 0x87, 12, 0x1f, 0, 9]),
          Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf8, 0x88]),
        ]),
      ),
    ),
    check: 'mqtt.not-authorized',
    connect: 'mqtt.not-authorized',
  },
  {
    name: 'a new handshake again and again, TLS 1.2',
    attack: tls((socket) => renegotiate(socket), { tls: { maxVersion: 'TLSv1.2' } }),
    check: 'mqtt.no-connack',
    connect: 'mqtt.no-connack',
  },
  {
    name: 'bytes without end behind close_notify',
    attack: { kind: 'after-close', attack: (socket) => endlessly(socket, kilobytes(64)) },
    check: 'mqtt.closed-after-connack',
    connect: 'tcp.closed',
  },
  {
    name: 'a chain of 100 certificates',
    server: await longChain(100),
    attack: tls(() => undefined),
    check: 'ca-file.not-the-issuer',
    connect: 'tls.server-untrusted',
  },
  {
    name: 'a certificate of 1 MB',
    server: await fatCertificate(1_000_000),
    attack: tls(() => undefined),
    check: 'tls.handshake-failed',
    connect: 'tls.handshake-failed',
  },
];

function renegotiate(socket: TLSSocket): void {
  if (socket.destroyed) return;
  socket.renegotiate({ rejectUnauthorized: false }, (error) => {
    if (error === null) renegotiate(socket);
  });
}

/** A leaf below so many authorities, of which the last is not the one that is trusted. */
async function longChain(length: number): Promise<{ key: string; cert: string }> {
  let parent: Authority | undefined;
  const chain: string[] = [];
  for (let i = 1; i < length; i++) {
    parent = await createAuthority({
      subject: `CN=Authority ${i}`,
      keyKind: 'ec-p256',
      ...(parent === undefined ? {} : { parent }),
    });
    chain.unshift(parent.pem);
  }
  return serverOf(parent, chain, ['localhost', '127.0.0.1']);
}

async function fatCertificate(bytes: number): Promise<{ key: string; cert: string }> {
  const authority = await createAuthority({ subject: 'CN=Fat', keyKind: 'ec-p256' });
  const names = Array.from(
    { length: Math.floor(bytes / 62) },
    (_, i) => `host-${String(i).padStart(48, '0')}.test`,
  );
  return serverOf(authority, [], ['localhost', '127.0.0.1', ...names]);
}

async function serverOf(
  issuer: Authority | undefined,
  chain: readonly string[],
  altNames: readonly string[],
): Promise<{ key: string; cert: string }> {
  if (issuer === undefined) throw new Error('a chain needs an authority');
  const { key, pem } = await issuer.issue({
    subject: 'CN=localhost',
    keyKind: 'ec-p256',
    usage: 'server',
    altNames,
  });
  return { key: String(key.export({ type: 'pkcs8', format: 'pem' })), cert: [pem, ...chain].join('') };
}

/** MB. Node with all that is loaded takes about 75, and `--trace` shows up to 4 MB of what was sent, line by line. */
const mostMemory = 300;

/** Both end, because nothing waits without a deadline; the test has one too, for the day when they do not. */
describe('a hostile broker', () => {
  test.each(rows)(
    '$name',
    async ({ attack, server, version = '3.1.1', check, connect }) => {
      const broker = await hostileServer(attack, server ?? world.server);
      try {
        const checked = await runCheck(broker.port, version);
        expect(checked).toMatchObject({ stderr: expect.not.stringContaining('error'), status: 1 });
        expect(JSON.parse(checked.stdout)).toMatchObject({ diagnoses: { 0: { code: check } } });
        const connected = await runConnect(broker.port, version);
        expect(connected).toMatchObject({ stderr: '', status: 0 });
        const ended = JSON.parse(connected.stdout) as { code: string; message: string };
        expect(ended).toMatchObject({ sent: false, name: 'SapcertError', code: connect });
        expect(ended.message.length).toBeLessThan(1000);
        expect(Math.max(checked.peakMemory, connected.peakMemory)).toBeLessThan(mostMemory);
      } finally {
        broker.close();
      }
    },
    60_000,
  );
});

function runCheck(port: number, version: string): Promise<Watched> {
  const where = ['--host', `127.0.0.1:${port}`, '--ca', world.path('ca.crt'), '--passin', 'env:S'];
  const five =
    version === '5' ? ['--mqtt-version', '5', '--profile', 'generic', '--client-id', 'pump-1'] : [];
  const limits = ['--timeout', '1s', '--json', '--trace'];
  return watched(['check', world.path('device.pem'), ...where, ...five, ...limits], {
    env,
    killAfter: 50_000,
  });
}

function runConnect(port: number, version: string): Promise<Watched> {
  const script = join(repository, 'test/security/support/connect.mjs');
  const args = [String(port), world.path('ca.crt'), world.path('device.pem'), version];
  return watchedScript(script, args, { env, killAfter: 50_000 });
}

describe('sapcert send and a hostile broker', () => {
  const send = (port: number): Promise<Watched> => {
    const where = ['--host', `127.0.0.1:${port}`, '--ca', world.path('ca.crt'), '--passin', 'env:S'];
    const measure = ['--capability', 'c', '--sensor', 's', '--measure', 'a=1', '--ack-timeout', '1s'];
    const args = ['send', world.path('device.pem'), ...where, ...measure, '--json'];
    return watched(args, { env, killAfter: 50_000 });
  };

  test('a PUBLISH of 256 MB behind the CONNACK', async () => {
    const broker = await hostileServer(publishWithoutEnd, world.server);
    try {
      const sent = await send(broker.port);
      expect({ status: sent.status, ...JSON.parse(sent.stdout) }).toMatchObject({
        status: 1,
        error: { code: 'mqtt.malformed-reply' },
      });
      expect(sent.peakMemory).toBeLessThan(mostMemory);
    } finally {
      broker.close();
    }
  }, 60_000);

  test.each<[string, Uint8Array, string]>([
    ['of nothing', Buffer.alloc(0), 'ack.none'],
    ['for measures that nobody sent', Buffer.from('[{"id":"other","code":200}]'), 'ack.none'],
    ['that are no JSON', kilobytes(200, 0x5b), 'ack.none'],
    ['nested without end', Buffer.from('[{"id":'.repeat(20_000)), 'ack.none'],
  ])(
    'acknowledgements without end, %s',
    async (_, payload, code) => {
      const flood = generate({
        cmd: 'publish',
        topic: 'ack/pump-1',
        payload: Buffer.from(payload),
        qos: 0,
        dup: false,
        retain: false,
      });
      const broker = await scriptedBroker(world, {
        onPublish: (packet, peer) => {
          confirm(packet, peer);
          endlessly(peer.socket, flood);
        },
      });
      try {
        const sent = await send(broker.port);
        const [first = ''] = sent.stdout.split('\n');
        expect({ status: sent.status, ...JSON.parse(first) }).toMatchObject({
          status: 1,
          outcome: 'unanswered',
          error: { code },
        });
        expect(sent.peakMemory).toBeLessThan(mostMemory);
      } finally {
        broker.close();
      }
    },
    60_000,
  );
});

describeWithPeer('openssl', 'session tickets without end', () => {
  test('check and the connector end, and know what is missing', async () => {
    const files = ['-key', world.path('server.key'), '-cert', world.path('server.crt')];
    const args = [
      's_server',
      '-accept',
      '127.0.0.1:0',
      ...files,
      '-tls1_3',
      '-num_tickets',
      '200000',
      '-verify',
      '1',
    ];
    const server = spawn('openssl', args, { env: peerEnv() });
    const ended = new Promise((resolve) => server.on('close', resolve));
    server.stderr.resume();
    try {
      const port = await acceptPort(server.stdout);
      const checked = await runCheck(port, '3.1.1');
      expect(JSON.parse(checked.stdout)).toMatchObject({
        diagnoses: [expect.objectContaining({ code: expect.stringMatching(/^(?:mqtt|tls|tcp)\./) })],
      });
      const connected = await runConnect(port, '3.1.1');
      expect(JSON.parse(connected.stdout)).toMatchObject({
        sent: false,
        name: 'SapcertError',
        code: expect.stringMatching(/^(?:mqtt|tls|tcp)\./),
      });
      expect(Math.max(checked.peakMemory, connected.peakMemory)).toBeLessThan(mostMemory);
    } finally {
      server.kill('SIGKILL');
      await ended;
    }
  }, 60_000);
});

async function acceptPort(output: Readable): Promise<number> {
  for await (const line of createInterface({ input: output })) {
    const port = /^ACCEPT .*:(\d+)$/.exec(line)?.[1];
    if (port === undefined) continue;
    output.resume();
    return Number(port);
  }
  throw new Error('openssl s_server did not begin');
}
