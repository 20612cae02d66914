import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/check/index.js';
import { connack, refusedBy } from './codes/index.js';
import { certificate, failing, healthy, serverLeaf, serverRoot } from './evidence.js';

type Changes = Parameters<typeof healthy>[0];

/** `code: message`, one a warning. */
function warned(changes: Changes): string[] {
  return diagnose(healthy(changes)).warnings.map(({ code, message }) => `${code}: ${message}`);
}

const leaf = (changes: Parameters<typeof certificate>[0]) => ({ file: { leaf: certificate(changes) } });
const server = (changes: Parameters<typeof certificate>[0]) => ({
  tls: { serverChain: [{ ...serverLeaf, ...changes }] },
});

describe('certificates that end soon: thirty days, and not a day more', () => {
  // It is 2026-06-01T12:00:00Z.
  test.each([
    ['2026-07-01T12:00:00Z', undefined],
    ['2026-07-01T11:59:59Z', '29 days, on 2026-07-01'],
    ['2026-06-03T12:00:00Z', '2 days, on 2026-06-03'],
    ['2026-06-02T12:00:00Z', '1 day, on 2026-06-02'],
    ['2026-06-02T11:59:00Z', 'less than a day, on 2026-06-02'],
    ['2026-06-01T12:00:00Z', 'less than a day, on 2026-06-01'],
  ])('%s: %s', (notAfter, words) => {
    const said = (whose: string) =>
      words === undefined ? [] : [`certificate.expires-soon: the ${whose} certificate expires in ${words}`];
    expect(warned(leaf({ notAfter }))).toEqual(said('device'));
    expect(warned(server({ notAfter }))).toEqual(said('server'));
  });

  test('what has ended, or not begun, is told instead', () => {
    expect(warned(leaf({ notAfter: '2026-06-01T11:59:59Z' }))).toEqual([
      'certificate.expired: the device certificate expired on 2026-06-01',
    ]);
    expect(warned(leaf({ notBefore: '2026-06-01T12:00:01Z' }))).toEqual([
      'certificate.not-yet-valid: the device certificate is valid from 2026-06-01T12:00:01Z on',
    ]);
    expect(warned(leaf({ notBefore: '2026-06-01T12:00:00Z' }))).toEqual([]);
  });

  test('an intermediate of the file that has ended, and that alone', () => {
    const ended = certificate({ subject: 'O=Example, CN=Device CA', notAfter: '2026-05-01T00:00:00Z' });
    const valid = certificate({ subject: 'O=Example, CN=Other CA' });
    expect(warned({ file: { chain: [valid, ended] } })).toEqual([
      'chain.intermediate-expired: the intermediate Device CA expired on 2026-05-01',
    ]);
  });
});

describe('what a certificate is signed with', () => {
  test.each([
    ['sha256WithRSAEncryption', false],
    ['sha1WithRSAEncryption', true],
    ['md5WithRSAEncryption', true],
    ['RSASSA-PSS with SHA1', true],
    ['RSASSA-PSS with SHA256', false],
    ['ecdsa-with-SHA1', true],
    ['ecdsa-with-SHA512', false],
    ['Ed25519', false],
  ])('%s: is it weak? %s', (signature, weak) => {
    const told = (code: string) => (weak ? [expect.stringMatching(`^${code}: .*${signature}`)] : []);
    expect(warned(leaf({ signature }))).toEqual(told('certificate.weak-signature'));
    expect(warned(server({ signature }))).toEqual(told('tls.server-weak-key'));
  });
});

describe('addresses of the host that are dead while another answers', () => {
  const used = { address: '192.0.2.1', family: 4 } as const;
  const alive = { ...used, outcome: 'connected', ms: 20 } as const;
  const addresses = (dead: object, local = { ipv4: true, ipv6: true }, name = 'gateway.example') => ({
    dns: { name },
    tcp: {
      used,
      local,
      attempts: [{ address: '192.0.2.2', family: 4, outcome: 'refused', ms: 5, ...dead } as const, alive],
    },
  });

  test.each([
    ['refused', {}, 'tcp.refused'],
    ['silent', { outcome: 'timeout', ms: 1000 }, 'tcp.timeout'],
    ['not waited for long enough to say so', { outcome: 'timeout', ms: 999 }, undefined],
    ['of the other family', { family: 6, address: '2001:db8::1' }, 'tcp.wrong-address-family'],
    ['out of reach', { outcome: 'unreachable' }, 'tcp.timeout'],
    [
      'of the other family, out of reach',
      { family: 6, address: '2001:db8::1', outcome: 'unreachable' },
      'tcp.wrong-address-family',
    ],
  ] as const)('%s', (_, dead, code) => {
    expect(warned(addresses(dead)).map((text) => text.replace(/:.*/, ''))).toEqual(
      code === undefined ? [] : [code],
    );
  });

  test('this machine cannot reach that family at all: that says nothing of the host', () => {
    const dead = { family: 6, address: '2001:db8::1', outcome: 'unreachable' };
    expect(warned(addresses(dead, { ipv4: true, ipv6: false }))).toEqual([]);
  });

  test.each([
    ['localhost', false],
    ['LOCALHOST.', false],
    ['localhost.example', true],
    ['mylocalhost', true],
  ])('%s: are they told? %s', (name, told) => {
    expect(warned(addresses({}, undefined, name)).length).toBe(told ? 1 : 0);
  });

  test('the address and what came of it are told', () => {
    expect(warned(addresses({}))[0]).toContain('the address 192.0.2.2 of the host does not answer (refused)');
  });
});

describe('what the server shows', () => {
  test('the CN is the only name: told where a name was asked for', () => {
    const { names: _, ...nameless } = serverLeaf;
    const tls = { serverChain: [nameless] };
    expect(warned({ tls })[0]).toMatch(/^tls\.server-wrong-host: .* only in the CN/);
    expect(warned({ tls, target: { serverName: undefined } as object })).toEqual([]);
  });

  test('of a server whose certificate was not accepted nothing more is said', () => {
    const weak = { ...serverLeaf, key: { type: 'rsa', bits: 1024 } };
    const verdict = {
      trusted: false,
      error: 'CERT_HAS_EXPIRED',
      nameMatches: true,
      certificateNames: [],
      anchored: true,
      completedByBundle: false,
      sameNameOtherKey: false,
      outOfOrder: true,
      leafIsInCaFile: false,
      issuerOfSameOrganisation: false,
    };
    const { warnings } = diagnose(failing('tls', { tls: { serverChain: [weak], verdict } }));
    expect(warnings).toEqual([]);
  });

  test('its certificates are out of order', () => {
    const verdict = { ...verdictOf(healthy()), outOfOrder: true };
    expect(warned({ tls: { verdict } })[0]).toMatch(/^chain\.wrong-order: the server's certificates/);
  });

  test.each([
    ['an intermediate is the anchor', { selfIssued: false }, true],
    ['a root is the anchor', { selfIssued: true }, false],
    ['the anchor is not in the file', { selfIssued: false, subject: 'CN=Other' }, false],
  ])('%s', (_, changes, told) => {
    const certificates = [{ ...serverRoot, ...changes }];
    const trust = { source: 'ca-file', name: 'ca.pem', count: 1, certificates } as const;
    const codes = warned({ file: { trust } }).map((text) => text.replace(/:.*/, ''));
    expect(codes).toEqual(told ? ['ca-file.not-the-issuer'] : []);
  });

  test('it asks for a certificate, and none was given', () => {
    const sent = { certificates: 0, sha256: [], provedKey: false };
    const file = { given: false, leaf: undefined, missingIssuer: undefined };
    expect(warned({ file, tls: { sent } })[0]).toMatch(/^tls\.client-certificate-missing: /);
    expect(warned({ tls: { sent } })).toEqual([]);
    expect(warned({ file, tls: { request: undefined, sent: undefined } })).toEqual([]);
  });

  test('it does not ask for the certificate that was given: told once the broker has said yes', () => {
    const tls = { request: undefined, sent: undefined };
    const told = /^tls\.client-certificate-not-requested: /;
    expect(warned({ tls })).toEqual([expect.stringMatching(told)]);
    const file = { given: false, leaf: undefined, missingIssuer: undefined };
    expect(warned({ file, tls })).toEqual([]);
    const { warnings } = diagnose(failing('mqtt', { tls, mqtt: connack(2, 'identifier rejected') }));
    expect(warnings).toEqual([]);
  });
});

function verdictOf({ stages }: ReturnType<typeof healthy>) {
  const tls = stages.find(({ stage }) => stage === 'tls');
  if (tls?.stage !== 'tls' || tls.outcome === 'skipped' || tls.facts.verdict === undefined)
    throw new Error('no verdict');
  return tls.facts.verdict;
}

describe('a chain that was completed on the way', () => {
  const between = certificate({ subject: 'O=Example, CN=Device CA', issuer: 'CN=Top', isCa: true });
  const completing = (sent: number, issuer = between) => ({
    file: {
      trust: { source: 'ca-file', name: 'ca.pem', count: 1, certificates: [serverRoot, issuer] } as const,
    },
    tls: { sent: { certificates: sent, sha256: ['AA:01'], provedKey: true } },
  });

  test.each([
    ['more were sent than the file holds', completing(2), true],
    ['what the file holds was sent', completing(1), false],
    ['the issuer is a root', completing(2, { ...between, selfIssued: true }), false],
    ['the CA file holds another', completing(2, { ...between, subject: 'CN=Other' }), false],
  ])('%s', (_, changes, told) => {
    const texts = warned(changes).filter((text) => text.startsWith('chain.incomplete'));
    expect(texts).toEqual(
      told ? [expect.stringContaining('the file lacks the certificate of O=Example, CN=Device CA')] : [],
    );
  });

  test('a root beside the device with nothing between them, and only if something is missing', () => {
    const others = [certificate({ subject: 'CN=Top', issuer: 'CN=Top', selfIssued: true })];
    expect(warned({ file: { others } })).toEqual([
      'chain.incomplete: the file holds CN=Top, and the certificate of O=Example, CN=Device CA between it and the device is missing',
    ]);
    expect(warned({ file: { others, missingIssuer: undefined } })).toEqual([]);
  });
});

describe('what a diagnosis says already is not said again', () => {
  test('of the file', () => {
    const file = {
      leaf: certificate({ notAfter: '2026-05-01T00:00:00Z', key: { type: 'rsa', bits: 1024 } }),
    };
    const { diagnoses, warnings } = diagnose(
      failing('tls', { file, tls: refusedBy(45, 'certificate_expired') }),
    );
    expect(diagnoses[0]?.code).toBe('tls.client-certificate-expired');
    expect(warnings.map(({ code }) => code)).toEqual(['certificate.weak-key']);
  });

  test('but the notes of the file are', () => {
    const notes = [{ code: 'repaired.indentation', message: 'what was noted' } as const];
    expect(warned({ file: { notes } })).toEqual(['repaired.indentation: what was noted']);
    expect(warned({ file: { notes, leaf: undefined } })).toEqual(['repaired.indentation: what was noted']);
  });
});

describe('the device of the certificate and the device that was asked for', () => {
  test.each([
    ['device-1', 'device-1', false],
    ['device-1', 'device-2', true],
    [undefined, 'device-2', false],
  ])('%s, %s: told? %s', (ownDeviceId, deviceId, told) => {
    const target = { ownDeviceId, deviceId } as { deviceId: string };
    expect(warned({ target })).toEqual(
      told
        ? [
            'certificate.device-id-mismatch: the certificate names the device device-1, and device-2 was given',
          ]
        : [],
    );
  });
});
