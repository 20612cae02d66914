import { describe, expect, test } from '@jest/globals';
import { listFaults, type FaultName, type SandboxOptions } from '../../src/sandbox/index.js';
import type { TlsVersion } from '../../src/profiles.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { client, measure, mosquittoArgs, withSandbox, words, type Lab, type Said } from './support.js';

type Act = (lab: Lab) => Promise<Said>;

interface Shown {
  readonly act: Act;
  /** What the real client says. */
  readonly says: RegExp;
  readonly lacks?: RegExp;
}

const publishing =
  (extra: readonly string[] = ['-q', '1', '-m', measure], endAfterMs?: number): Act =>
  async (lab) =>
    client(
      'mosquitto_pub',
      [...mosquittoArgs(lab), '-t', `measures/${lab.device.id}`, ...extra],
      endAfterMs === undefined ? {} : { endAfterMs },
    );

/** Publishes a measure and prints what comes on the topic of acknowledgements. */
const asking =
  (waitSeconds: number): Act =>
  async (lab) => {
    const { id } = lab.device;
    const topics = ['-t', `measures/${id}`, '-e', `ack/${id}`, '-q', '1'];
    return client('mosquitto_rr', [
      ...mosquittoArgs(lab),
      ...topics,
      '-W',
      String(waitSeconds),
      '-m',
      measure,
    ]);
  };

const listening =
  (endAfterMs: number, extra: readonly string[] = []): Act =>
  async (lab) =>
    client('mosquitto_sub', [...mosquittoArgs(lab), '-t', `ack/${lab.device.id}`, ...extra], { endAfterMs });

const handshake =
  (extra = '', endAfterMs = 10_000): Act =>
  async ({ sandbox, device }) => {
    const where = `-connect localhost:${sandbox.port} -servername localhost -verify_hostname localhost`;
    const who = `-CAfile ${sandbox.ca} -cert ${device.certFile} -key ${device.keyFile}`;
    return client('openssl', words(`s_client ${where} ${who} ${extra}`), { endAfterMs });
  };

/** In TLS 1.3 the alert comes after the handshake: the client has to stay for it. */
const alerted = (description: number): Shown => ({
  act: handshake('-ign_eof'),
  says: new RegExp(`SSL alert number ${description}\\b`),
});

const connectionRefused = (returnCode: number): Shown => ({
  act: publishing(),
  says: new RegExp(String.raw`received CONNACK \(${returnCode}\)`),
});

const verifyFails = (words: string): Shown => ({ act: handshake(), says: new RegExp(words) });

const patient = 1500;

/** How each row of the table looks to somebody else's client. */
const shown: Record<FaultName, Shown> = {
  'plain-mqtt-port': {
    act: async ({ sandbox }) =>
      client('mosquitto_pub', [
        '-d',
        '-p',
        String(sandbox.port),
        '-i',
        'plain',
        '-t',
        'measures/plain',
        '-m',
        measure,
      ]),
    says: /received CONNACK \(0\)/,
  },
  'http-port': { act: handshake(), says: /wrong version number/ },
  'https-port': { act: publishing(), says: /Protocol error/i, lacks: /CONNACK/ },
  'silent-port': { act: handshake('', patient), says: /^(?:CONNECTED.*\s*)?$/ },
  'closed-at-once': { act: handshake(), says: /unexpected eof|errno=0|write:errno/ },
  'reset-at-once': { act: handshake(), says: /errno=104|write:errno/ },
  'handshake-stalls': {
    act: handshake('-state', patient),
    says: /before SSL initialization|client hello/,
    lacks: /depth=/,
  },
  'tls-version-too-old': { act: publishing(), says: /alert protocol version/ },
  'no-common-cipher': alerted(40),
  'server-name-refused': alerted(112),
  'alpn-required': { act: handshake('-alpn x-other'), says: /SSL alert number 120/ },
  'server-expired': verifyFails('certificate has expired'),
  'server-not-yet-valid': verifyFails('certificate is not yet valid'),
  'server-untrusted': verifyFails('unable to get local issuer certificate'),
  intercepted: {
    act: handshake(),
    says: /Somebody else CA[^]*No client certificate CA names sent/,
  },
  'server-other-host': verifyFails('hostname mismatch'),
  'server-chain-incomplete': verifyFails('unable to get local issuer certificate'),
  'server-self-signed': verifyFails('self-signed certificate'),
  'server-weak-key': {
    act: handshake('-cipher DEFAULT@SECLEVEL=2'),
    says: /EE certificate key too weak/,
  },
  'certificate-not-requested': connectionRefused(3),
  'certificate-required': {
    act: async ({ sandbox }) =>
      client('openssl', words(`s_client -ign_eof -connect localhost:${sandbox.port}`)),
    says: /SSL alert number (?:40|116)/,
  },
  'device-ca-unknown': connectionRefused(3),
  'device-ca-unknown-tls': alerted(48),
  'intermediate-required': connectionRefused(3),
  'intermediate-required-tls': alerted(48),
  'device-expired': connectionRefused(3),
  'device-expired-tls': alerted(45),
  'device-not-yet-valid': connectionRefused(3),
  'device-wrong-purpose': connectionRefused(3),
  'device-wrong-purpose-tls': alerted(43),
  'device-revoked': connectionRefused(5),
  'device-revoked-tls': alerted(44),
  'device-key-type-unusable': connectionRefused(3),
  'tls-alert-bad-certificate': alerted(42),
  'tls-alert-certificate-unknown': alerted(46),
  'tls-alert-access-denied': alerted(49),
  'connack-1': connectionRefused(1),
  'connack-2': connectionRefused(2),
  'connack-3': connectionRefused(3),
  'connack-4': connectionRefused(4),
  'connack-5': connectionRefused(5),
  'connack-close': { act: publishing(), says: /connection was lost/, lacks: /CONNACK/ },
  'connack-silence': {
    act: publishing(undefined, patient),
    says: /sending CONNECT\s*$/,
    lacks: /CONNACK|Error/,
  },
  'connack-garbage': { act: publishing(), says: /network protocol error/, lacks: /CONNACK/ },
  'session-taken-over': { act: listening(3000), says: /SUBACK[^]*connection was lost/ },
  'connection-cut': { act: listening(3000), says: /CONNACK \(0\)[^]*sending CONNECT/ },
  'keepalive-lost': {
    act: listening(7000, ['-k', '5']),
    says: /sending PINGREQ/,
    lacks: /received PINGRESP/,
  },
  'slow-broker': { act: asking(5), says: /"code":202/ },
  'subscribe-refused': { act: listening(patient), says: /denied/ },
  'publish-refused': {
    act: publishing(),
    says: /CONNACK \(0\)[^]*PUBLISH|connection was lost/,
    lacks: /PUBACK/,
  },
  'qos-refused': {
    act: publishing(['-q', '2', '-m', measure]),
    says: /connection was lost/,
    lacks: /PUBREC/,
  },
  'packet-too-large': {
    act: publishing(['-q', '1', '-m', 'x'.repeat(257)]),
    says: /connection was lost/,
    lacks: /PUBACK/,
  },
  'no-puback': { act: publishing(undefined, patient), says: /sending PUBLISH/, lacks: /PUBACK/ },
  'no-ack': { act: asking(1), says: /received PUBACK[^]*Timed out/, lacks: /"code"/ },
  'late-ack': { act: asking(5), says: /"id":"message-1","code":202/ },
  'refused-ack': { act: asking(5), says: /"id":"message-1","code":400/ },
};

/** One folder for all: making keys is what takes the time. */
const dir = temporaryFolder();
const rows = listFaults();
const overTls13: ReadonlySet<FaultName> = new Set(
  rows.map(({ name }) => name).filter((name) => name.includes('tls')),
);

describeWithPeer(['openssl', 'mosquitto_pub'], 'each fault as real clients meet it', () => {
  const cases = rows.flatMap(({ name }): [FaultName, TlsVersion][] =>
    overTls13.has(name) || name === 'certificate-required'
      ? [
          [name, '1.2'],
          [name, '1.3'],
        ]
      : [[name, '1.2']],
  );

  test.each(cases)('%s over TLS %s', async (fault, tlsVersion) => {
    const { act, says, lacks } = shown[fault];
    await withSandbox({ dir, fault, tlsVersion, paceMs: 800 }, async (lab) => {
      const { text } = await act(lab);
      expect(text).toMatch(says);
      expect(text).not.toMatch(lacks ?? /^\b$/);
    });
  });

  test.each<FaultName>(['intermediate-required', 'intermediate-required-tls'])(
    '%s: the leaf with its intermediate is taken',
    async (fault) => {
      await withSandbox({ dir, fault }, async (lab) => {
        const args = mosquittoArgs(lab, lab.device.chainFile);
        const said = await client('mosquitto_pub', [
          ...args,
          '-t',
          `measures/${lab.device.id}`,
          '-q',
          '1',
          '-m',
          measure,
        ]);
        expect(said).toMatchObject({ status: 0 });
      });
    },
  );

  test('alpn-required: with the right protocol MQTT is spoken, with none HTTP', async () => {
    await withSandbox({ dir, fault: 'alpn-required' }, async (lab) => {
      const asked = await publishing(['--tls-alpn', 'mqtt', '-q', '1', '-m', measure])(lab);
      expect(asked.text).toContain('received PUBACK');
      expect((await publishing()(lab)).text).not.toContain('CONNACK');
    });
  });

  test('server-other-host: a client that does not look at the name gets through', async () => {
    await withSandbox({ dir, fault: 'server-other-host' }, async (lab) => {
      const args = [
        ...mosquittoArgs(lab),
        '--insecure',
        '-t',
        `measures/${lab.device.id}`,
        '-q',
        '1',
        '-m',
        measure,
      ];
      expect((await client('mosquitto_pub', args)).status).toBe(0);
    });
  });
});

describe('the table of faults', () => {
  test('names, words and diagnoses are there, and no name comes twice', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
    for (const { name, shows, how } of rows) {
      expect(name).toMatch(/^[a-z0-9-]+$/);
      for (const words of [shows, how]) expect(words).toMatch(/^[A-Za-z].{10,}[^.]$/);
    }
  });

  test('an unknown fault is refused with the way to the list', async () => {
    // @ts-expect-error a name that is not in the table
    const options: SandboxOptions = { fault: 'no-such-fault' };
    await expect(withSandbox(options, async () => undefined)).rejects.toMatchObject({
      code: 'usage.invalid',
      hint: expect.stringContaining('--fault list'),
    });
  });
});
