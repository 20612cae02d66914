import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/check/index.js';
import { connack, distrusted, ended, refusedBy } from './codes/index.js';
import { certificate, failing, nothing, serverLeaf, serverRoot, tried } from './evidence.js';

/** How sure a cause is, and what stands beside it, where little separates one case from the next. */

function answers(...[stage, changes]: Parameters<typeof failing>): readonly string[] {
  return diagnose(failing(stage, changes)).diagnoses.map(({ code, certainty }) => `${code} ${certainty}`);
}

function because(...[stage, changes]: Parameters<typeof failing>): string {
  const { diagnoses } = diagnose(failing(stage, changes));
  return diagnoses.flatMap((one) => one.because.map(({ saw }) => saw)).join('\n');
}

describe('a message that the broker closed upon: its size tells what it may have minded', () => {
  const closedOn = (bytes: number, profile: 'generic' | 'cumulocity' = 'generic') =>
    answers('ack', {
      target: { profile },
      ack: {
        acks: [],
        publish: { topic: 'a', qos: 1, bytes },
        during: 'puback',
        end: { by: 'server', how: 'fin', at: 9 },
      },
    });
  const refused = 'mqtt.publish-refused';
  const large = 'mqtt.packet-too-large';

  test.each([
    [511, [`${refused} likely`]],
    [512, [`${refused} likely`, `${large} possible`]],
    [64 * 1024 - 1, [`${refused} likely`, `${large} possible`]],
    [64 * 1024, [`${large} likely`, `${refused} possible`]],
  ])('%i bytes', (bytes, expected) => {
    expect(closedOn(bytes)).toEqual(expected);
  });

  test('a gateway whose limit is known (Cumulocity: 16,184 bytes)', () => {
    expect(closedOn(16_185, 'cumulocity')).toEqual([`${large} likely`, `${refused} possible`]);
    expect(closedOn(16_184, 'cumulocity')).toEqual([`${refused} likely`, `${large} possible`]);
  });
});

describe('what answers for a message that was published', () => {
  const publish = { topic: 'a', qos: 1, bytes: 9 } as const;

  test.each([
    [0x80, 'puback', ['mqtt.publish-refused proven']],
    [0x10, 'ack', ['ack.none proven']],
  ] as const)('PUBACK with %i', (code, during, expected) => {
    const acknowledged = { code, name: 'x' };
    const ack = {
      acks: [],
      publish: { ...publish, acknowledged },
      during,
      timedOut: during === 'ack',
    } as const;
    expect(answers('ack', { ack })).toEqual(expected);
  });

  test.each([
    [200, false],
    [202, false],
    [201, true],
    [500, true],
  ])('the application says %i: is that no? %s', (code, no) => {
    const ack = { acks: [{ code, messages: [] }], during: 'ack', timedOut: true } as const;
    expect(answers('ack', { ack })).toEqual([no ? 'ack.refused proven' : 'ack.none proven']);
  });
});

describe('an address as host: no server name is sent, and some servers mind', () => {
  const nameless = (changes: object) => ({
    target: { host: '192.0.2.1', serverName: undefined } as object,
    tls: {
      ...nothing,
      offered: {
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.3',
        alpn: [],
        certificates: 1,
        loweredSecurity: false,
      },
      ...changes,
    },
  });
  const alerted = (number: number) => ({
    alerts: [{ from: 'server', level: 'fatal', number, at: 3 }],
    bytes: { client: 500, server: 7 },
  });

  test.each([
    ['alert 40', alerted(40), true],
    ['alert 80', alerted(80), true],
    ['alert 50', alerted(50), false],
    ['closed without a byte', { end: { by: 'server', how: 'fin', at: 3 } }, true],
    [
      'something, and then closed',
      { end: { by: 'server', how: 'fin', at: 3 }, bytes: { client: 1, server: 9 } },
      false,
    ],
    ['silence', { timedOut: true }, true],
  ])('%s: may it be the name? %s', (_, changes, may) => {
    expect(answers('tls', nameless(changes)).includes('tls.sni-rejected possible')).toBe(may);
  });

  test('where a name was sent it is not suspected without a sign', () => {
    expect(answers('tls', { tls: { ...nothing, ...alerted(40) } as object })).not.toContain(
      'tls.sni-rejected possible',
    );
  });
});

describe('a device that opens TLS on the way', () => {
  const zscaler = [{ ...serverLeaf, issuer: 'O=Zscaler Inc., CN=Zscaler Intermediate Root CA' }];
  const unasked = { request: undefined, sent: undefined };
  const intercepted = 'tls.intercepted likely';

  test.each([
    [
      'the certificate did not pass',
      'tls',
      distrusted('SELF_SIGNED_CERT_IN_CHAIN', { anchored: false, missingIssuer: 'O=Zscaler Inc.' }, zscaler),
      true,
    ],
    ['it passed, and MQTT failed, nothing asked for', 'mqtt', { serverChain: zscaler, ...unasked }, true],
    ['it passed, and MQTT failed, but a certificate was asked for', 'mqtt', { serverChain: zscaler }, false],
    [
      'it passed, and the certificate of the device did not',
      'tls',
      { ...refusedBy(48), serverChain: zscaler },
      false,
    ],
    ['the issuer is nobody known for it', 'mqtt', unasked, false],
  ] as const)('%s', (_, stage, tls, suspected) => {
    const mqtt = stage === 'mqtt' ? { mqtt: connack(5, 'not authorized') } : {};
    expect(answers(stage, { tls, ...mqtt }).includes(intercepted)).toBe(suspected);
  });

  test('that nothing was asked for is a sign only where the handshake went on', () => {
    const sign = 'the server did not ask for a client certificate';
    const tls = {
      ...distrusted(
        'SELF_SIGNED_CERT_IN_CHAIN',
        { anchored: false, missingIssuer: 'O=Zscaler Inc.' },
        zscaler,
      ),
      ...unasked,
    };
    expect(because('tls', { tls })).not.toContain(sign);
    const mqtt = connack(5, 'not authorized');
    expect(because('mqtt', { tls: { serverChain: zscaler, ...unasked }, mqtt })).toContain(sign);
  });
});

describe('silence after CONNECT', () => {
  const silent = { ...ended, end: undefined, timedOut: true } as const;
  const small = (outcome: 'refused' | 'no-answer') => [tried('without-certificate', outcome)];

  test.each([
    [
      'TLS 1.3, not a ticket',
      { tickets: 0 },
      [],
      ['mqtt.no-connack likely', 'tls.partial-then-silent possible'],
    ],
    ['TLS 1.3, a ticket came', { tickets: 1 }, [], ['mqtt.no-connack likely']],
    ['TLS 1.2', { tickets: 0, version: 'TLSv1.2' }, [], ['mqtt.no-connack likely']],
    [
      'no certificate was sent',
      { tickets: 0, sent: undefined, request: undefined },
      [],
      ['mqtt.no-connack likely'],
    ],
    [
      'small packets get an answer',
      { tickets: 0 },
      small('refused'),
      ['tls.partial-then-silent likely', 'mqtt.no-connack possible'],
    ],
    [
      'small packets get none either',
      { tickets: 0 },
      small('no-answer'),
      ['mqtt.no-connack likely', 'tls.partial-then-silent possible'],
    ],
  ] as const)('%s', (_, tls, experiments, expected) => {
    expect(answers('mqtt', { tls, mqtt: silent, experiments })).toEqual(expected);
  });
});

test('what failed once and not again is likely at most, and what is true beside it stays as it is', () => {
  const experiments = [tried('repeat', 'accepted', { tls: {}, mqtt: {} })];
  const { diagnoses } = diagnose(
    failing('tcp', {
      file: { leaf: certificate({ notAfter: '2026-05-01T00:00:00Z' }) },
      tcp: { used: undefined, attempts: [{ address: '192.0.2.1', family: 4, outcome: 'refused', ms: 9 }] },
      experiments,
    }),
  );
  expect(diagnoses.map(({ code, certainty }) => `${code} ${certainty}`)).toEqual([
    'tcp.refused likely',
    'certificate.expired proven',
  ]);
  const [once, beside] = diagnoses.map(({ remedy }) => remedy[0]);
  expect(once).toMatch(/^Try again/);
  expect(beside).not.toMatch(/^Try again/);
});

test('a server that resets the connection when it has our certificate is not said to close it', () => {
  const tls = { ...refusedBy(undefined), end: { by: 'server', how: 'rst', at: 40 } } as const;
  expect(because('tls', { tls })).toContain('reset the connection without an alert');
  expect(because('tls', { tls: refusedBy(undefined) })).toContain('closed the connection without an alert');
});

describe('a handshake that was not over in time', () => {
  const stalled = (quiet: number, pause?: number) => ({
    ...nothing,
    timedOut: true,
    bytes: { client: 500, server: 40 },
    partial: { have: 40, need: 127, what: 'handshake record' },
    quiet,
    ...(pause === undefined ? {} : { pause }),
  });

  test.each([
    [stalled(499), 'likely'],
    [stalled(500), 'proven'],
    [stalled(3000, 20), 'proven'],
    // It had paused for two seconds before, and gone on.
    [stalled(3000, 2000), 'likely'],
    [stalled(4000, 2000), 'proven'],
  ])('%j', (tls, certainty) => {
    expect(answers('tls', { tls })[0]).toBe(`tls.partial-then-silent ${certainty}`);
    expect(because('tls', { tls }).includes('is slow')).toBe(certainty === 'likely');
  });
});

describe('a port that gets further with a protocol name', () => {
  const silent = { ...ended, end: undefined, timedOut: true } as const;
  const helped = tried('alpn', 'accepted', { tls: { offered: offering(['mqtt']) }, mqtt: {} });
  const repeated = tried('repeat', 'no-answer', { tls: {}, mqtt: silent });

  function offering(alpn: readonly string[]) {
    return { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', alpn, certificates: 1, loweredSecurity: false };
  }

  test('what came without it is told as it was: silence is no end', () => {
    const text = because('mqtt', { mqtt: silent, experiments: [helped, repeated] });
    expect(text).toContain('without ALPN: no answer (CONNACK was waited for)');
    expect(text).not.toContain('closed the connection');
  });

  test.each([
    ['the same as before fails again', [helped, repeated], true],
    ['the same as before was not tried', [helped], false],
    ['the same as before found no connection', [helped, tried('repeat', 'no-answer')], false],
  ])('the server chooses none, and %s', (_, experiments, named) => {
    const found = answers('mqtt', { mqtt: silent, experiments });
    expect(found.includes('tls.alpn-required proven')).toBe(named);
  });
});

test('of two authorities of one name in the CA file the one that is meant is judged', () => {
  const old = { ...serverRoot, sha256: 'CC:00', isCa: false };
  const trust = { source: 'ca-file', name: 'ca.pem', count: 2, certificates: [old, serverRoot] } as const;
  const leadingTo = (anchorSha256: string) => ({
    file: { trust },
    tls: distrusted('INVALID_CA', { anchor: serverRoot.subject, anchorSha256 }),
  });
  expect(answers('tls', leadingTo('CC:00'))).toEqual(['ca-file.unusable proven']);
  expect(answers('tls', leadingTo('CC:01'))).not.toContain('ca-file.unusable proven');
});
