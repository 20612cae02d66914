import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  catalogueMarkdown,
  diagnosisCatalogue,
  everything,
  explain,
  knownMessages,
  operationCatalogue,
  reasonCodes,
  tlsAlerts,
} from '../../src/catalogue/index.js';
import { repository } from '../support/run.js';

const names = (text: string): readonly string[] => explain(text).matches.map(({ name }) => name);

describe('codes', () => {
  test('every code of sapcert explains itself, with causes, a remedy and a source', () => {
    for (const code of [...Object.keys(diagnosisCatalogue), ...Object.keys(operationCatalogue)]) {
      const { matches } = explain(code);
      expect(matches).toHaveLength(1);
      expect(matches[0]).toMatchObject({ name: code });
      for (const part of [matches[0]!.causes, matches[0]!.remedy])
        expect([code, part]).not.toEqual([code, []]);
      expect(matches[0]!.source).not.toBe('');
    }
  });

  test.each([
    ['3', 'CONNACK 3'],
    ['rc=3', 'CONNACK 3'],
    ['rc: 5', 'CONNACK 5'],
    ['CONNACK 5', 'CONNACK 5'],
    ['return code 4', 'CONNACK 4'],
    ['Connected with result code 2', 'CONNACK 2'],
    ['Failed to connect, return code 5', 'CONNACK 5'],
    ['MqttException (3)', 'CONNACK 3'],
    ['0x87', '0x87 (135)'],
    ['135', '0x87 (135)'],
    ['CONNACK 0x8C', '0x8C (140)'],
    ['CONNACK 135', '0x87 (135)'],
    ['reason code 142', '0x8E (142)'],
    ['48', 'alert 48, unknown_ca'],
    ['alert 48', 'alert 48, unknown_ca'],
    ['alert number 116', 'alert 116, certificate_required'],
    ['202', 'acknowledgement 202, Accepted'],
    ['ack 404', 'acknowledgement 404, Not Found'],
    ['[{"id":"1","code":400,"messages":["no"]}]', 'acknowledgement 400, Bad Request'],
    ['{"capabilityAlternateId":"c","sensorAlternateId":"s","code":"500"}', 'acknowledgement 500'],
    ['MQTT_ERR_NO_CONN', 'MQTT_ERR_NO_CONN (4)'],
    ['MOSQ_ERR_ACL_DENIED', 'MQTT_ERR_ACL_DENIED (12)'],
    ['MQTT_ERR_AGAIN', 'MQTT_ERR_AGAIN (-1)'],
    ['MQTT disconnected, rc=-1', 'a message of PubSubClient (Arduino), paho'],
    ['on_disconnect rc=1', 'MQTT_ERR_NOMEM (1)'],
    ['Disconnected with result code 16', 'MQTT_ERR_KEEPALIVE (16)'],
    ['publish returned rc 4', 'MQTT_ERR_NO_CONN (4)'],
    ['state 5', 'CONNACK 5'],
    ['client.state(): 4', 'CONNACK 4'],
    ['MQTT_CONNECT_BAD_CREDENTIALS', 'CONNACK 4'],
    ['received fatal alert: UnknownCA', 'alert 48, unknown_ca'],
    ['received fatal alert: CertificateRequired', 'alert 116, certificate_required'],
    ['unknown_ca', 'alert 48, unknown_ca'],
    ['unknown ca', 'alert 48, unknown_ca'],
  ])('%j is %s', (text, name) => {
    expect(names(text)).toEqual([expect.stringContaining(name)]);
  });

  test('all alerts are known by number and by name, all reason codes by both numbers', () => {
    for (const { number, name } of tlsAlerts) {
      expect(names(`alert ${number}`)).toEqual([`alert ${number}, ${name}`]);
      expect(names(name)).toEqual([`alert ${number}, ${name}`]);
    }
    for (const { code } of reasonCodes.filter((row) => row.code >= 0x80)) {
      expect(names(`0x${code.toString(16)}`)).toEqual(names(String(code)));
      expect(names(String(code))).toHaveLength(1);
    }
  });

  /** As OpenSSL 1.0, 1.1 and 3, Node, Python, Java, Go and mbedTLS write an alert. */
  test.each([
    ['error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca', 48],
    ['OpenSSL Error: error:14037418:SSL routines:ACCEPT_SR_KEY_EXCH:tlsv1 alert unknown ca', 48],
    ['error:0A000418:SSL routines::tlsv1 alert unknown ca', 48],
    ['error:14094438:lib(20):func(148):reason(1080)', 80],
    ['error:14094416:SSL routines:ssl3_read_bytes:sslv3 alert certificate unknown', 46],
    ['error:1409442E:SSL routines:SSL3_READ_BYTES:tlsv1 alert protocol version', 70],
    ['[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca (_ssl.c:2580)', 48],
    ['[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required (_ssl.c:2580)', 116],
    ['ssl.SSLError: [SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] sslv3 alert certificate expired (_ssl.c:997)', 45],
    [
      "Error: C0BC:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure { code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' }",
      40,
    ],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 48],
    ['SSL alert number 42', 42],
    ['javax.net.ssl.SSLHandshakeException: Received fatal alert: unknown_ca', 48],
    [
      'javax.net.ssl.SSLHandshakeException: (certificate_required) Received fatal alert: certificate_required',
      116,
    ],
    ['remote error: tls: bad certificate', 42],
    ['remote error: tls: unknown certificate authority', 48],
    ['remote error: tls: expired certificate', 45],
    ['remote error: tls: unknown certificate', 46],
    ['remote error: tls: handshake failure', 40],
    ['mbedtls: ssl_msg.c:4799 is a fatal alert message (msg 70)', 70],
    ['error:0A000458:SSL routines::tlsv1 unrecognized name', 112],
    ['0A000418', 48],
    ['14094412', 42],
  ])('%s', (text, number) => {
    expect(names(text)).toEqual([expect.stringContaining(`alert ${number},`)]);
  });
});

describe('messages of other programs', () => {
  test.each(['MBEDTLS_ERR_PK_PASSWORD_REQUIRED', "PK - Private key password can't be empty"])(
    '%s: the secret is missing, and nothing else',
    (text) => expect(explain(text).matches[0]?.codes).toEqual(['key.passphrase-missing']),
  );

  const rows = knownMessages.flatMap((row) => row.examples.map((example) => [example, row] as const));

  test.each(rows)('%s', (example, row) => {
    const [match] = explain(example).matches;
    // A message may name an alert or a return code outright, which says more.
    if (match?.kind === 'message') expect(match.codes).toEqual(row.means);
    else expect(match?.kind).toMatch(/^(?:connack|tls-alert)$/);
    expect(match?.name).not.toMatch(/^CONNACK 0\b/);
  });

  test.each([
    [
      'MqttException (0) - javax.net.ssl.SSLHandshakeException: PKIX path building failed',
      'tls.server-untrusted',
    ],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'ca.crt'", 'file.not-found'],
    ['Error: The connection was refused.', 'tls.client-certificate-missing'],
    ['Error: Lookup error.', 'dns.not-found'],
    ['getaddrinfo EAI_AGAIN', 'dns.failed'],
    ['rc=7', 'mqtt.session-taken-over'],
    ['x509: certificate is not authorized to sign other certificates', 'tls.server-untrusted'],
    ['0x2700', 'tls.server-untrusted'],
    ['ERR_OSSL_BAD_DECRYPT', 'key.passphrase-wrong'],
    ['NotAuthorized', 'mqtt.not-authorized'],
    ['[WinError 10061] No connection could be made', 'tcp.refused'],
  ])('%s comes first of all from %s', (text, code) => {
    expect(explain(text).matches[0]?.codes?.[0]).toBe(code);
  });

  test('where all causes lie in a file, no network is needed to find out', () => {
    expect(explain('bad decrypt').matches[0]?.remedy.join()).not.toContain('check');
    expect(explain('ECONNRESET').matches[0]?.remedy.join()).toContain('sapcert check');
  });

  test('is found in the middle of a log, in any case', () => {
    const log = `2024-01-01 12:00:00 INFO start\n2024-01-01 12:00:01 ERROR certificate has EXPIRED\n at foo`;
    expect(explain(log).matches[0]?.codes).toContain('tls.server-expired');
  });

  test('a line of sapcert’s own output is understood', () => {
    expect(names('The certificate has gone (tls.client-certificate-expired, proven)')).toEqual([
      'tls.client-certificate-expired',
    ]);
  });
});

test('a number that is both a reason code and a return value of paho is said to be either', () => {
  expect(names('rc=16')).toEqual([
    expect.stringContaining('MQTT_ERR_KEEPALIVE (16)'),
    expect.stringContaining('0x10 (16)'),
  ]);
});

describe('what nobody knows', () => {
  test.each([
    ['tls.client-certifcate-missing', 'tls.client-certificate-missing'],
    ['mqtt.not-authorised', 'mqtt.not-authorized'],
    ['unknwon_ca', 'unknown_ca'],
    ['expired', 'certificate.expired'],
  ])('%s was meant to be %s', (text, meant) => {
    const { matches, suggestions } = explain(text);
    expect(matches).toEqual([]);
    expect(suggestions).toContain(meant);
  });

  test.each([
    '',
    ' ',
    'hello world',
    '999',
    '0xFF',
    'rc=77',
    '-188',
    '-313',
    'rc=-5',
    '203',
    'MOSQ_ERR_KEEPALIVE',
    'MOSQ_ERR_AGAIN',
    'publish returned rc -1',
    '__proto__',
    'toString',
    'constructor',
  ])('%j matches nothing', (text) => {
    expect(explain(text).matches).toEqual([]);
  });

  test('never throws and never takes long, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const { matches, suggestions } = explain(text);
        return matches.length <= 20 && suggestions.length <= 5;
      }),
    );
    expect(explain('error:14 '.repeat(100_000)).matches).toEqual([]);
    expect(explain('a'.repeat(1_000_000)).matches).toEqual([]);
  });
});

describe('documentation', () => {
  test('docs/catalogue.md is what the catalogue says (npm run docs)', () => {
    expect(readFileSync(join(repository, 'docs/catalogue.md'), 'utf8')).toBe(catalogueMarkdown());
  });

  test('has every entry under a heading of its own', () => {
    const headings = catalogueMarkdown().match(/^### .*$/gm) ?? [];
    expect(headings).toHaveLength(everything().flatMap(({ entries }) => entries).length);
    expect(new Set(headings).size).toBe(headings.length);
  });
});
