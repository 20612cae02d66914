import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/check/index.js';
import { connack, refusedBy } from './codes/index.js';
import { certificate, failing, tried } from './evidence.js';

/**
 * Alert 48 and its like say both "I do not know your authority" and "you did not show me the way to it". Which it is
 * depends on what the server named in its CertificateRequest (RFC 8446 section 4.2.4) and on what the file holds.
 */

const deviceCa = 'O=Example, CN=Device CA';
const incomplete = 'tls.client-certificate-chain-incomplete';
const stranger = 'tls.client-certificate-issuer-not-accepted';
const refusedOnly = 'tls.client-certificate-refused';
const unknownCa = refusedBy(48, 'unknown_ca');

const root = certificate({ subject: deviceCa, issuer: deviceCa, selfIssued: true, isCa: true });
const between = certificate({ subject: deviceCa, issuer: 'O=Example, CN=Top', isCa: true });

/** The names of authorities that the server asked for. */
const asks = (authorities: readonly string[], namesOurIssuer?: boolean) => ({
  request: {
    authorities,
    signatureAlgorithms: [],
    certificateTypes: [],
    ...(namesOurIssuer === undefined ? {} : { namesOurIssuer }),
  },
});

/** What is said of the certificate; that it was refused, for whatever reason, is possible always. */
function answers(...[stage, changes]: Parameters<typeof failing>): readonly string[] {
  const { diagnoses } = diagnose(failing(stage, changes));
  return diagnoses
    .map(({ code, certainty }) => `${code} ${certainty}`)
    .filter((answer) => answer !== `${refusedOnly} possible`);
}

function texts(...[stage, changes]: Parameters<typeof failing>): string {
  const { diagnoses } = diagnose(failing(stage, changes));
  return diagnoses.flatMap(({ because, remedy }) => [...because.map(({ saw }) => saw), ...remedy]).join('\n');
}

describe('the server names no authorities', () => {
  const whole = { chain: [root], missingIssuer: undefined };
  const withRootTrusted = {
    trust: { source: 'ca-file', name: 'ca.pem', count: 1, certificates: [root] },
  } as const;
  const withoutRoot = {
    trust: { source: 'ca-file', name: 'ca.pem', count: 1, certificates: [between] },
  } as const;

  test.each([
    ['alert 48, the chain is whole', unknownCa, whole, [`${stranger} likely`]],
    ['alert 46, the chain is whole', refusedBy(46, 'certificate_unknown'), whole, [`${stranger} possible`]],
    ['alert 42, the chain is whole', refusedBy(42, 'bad_certificate'), whole, [`${refusedOnly} likely`]],
    ['alert 48, only a root is missing', unknownCa, withRootTrusted, [`${stranger} likely`]],
    [
      'alert 48, an intermediate is missing',
      unknownCa,
      withoutRoot,
      [`${incomplete} possible`, `${stranger} possible`],
    ],
    [
      'alert 48, the server itself shows the issuer to be a root',
      { ...unknownCa, serverChain: [certificate(), root] },
      {},
      [`${stranger} likely`],
    ],
    [
      'alert 48, the missing issuer calls itself a root',
      unknownCa,
      { missingIssuer: 'O=Example, CN=Example Root CA' },
      [`${stranger} possible`, `${incomplete} possible`],
    ],
    [
      'alert 48, the missing issuer has a word with root in it',
      unknownCa,
      { missingIssuer: 'O=Example, CN=Rooted CA' },
      [`${incomplete} possible`, `${stranger} possible`],
    ],
    [
      'alert 48, a root lies beside the device, and a gap between them',
      unknownCa,
      { others: [certificate({ subject: 'CN=Top', issuer: 'CN=Top', selfIssued: true })] },
      [`${incomplete} likely`, `${stranger} possible`],
    ],
    [
      'alert 48, something else lies beside the device',
      unknownCa,
      { others: [certificate({ subject: 'CN=Other' })] },
      [`${incomplete} possible`, `${stranger} possible`],
    ],
  ] as const)('%s', (_, tls, file, expected) => {
    expect(answers('tls', { tls, file })).toEqual(expected);
  });

  test('what stands above the device without being an authority is told', () => {
    const file = { chain: [certificate({ subject: 'O=Example, CN=No authority' })], missingIssuer: 'CN=Top' };
    expect(texts('tls', { tls: unknownCa, file })).toContain(
      "the certificate of No authority, which stands above the device's own, is not that of an authority",
    );
    expect(texts('tls', { tls: unknownCa, file: { ...file, chain: [root] } })).not.toContain(
      'not that of an authority',
    );
  });

  test('where the chain ends is told: at what is missing, else at the last certificate', () => {
    const file = { chain: [between], missingIssuer: 'O=Example, CN=Top' };
    expect(texts('tls', { tls: unknownCa, file })).toContain(
      'the chain is complete; it ends at O=Example, CN=Top',
    );
    expect(texts('tls', { tls: unknownCa, file: whole })).toContain(
      `the chain is complete; it ends at ${deviceCa}`,
    );
  });
});

describe('the chain was completed, and refused again', () => {
  const added = (number: number) =>
    tried('chain-added', 'refused', {
      tls: refusedBy(number, 'again'),
      facts: { added: { subjects: [deviceCa], from: 'ca-file' } },
    });

  test.each([
    ['with the same alert', [added(48)], [`${stranger} likely`]],
    ['with another alert', [added(45)], [`${incomplete} likely`, `${stranger} likely`]],
  ] as const)('%s', (_, experiments, expected) => {
    expect(answers('tls', { tls: unknownCa, experiments })).toEqual(expected);
    expect(texts('tls', { tls: unknownCa, experiments })).toContain('the summary of chain-added');
  });

  test('by CONNACK 5, behind which anything may hide', () => {
    const experiments = [tried('chain-added', 'refused', { tls: {}, mqtt: connack(5, 'not authorized') })];
    const codes = answers('mqtt', { mqtt: connack(5, 'not authorized'), experiments });
    expect(codes).toContain(`${stranger} possible`);
    expect(codes).not.toContain(`${incomplete} possible`);
  });
});

describe('behind an MQTT answer', () => {
  test.each([
    [3, deviceCa, true],
    [5, deviceCa, true],
    [0x87, deviceCa, true],
    [0x88, deviceCa, true],
    [2, deviceCa, false],
    [4, deviceCa, false],
    // SAP's devices send their leaf alone, and its gateway knows the rest.
    [3, 'O=SAP IoT Trust Community II, CN=SAP Internet of Things Device Management CA', false],
    [3, 'O=SAP Trust Community, CN=Device CA', false],
  ])('CONNACK %i with %s missing: may it be the chain? %s', (code, missingIssuer, may) => {
    const codes = answers('mqtt', { mqtt: connack(code, 'no'), file: { missingIssuer } });
    expect(codes.includes(`${incomplete} possible`)).toBe(may);
  });
});

describe('the server names authorities, and ours is not among them', () => {
  const whole = { chain: [root], missingIssuer: undefined };

  test.each([
    ['alert 48, the chain is whole', unknownCa, whole, ['O=Else, CN=Other CA'], [`${stranger} proven`]],
    [
      'alert 46, the chain is whole',
      refusedBy(46, 'certificate_unknown'),
      whole,
      ['O=Else, CN=Other CA'],
      [`${stranger} likely`],
    ],
    [
      'a name of the same organisation',
      unknownCa,
      {},
      ['O=Else, CN=Other CA', 'O=Example, CN=Example Root CA'],
      [`${incomplete} likely`, `${stranger} possible`],
    ],
    [
      'names of others only',
      unknownCa,
      {},
      ['O=Else, CN=Other CA'],
      [`${stranger} likely`, `${incomplete} possible`],
    ],
  ] as const)('%s', (_, tls, file, authorities, expected) => {
    expect(answers('tls', { tls: { ...tls, ...asks(authorities, false) }, file })).toEqual(expected);
  });

  test('three of the names are shown, and how many more there are', () => {
    const named = (count: number) =>
      Array.from({ length: count }, (_, index) => `O=Else, CN=Authority ${index + 1}`);
    const shown = (count: number) => texts('tls', { tls: { ...unknownCa, ...asks(named(count), false) } });
    expect(shown(3)).toContain(
      'CN=Authority 1; O=Else, CN=Authority 2; O=Else, CN=Authority 3; ours leads to',
    );
    expect(shown(5)).toContain('CN=Authority 3 and 2 more; ours leads to');
    expect(shown(5)).not.toContain('Authority 4');
  });
});

describe('the server names our issuer, and refuses all the same', () => {
  test.each([
    [48, 'unknown_ca', `${stranger} likely`],
    [46, 'certificate_unknown', `${refusedOnly} likely`],
    [42, 'bad_certificate', `${refusedOnly} likely`],
  ])('alert %i', (number, name, first) => {
    const tls = { ...refusedBy(number, name), ...asks([deviceCa], true) };
    expect(answers('tls', { tls })[0]).toBe(first);
    expect(answers('tls', { tls }).join(' ')).not.toContain(incomplete);
  });
});

test('where the certificate of the issuer can be had is told, and of the right certificate', () => {
  const leaf = certificate({ issuerUrls: ['http://pki.example/device-ca.cer'] });
  expect(texts('tls', { tls: unknownCa, file: { leaf } })).toContain(
    'The certificate of the issuer can be had at http://pki.example/device-ca.cer.',
  );
  expect(texts('tls', { tls: unknownCa })).not.toContain('can be had at');
});

describe('a certificate that nobody issued', () => {
  const leaf = certificate({ issuer: 'O=Example, CN=device-1', selfIssued: true });

  test.each([
    [48, 'chain.self-signed likely'],
    [46, 'chain.self-signed likely'],
    // It speaks of dates, not of who issued it.
    [45, `${refusedOnly} likely`],
  ])('alert %i', (number, expected) => {
    const file = { leaf, missingIssuer: undefined };
    expect(answers('tls', { tls: refusedBy(number), file })[0]).toBe(expected);
  });
});
