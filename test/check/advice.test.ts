import { describe, expect, test } from '@jest/globals';
import { isAboutCertificate } from '../../src/check/diagnose/failure.js';
import { diagnose } from '../../src/check/index.js';
import { profiles } from '../../src/profiles.js';
import { connack, distrusted, ended, refusedBy } from './codes/index.js';
import { certificate, failing, nothing, serverRoot, tried } from './evidence.js';

/** What a person reads beside the code: what was seen, and what to type. */

function texts(...[stage, changes]: Parameters<typeof failing>): string {
  const { diagnoses } = diagnose(failing(stage, changes));
  return diagnoses.flatMap(({ because, remedy }) => [...because.map(({ saw }) => saw), ...remedy]).join('\n');
}

test.each([
  [39, false],
  [40, true],
  [42, true],
  [49, true],
  [50, false],
  [51, true],
  [70, false],
  [115, false],
  [116, true],
])('alert %i speaks of a certificate (RFC 8446 section 6.2): %s', (number, does) => {
  expect(isAboutCertificate(number)).toBe(does);
});

describe('a late refusal in TLS 1.3: alerts that come in the place of a CONNACK', () => {
  const late = (number: number) => ({
    mqtt: { ...ended, alerts: [{ from: 'server', level: 'fatal', number, at: 3 }] } as const,
  });

  test('one about the certificate is one about the certificate', () => {
    expect(texts('mqtt', late(48))).toContain('sent alert 48 (unknown_ca), before any CONNACK');
  });

  test('another is not', () => {
    expect(texts('mqtt', late(80))).not.toContain('before any CONNACK');
  });

  test.each([
    ['comes also when nothing is sent', { end: { by: 'server', how: 'rst', at: 9 } }, true],
    ['does not come when nothing is sent', {}, false],
    ['is ours when nothing is sent', { end: { by: 'client', how: 'fin', at: 9 } }, false],
  ] as const)('an end without an alert that %s', (_, tls, speaks) => {
    const experiments = [tried('hold', 'refused', { tls })];
    const text = texts('mqtt', { mqtt: ended, experiments });
    expect(text.includes('reset the connection without an alert')).toBe(speaks);
  });
});

describe('a gateway that takes messages up to a certain size', () => {
  const limit = profiles.cumulocity.maximumPacketSize ?? 0;
  const closedOn = (bytes: number, profile: 'generic' | 'cumulocity') =>
    texts('ack', {
      target: { profile },
      ack: {
        acks: [],
        publish: { topic: 'a', qos: 1, bytes },
        during: 'puback',
        end: { by: 'server', how: 'fin', at: 9 },
      },
    });

  test('one that is larger is told the limit, and no other', () => {
    expect(limit).toBeGreaterThan(0);
    const told = `the gateway takes ${limit} bytes at most`;
    expect(closedOn(limit + 1, 'cumulocity')).toContain(told);
    expect(closedOn(limit, 'cumulocity')).not.toContain(told);
    expect(closedOn(limit + 1, 'generic')).not.toContain(told);
  });
});

describe('what the CA file holds', () => {
  const holding = (count: number) => {
    const certificates = Array.from({ length: count }, (_, index) => ({
      ...serverRoot,
      subject: `CN=Root ${index + 1}`,
    }));
    const trust = { source: 'ca-file', name: 'ca.pem', count, certificates } as const;
    return texts('tls', {
      file: { trust },
      tls: distrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', { anchored: false, missingIssuer: 'CN=X' }),
    });
  };

  test('is told up to three names, and how many more', () => {
    expect(holding(1)).toContain('the CA file holds CN=Root 1\n');
    expect(holding(3)).toContain('the CA file holds CN=Root 1; CN=Root 2; CN=Root 3\n');
    expect(holding(4)).toContain('CN=Root 3 and 1 more\n');
    expect(holding(9)).toContain('CN=Root 3 and 6 more\n');
  });

  test('what the default roots accept needs no CA file', () => {
    const tls = distrusted('SELF_SIGNED_CERT_IN_CHAIN', { anchored: false, defaultRootsAccept: true });
    expect(texts('tls', { tls })).toMatch(/default roots would have accepted it\n.*Leave --ca out/);
  });
});

describe('the command that completes a chain', () => {
  const added = (from: 'ca-file' | 'server' | 'input' | 'download') =>
    texts('tls', {
      tls: refusedBy(48, 'unknown_ca'),
      experiments: [
        tried('chain-added', 'accepted', { tls: {}, facts: { added: { subjects: ['CN=Device CA'], from } } }),
        tried('repeat', 'refused'),
      ],
    });

  test.each([
    ['ca-file', 'ca.pem', 'the CA file'],
    ['server', 'intermediate.pem', "the server's own chain"],
    ['input', 'intermediate.pem', 'the input'],
    ['download', 'intermediate.pem', 'the address that the certificate names'],
  ] as const)('where it came from %s it names %s', (from, file, words) => {
    const command = `$ sapcert combine --key device.pem --cert device.pem --chain ${file} -o newcert.pem`;
    expect(added(from)).toContain(command);
    expect(added(from)).toContain(`(from ${words})`);
  });
});

describe('how a port answered at first is told beside what an experiment found', () => {
  const http = { http: { status: 400, statusLine: 'HTTP/1.1 400 Bad Request' } };

  test.each([
    ['closed', { end: { by: 'server', how: 'fin', at: 3 } }, 'closed the connection without a byte of TLS'],
    ['reset', { end: { by: 'server', how: 'rst', at: 3 } }, 'was reset without a byte of TLS'],
    ['silent', { timedOut: true }, 'nothing came back to a TLS handshake'],
  ] as const)('%s', (_, changes, words) => {
    const experiments = [tried('plain-http', 'accepted', { facts: http })];
    const text = texts('tls', { tls: { ...nothing, ...changes }, experiments });
    expect(text).toContain(words);
    expect(text).toContain('HTTP/1.1 400 Bad Request');
  });

  test('a CONNACK', () => {
    const experiments = [tried('https', 'accepted', { facts: http })];
    expect(texts('mqtt', { mqtt: connack(3, 'Server unavailable'), experiments })).toContain('CONNACK 3');
  });

  test.each(['http', 'http2'] as const)('%s in the place of TLS, and inside it', (protocol) => {
    const sample = 'the first bytes';
    expect(texts('tls', { tls: { ...nothing, notTls: { protocol, sample } } })).toContain(
      'the answer to a TLS handshake was HTTP: "the first bytes"',
    );
    const malformed = { why: 'x', protocol, sample };
    expect(texts('mqtt', { mqtt: { ...ended, malformed } })).toContain(
      'the answer to CONNECT was HTTP: "the first bytes"',
    );
  });
});

test('the address of the issuer that is asked for is that of the last certificate in the file', () => {
  const chain = [
    certificate({
      subject: 'O=Example, CN=Device CA',
      issuer: 'CN=Top',
      issuerUrls: ['http://pki.example/top'],
    }),
  ];
  const leaf = certificate({ issuerUrls: ['http://pki.example/device-ca'] });
  const request = {
    authorities: ['O=Example, CN=Other'],
    signatureAlgorithms: [],
    certificateTypes: [],
    namesOurIssuer: false,
  };
  const file = { leaf, chain: [], missingIssuer: 'O=Example, CN=Device CA' };
  const tls = { ...refusedBy(48, 'unknown_ca'), request };
  expect(texts('tls', { tls, file })).toContain('can be had at http://pki.example/device-ca.');
  expect(texts('tls', { tls, file: { ...file, chain } })).not.toContain('device-ca.');
});
