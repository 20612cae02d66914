import { describe, expect, test } from '@jest/globals';
import { fatalAlert, maySpeakOfCertificate, tlsFailure } from '../../src/check/diagnose/failure.js';
import { mqttResultWords, tlsResultWords } from '../../src/check/diagnose/words.js';
import type { MqttFacts, TlsFacts } from '../../src/check/index.js';
import { failing, nothing, type StageChanges } from './evidence.js';

function tlsFacts(changes: NonNullable<StageChanges['tls']>): TlsFacts {
  const found = failing('tls', { tls: changes }).stages.find(({ stage }) => stage === 'tls');
  if (found?.stage !== 'tls' || found.outcome === 'skipped') throw new Error('no facts');
  return found.facts;
}

function mqttFacts(changes: NonNullable<StageChanges['mqtt']>): MqttFacts {
  const found = failing('mqtt', { mqtt: changes }).stages.find(({ stage }) => stage === 'mqtt');
  if (found?.stage !== 'mqtt' || found.outcome === 'skipped') throw new Error('no facts');
  return found.facts;
}

const alert = (from: 'server' | 'client', number: number, level: 'fatal' | 'warning' = 'fatal') =>
  ({ from, level, number, at: 3 }) as const;
const end = (by: 'server' | 'client', how: 'fin' | 'rst' | 'error' = 'fin') => ({ by, how, at: 4 }) as const;
const error = { code: 'ERR_SSL_X', message: 'x' };
const some = { client: 500, server: 900 };
const none = { client: 500, server: 0 };
const notTrusted = {
  trusted: false,
  nameMatches: true,
  certificateNames: [],
  anchored: true,
  completedByBundle: false,
  sameNameOtherKey: false,
  outOfOrder: false,
  leafIsInCaFile: false,
  issuerOfSameOrganisation: false,
};

describe('in what way a handshake came to nothing', () => {
  const notTls = { protocol: 'http', sample: '' } as const;

  test.each<[string, NonNullable<StageChanges['tls']>, string, string]>([
    [
      'nothing went out',
      { ...nothing, error, bytes: { client: 0, server: 0 } },
      'not-loaded',
      'the handshake failed: ERR_SSL_X',
    ],
    [
      'nothing went out, for there was no time',
      { ...nothing, error, timedOut: true, bytes: { client: 0, server: 0 } },
      'silent',
      'no answer',
    ],
    ['HTTP', { ...nothing, notTls, bytes: some }, 'not-tls', 'the answer was not TLS: HTTP'],
    [
      'a protocol without a name',
      { ...nothing, notTls: { protocol: 'unknown', sample: '' } },
      'not-tls',
      'the answer was not TLS',
    ],
    ['not a byte', { ...nothing, timedOut: true, bytes: none }, 'silent', 'no answer'],
    [
      'bytes, and then silence',
      { ...nothing, timedOut: true, bytes: some },
      'stalled',
      'no more answer in the middle of the handshake',
    ],
    ['closed', { ...nothing, end: end('server') }, 'closed-at-once', 'the server closed the connection'],
    ['reset', { ...nothing, end: end('server', 'rst') }, 'reset-at-once', 'the server reset the connection'],
    [
      'reset, by another name',
      { ...nothing, end: end('server', 'error') },
      'reset-at-once',
      'the server reset the connection',
    ],
    [
      'an alert at once',
      { ...nothing, alerts: [alert('server', 40)], bytes: some },
      'alert-before-hello',
      'refused with alert 40 (handshake_failure)',
    ],
    [
      'a warning is no end',
      { ...nothing, alerts: [alert('server', 112, 'warning')], end: end('server') },
      'closed-at-once',
      'the server closed the connection',
    ],
    [
      'what came was not to be understood',
      { ...nothing, error, bytes: some, end: end('client') },
      'we-refused',
      'the handshake failed: ERR_SSL_X',
    ],
    [
      'what came was not to be understood, and the server left',
      { ...nothing, error, bytes: some, end: end('server') },
      'closed-at-once',
      'the server closed the connection',
    ],
    [
      'a certificate that is not trusted',
      { reach: 'client-flight', verdict: { ...notTrusted, error: 'CERT_HAS_EXPIRED' } },
      'untrusted',
      'the server certificate did not pass (CERT_HAS_EXPIRED)',
    ],
    [
      'the same, without a reason',
      { reach: 'client-flight', verdict: notTrusted },
      'untrusted',
      'the server certificate did not pass (not trusted)',
    ],
    [
      'our alert',
      { reach: 'server-hello', alerts: [alert('client', 47)], error, end: end('server') },
      'we-refused',
      'the server closed the connection',
    ],
    [
      "our library's error",
      { reach: 'server-hello', error, end: end('client') },
      'we-refused',
      'the handshake failed: ERR_SSL_X',
    ],
    [
      'no error, and our end',
      { reach: 'server-hello', end: end('client') },
      'refused-after-certificate',
      'the handshake failed',
    ],
    [
      'an alert when it had our certificate',
      { reach: 'secured', alerts: [alert('server', 48)] },
      'refused-after-certificate',
      'refused with alert 48 (unknown_ca)',
    ],
    [
      'an alert without having asked',
      { reach: 'server-hello', request: undefined, sent: undefined, alerts: [alert('server', 80)] },
      'broken-off',
      'refused with alert 80 (internal_error)',
    ],
    [
      'an alert before we could send',
      { reach: 'server-hello', sent: undefined, alerts: [alert('server', 80)] },
      'broken-off',
      'refused with alert 80 (internal_error)',
    ],
    [
      'both sides sent an alert',
      { reach: 'server-hello', alerts: [alert('client', 47), alert('server', 48)] },
      'refused-after-certificate',
      'refused with alert 48 (unknown_ca)',
    ],
  ])('%s', (_, changes, failure, words) => {
    const facts = tlsFacts({ verdict: undefined, ...changes });
    expect(tlsFailure(facts)).toBe(failure);
    expect(tlsResultWords(facts)).toBe(words);
  });

  test('the last alert of the server counts, and no warning', () => {
    const alerts = [
      alert('server', 40),
      alert('server', 48),
      alert('client', 47),
      alert('server', 0, 'warning'),
    ];
    expect(fatalAlert({ alerts })?.number).toBe(48);
    expect(fatalAlert({ alerts: [alert('client', 47)] })).toBeUndefined();
  });

  test('a handshake that went well', () => {
    expect(tlsResultWords(tlsFacts({}))).toBe('the handshake succeeded');
    expect(tlsResultWords(tlsFacts({ end: end('server') }))).toBe('the handshake succeeded');
  });
});

describe('what an MQTT conversation came to', () => {
  const before = { connack: undefined, reach: 'connect-sent' } as const;
  const malformed = { why: 'x', protocol: 'http', sample: '' } as const;

  test.each<[string, NonNullable<StageChanges['mqtt']>, string]>([
    ['accepted', {}, 'CONNACK 0, the connection is accepted'],
    ['accepted, and ended when it was over', { end: end('server') }, 'CONNACK 0, the connection is accepted'],
    [
      'accepted, and ended by us',
      { reach: 'connected', end: end('client') },
      'CONNACK 0, the connection is accepted',
    ],
    [
      'refused',
      { connack: { code: 5, name: 'no', sessionPresent: false, properties: {} } },
      'CONNACK 5 (no)',
    ],
    ['an alert', { ...before, alerts: [alert('server', 48)] }, 'refused with alert 48 (unknown_ca)'],
    [
      'an alert without a number',
      { ...before, alerts: [{ from: 'server', level: 'fatal', at: 3 }] },
      'refused with an alert that could not be read',
    ],
    [
      'our own alert',
      { ...before, alerts: [alert('client', 0)], end: end('server') },
      'the server closed the connection without a CONNACK',
    ],
    ['not MQTT', { ...before, malformed }, 'the answer was not MQTT'],
    ['no MQTT any more', { malformed }, 'CONNACK 0, and then what MQTT does not allow'],
    [
      'DISCONNECT',
      { disconnect: { code: 0x8e, name: 'Session taken over' } },
      'DISCONNECT 0x8E (Session taken over)',
    ],
    ['silence', { ...before, timedOut: true, during: 'connack' }, 'no answer (CONNACK was waited for)'],
    [
      'silence later',
      { reach: 'connected', timedOut: true, during: 'suback' },
      'CONNACK 0, and then no answer (SUBACK was waited for)',
    ],
    ['reset', { ...before, end: end('server', 'rst') }, 'the server reset the connection without a CONNACK'],
    [
      'closed later',
      { reach: 'connected', end: end('server') },
      'the server closed the connection after CONNACK 0',
    ],
  ])('%s', (_, changes, words) => {
    expect(mqttResultWords(mqttFacts(changes))).toBe(words);
  });

  test('an end by the server may speak of the certificate; ours, and another protocol, do not', () => {
    expect(maySpeakOfCertificate(mqttFacts({ ...before, end: end('server') }))).toBe(true);
    expect(maySpeakOfCertificate(mqttFacts({ ...before, end: end('client') }))).toBe(false);
    expect(maySpeakOfCertificate(mqttFacts({ ...before, end: end('server'), malformed }))).toBe(false);
  });
});
