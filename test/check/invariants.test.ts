import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { tlsAlerts } from '../../src/catalogue/index.js';
import { type Evidence, type ExperimentEvidence, diagnose, exitCode } from '../../src/check/index.js';
import { type Changes, certificate, failing, serverLeaf, serverRoot, tried } from './evidence.js';
import { rows } from './codes/index.js';

/** What holds for every diagnosis, whatever was seen. */
function mustHold(evidence: Evidence): void {
  const conclusion = diagnose(evidence);
  const { diagnoses } = conclusion;
  const failed = evidence.stages.some(({ outcome }) => outcome === 'failed');
  if (failed) expect(diagnoses).not.toEqual([]);
  const code = exitCode({ ...evidence, ...conclusion, interrupted: false });
  expect(code === 0).toBe(diagnoses.length === 0);
  const codes = diagnoses.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.length).toBeLessThanOrEqual(8);
  for (const { because, remedy } of diagnoses) {
    expect(because.length).toBeGreaterThan(0);
    expect(remedy.length).toBeGreaterThan(0);
    expect(`${because.map(({ saw }) => saw).join()}${remedy.join()}`).not.toMatch(/undefined|\[object|NaN/);
  }
}

/** What is wrong with the certificate as well, and was not even looked at, comes last and rules nothing out. */
const isAside = (code: string): boolean => code.startsWith('certificate.');

test('nothing that is only thought stands beside what is proven', () => {
  const mixed = rows.filter(({ evidence }) => {
    mustHold(evidence);
    const [first, ...others] = diagnose(evidence).diagnoses;
    const causes = others.filter(({ code }) => !isAside(code));
    return first?.certainty === 'proven' && causes.some(({ certainty }) => certainty !== 'proven');
  });
  expect(mixed.map(({ what }) => what)).toEqual([]);
});

const end = fc.option(
  fc.record({
    by: fc.constantFrom('server' as const, 'client' as const),
    how: fc.constantFrom('fin' as const, 'rst' as const, 'error' as const, 'close' as const),
    at: fc.nat(100),
  }),
  { nil: undefined },
);

const alert = fc.record({
  from: fc.constantFrom('server' as const, 'client' as const),
  level: fc.constantFrom('fatal' as const, 'warning' as const, undefined),
  number: fc.constantFrom(...tlsAlerts.map(({ number }) => number), 200, undefined),
  at: fc.nat(100),
});

const request = fc.constantFrom(
  undefined,
  { authorities: [], signatureAlgorithms: [], certificateTypes: [] },
  { authorities: ['CN=Other'], signatureAlgorithms: [], certificateTypes: [], namesOurIssuer: false },
  { authorities: ['CN=Device CA'], signatureAlgorithms: [], certificateTypes: [], namesOurIssuer: true },
);

const leaf = fc.constantFrom(
  certificate(),
  certificate({ notAfter: '2026-05-01T00:00:00Z' }),
  certificate({ notBefore: '2026-07-01T00:00:00Z' }),
  certificate({ extendedKeyUsage: ['serverAuth'] }),
  certificate({ selfIssued: true }),
  certificate({ key: { type: 'rsa', bits: 1024 } }),
);

const errors = [
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'X',
];

const verdict = fc.record({
  trusted: fc.constantFrom(true, false, undefined),
  error: fc.constantFrom(...errors),
  nameMatches: fc.boolean(),
  certificateNames: fc.constant(['gateway.example']),
  anchored: fc.boolean(),
  missingIssuer: fc.constantFrom(undefined, 'CN=Missing'),
  completedByBundle: fc.boolean(),
  defaultRootsAccept: fc.constantFrom(undefined, true, false),
  sameNameOtherKey: fc.boolean(),
  outOfOrder: fc.boolean(),
  leafIsInCaFile: fc.boolean(),
  issuerOfSameOrganisation: fc.boolean(),
});

const tls = fc.record({
  reach: fc.constantFrom(
    'nothing' as const,
    'server-hello' as const,
    'client-flight' as const,
    'secured' as const,
  ),
  version: fc.constantFrom(undefined, 'TLSv1', 'TLSv1.2', 'TLSv1.3'),
  request,
  sent: fc.constantFrom(
    undefined,
    { certificates: 0, sha256: [], provedKey: false },
    { certificates: 1, sha256: ['AA'], provedKey: true },
  ),
  serverChain: fc.constantFrom([], [serverLeaf], [serverLeaf, serverRoot]),
  verdict: fc.option(verdict, { nil: undefined }),
  alerts: fc.array(alert, { maxLength: 2 }).map((list) => JSON.parse(JSON.stringify(list)) as typeof list),
  end,
  timedOut: fc.boolean(),
  notTls: fc.constantFrom(
    undefined,
    { protocol: 'http', sample: 'HTTP/1.1 400' },
    { protocol: 'unknown', sample: '' },
  ),
  error: fc.constantFrom(undefined, { code: 'ERR_SSL_X', message: 'x' }),
  bytes: fc.record({ client: fc.constantFrom(0, 500), server: fc.constantFrom(0, 500) }),
});

const experiments: fc.Arbitrary<ExperimentEvidence[]> = fc
  .uniqueArray(
    fc.record({
      id: fc.constantFrom(
        ...([
          'repeat',
          'plain-mqtt',
          'plain-http',
          'https',
          'alpn',
          'without-sni',
          'tls-1.2',
          'any-cipher',
          'hold',
        ] as const),
        ...([
          'chain-added',
          'leaf-only',
          'without-certificate',
          'mqtt-5',
          'own-client-id',
          'fresh-client-id',
        ] as const),
      ),
      outcome: fc.constantFrom('accepted' as const, 'refused' as const, 'no-answer' as const),
    }),
    { selector: ({ id }) => id, maxLength: 5 },
  )
  .map((all) => all.map(({ id, outcome }) => tried(id, outcome, { tls: {}, mqtt: {} })));

// oxlint-disable-next-line jest/expect-expect -- mustHold expects
test('a failed handshake always has a cause, with reasons and a way out', () => {
  fc.assert(
    fc.property(tls, leaf, experiments, fc.boolean(), (facts, own, tries, given) => {
      const file = { given, leaf: given ? own : undefined };
      mustHold(failing('tls', { file, tls: facts as object, experiments: tries }));
    }),
    { numRuns: 3000 },
  );
});

const mqtt = fc.record({
  reach: fc.constantFrom('connect-sent' as const, 'connected' as const),
  connack: fc.option(
    fc.record({
      code: fc.integer({ min: 0, max: 255 }),
      name: fc.constant('x'),
      sessionPresent: fc.boolean(),
      properties: fc.constant({}),
    }),
    { nil: undefined },
  ),
  disconnect: fc.option(fc.record({ code: fc.integer({ min: 0, max: 255 }), name: fc.constant('x') }), {
    nil: undefined,
  }),
  malformed: fc.constantFrom(
    undefined,
    { why: 'x', sample: 'y' },
    { why: 'x', sample: 'y', protocol: 'http' },
  ),
  during: fc.constantFrom(
    'connack' as const,
    'suback' as const,
    'pingresp' as const,
    'watching' as const,
    undefined,
  ),
  alerts: fc.array(alert, { maxLength: 1 }).map((list) => JSON.parse(JSON.stringify(list)) as typeof list),
  end,
  timedOut: fc.boolean(),
  username: fc.boolean(),
});

// oxlint-disable-next-line jest/expect-expect -- mustHold expects
test('a failed conversation always has a cause, with reasons and a way out', () => {
  fc.assert(
    fc.property(mqtt, tls, leaf, experiments, (facts, handshake, own, tries) => {
      const { request: asked, sent } = handshake;
      const changes: Changes = { file: { leaf: own }, tls: { request: asked, sent }, mqtt: facts as object };
      mustHold(failing('mqtt', { ...changes, experiments: tries }));
    }),
    { numRuns: 3000 },
  );
});
