import { describe, expect, test } from '@jest/globals';
import { type Evidence, diagnose } from '../../src/check/index.js';
import { certificate, failing, serverLeaf } from './evidence.js';

/** What the first diagnosis rests on, and what it advises: as much a part of the answer as the code. */
function answer(evidence: Evidence): {
  code: string | undefined;
  certainty: string | undefined;
  text: string;
} {
  const [first] = diagnose(evidence).diagnoses;
  const text = [...(first?.because.map(({ saw }) => saw) ?? []), ...(first?.remedy ?? [])].join('\n');
  return { code: first?.code, certainty: first?.certainty, text };
}

/** The server has refused our certificate with this alert. */
const refusal = (number: number, name: string) =>
  ({
    reach: 'secured',
    alerts: [{ from: 'server', level: 'fatal', number, name, at: 20 }],
    end: { by: 'server', how: 'fin', at: 21 },
  }) as const;

describe('the server doubts the dates of a certificate that are right by our clock', () => {
  const clock = /by this machine's clock \(2026-06-01T12:00:00.000Z\)/;

  test.each([
    ['alert 45', refusal(45, 'certificate_expired'), {}, true],
    ['alert 42', refusal(42, 'bad_certificate'), {}, true],
    ['alert 46, which is about no date', refusal(46, 'certificate_unknown'), {}, false],
    [
      'alert 45, and it has expired here as well',
      refusal(45, 'certificate_expired'),
      { notAfter: '2026-05-01T00:00:00Z' },
      false,
    ],
    [
      'alert 42, and it is not valid yet here',
      refusal(42, 'bad_certificate'),
      { notBefore: '2026-07-01T00:00:00Z' },
      false,
    ],
  ] as const)('%s', (_, tls, leaf, doubted) => {
    const { diagnoses } = diagnose(failing('tls', { tls, file: { leaf: certificate(leaf) } }));
    const texts = diagnoses.flatMap(({ because }) => because.map(({ saw }) => saw));
    expect(texts.some((saw) => clock.test(saw))).toBe(doubted);
  });

  test('what to compare depends on which of the two was said', () => {
    expect(answer(failing('tls', { tls: refusal(45, 'certificate_expired') })).text).toContain(
      'revocation list',
    );
    expect(answer(failing('tls', { tls: refusal(45, 'certificate_expired') })).text).not.toContain(
      'if it is behind',
    );
  });
});

describe('a name that leads to this machine is told where the connection fails', () => {
  const words = /which is this machine/;

  test.each([
    ['127.0.0.1', 'gateway.example', false, true],
    ['127.8.9.1', 'gateway.example', false, true],
    ['0.0.0.0', 'gateway.example', false, true],
    ['::1', 'gateway.example', false, true],
    ['::', 'gateway.example', false, true],
    ['10.127.0.1', 'gateway.example', false, false],
    ['::1234', 'gateway.example', false, false],
    ['2001:db8::1', 'gateway.example', false, false],
    ['192.0.2.1', 'gateway.example', false, false],
    ['127.0.0.1', 'localhost', false, false],
    ['127.0.0.1', 'Localhost.', false, false],
    ['127.0.0.1', 'localhost.example', false, true],
    ['127.0.0.1', 'mylocalhost', false, true],
    ['127.0.0.1', '127.0.0.1', true, false],
  ])('%s for %s', (address, name, literal, told) => {
    const family = address.includes(':') ? 6 : 4;
    const evidence = failing('tcp', {
      dns: { name, literal, addresses: [{ address, family }] },
      tcp: { used: undefined, attempts: [{ address, family, outcome: 'refused', ms: 1 }] },
    });
    expect(words.test(answer(evidence).text)).toBe(told);
  });
});

describe('a server certificate for another name', () => {
  const distrusted = (certificateNames: readonly string[]) =>
    ({
      reach: 'client-flight',
      serverChain: [serverLeaf],
      verdict: {
        trusted: false,
        error: 'ERR_TLS_CERT_ALTNAME_INVALID',
        nameMatches: false,
        certificateNames,
        anchored: true,
        completedByBundle: false,
        sameNameOtherKey: false,
        outOfOrder: false,
        leafIsInCaFile: false,
        issuerOfSameOrganisation: false,
      },
    }) as const;

  test.each([
    [['other.example'], 'other.example'],
    [['*.example.org', 'localhost', 'broker.example.org'], 'broker.example.org'],
    [['*.example.org', 'localhost'], undefined],
    [[], undefined],
  ])('%j: connect by %s', (names, usable) => {
    const { code, text } = answer(failing('tls', { tls: distrusted(names) }));
    expect(code).toBe('tls.server-wrong-host');
    if (usable === undefined) expect(text).not.toContain('connect by that name');
    else {
      expect(text).toContain(`If ${usable} is the gateway you mean`);
      expect(text).toMatch(
        new RegExp(String.raw`^\$ sapcert check .*${usable.replaceAll('.', String.raw`\.`)}`, 'm'),
      );
    }
  });

  test.each([
    ['gateway.example', true],
    ['other.example gateway.example', true],
    ['Gateway.Example', true],
    ['*.example', true],
    ['*.other', false],
    ['other.example', false],
    ['way.example', false],
  ])('that is for %s, with --servername: is it right without?', (name, right) => {
    const target = { host: 'gateway.example', serverName: 'x', serverNameGiven: true, verifyName: 'x' };
    const { code, certainty, text } = answer(failing('tls', { target, tls: distrusted(name.split(' ')) }));
    expect(text.includes('without --servername')).toBe(right);
    expect(code).toBe(right ? 'tls.wrong-virtual-host' : 'tls.server-wrong-host');
    expect(certainty).toBe('proven');
  });
});
