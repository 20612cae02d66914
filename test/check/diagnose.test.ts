import { describe, expect, test } from '@jest/globals';
import { diagnosisCatalogue } from '../../src/catalogue/index.js';
import { diagnose, exitCode } from '../../src/check/index.js';
import { certificate, failing, healthy, serverLeaf } from './evidence.js';
import { rows } from './codes/index.js';

describe('from evidence to the cause', () => {
  test.each(rows.map((row) => [row.what, row] as const))(
    '%s',
    (_, { evidence, first, certainty, also = [], never = [] }) => {
      const { diagnoses } = diagnose(evidence);
      const codes = diagnoses.map(({ code }) => code);
      expect({ code: diagnoses[0]?.code, certainty: diagnoses[0]?.certainty }).toEqual({
        code: first,
        certainty,
      });
      expect(codes).toEqual(expect.arrayContaining([...also]));
      expect(codes.filter((code) => never.includes(code))).toEqual([]);
    },
  );

  test('every code is the first answer to some evidence, but for those that only warn', () => {
    const reached = new Set<string>(rows.map(({ first }) => first));
    expect(Object.keys(diagnosisCatalogue).filter((code) => !reached.has(code))).toEqual([
      'certificate.expires-soon',
      'chain.incomplete',
      'chain.wrong-order',
    ]);
  });
});

describe('a healthy check', () => {
  test('has no diagnosis and no warning, and exits 0', () => {
    const evidence = healthy();
    const conclusion = diagnose(evidence);
    expect(conclusion).toEqual({ diagnoses: [], warnings: [] });
    expect(exitCode({ ...evidence, ...conclusion, interrupted: false })).toBe(0);
  });

  test.each([
    ['certificate.expires-soon', { file: { leaf: certificate({ notAfter: '2026-06-05T00:00:00Z' }) } }],
    ['certificate.expired', { file: { leaf: certificate({ notAfter: '2026-05-05T00:00:00Z' }) } }],
    ['certificate.weak-key', { file: { leaf: certificate({ key: { type: 'rsa', bits: 1024 } }) } }],
    ['certificate.weak-signature', { file: { leaf: certificate({ signature: 'sha1WithRSAEncryption' }) } }],
    ['certificate.device-id-mismatch', { target: { deviceId: 'other' } }],
    ['chain.wrong-order', { file: { inOrder: false } }],
    ['chain.incomplete', { file: { others: [certificate({ subject: 'CN=Root', selfIssued: true })] } }],
    ['tls.server-wrong-host', { tls: { serverChain: [certificate({ subject: 'CN=gateway.example' })] } }],
    ['tls.server-weak-key', { tls: { serverChain: [{ ...serverLeaf, key: { type: 'rsa', bits: 1024 } }] } }],
    ['tls.client-certificate-not-requested', { tls: { request: undefined, sent: undefined } }],
  ] as const)('warns of %s and stays healthy', (code, changes) => {
    const conclusion = diagnose(healthy(changes));
    expect(conclusion.diagnoses).toEqual([]);
    expect(conclusion.warnings.map((warning) => warning.code)).toEqual([code]);
  });
});

describe('what goes with a diagnosis', () => {
  test('a broker-side cause comes with what its operator needs, and nothing secret', () => {
    const [first] = diagnose(
      failing('tls', {
        tls: {
          alerts: [{ from: 'server', level: 'fatal', number: 44, name: 'certificate_revoked', at: 3 }],
          end: { by: 'server', how: 'fin', at: 4 },
        },
      }),
    ).diagnoses;
    expect(first?.operator).toEqual(
      expect.arrayContaining([
        'serial: 01',
        'SHA-256: AA:01',
        'address: 192.0.2.1',
        'alert: alert 44 (certificate_revoked)',
      ]),
    );
  });

  test.each([
    ["my device's.pem", String.raw`'my device'\''s.pem'`],
    ['certs/device.pem', 'certs/device.pem'],
  ])('commands name the file and the host of this check: %s', (name, shown) => {
    const { diagnoses } = diagnose(
      failing('tls', {
        file: { name },
        tls: {
          alerts: [{ from: 'server', level: 'fatal', number: 48, at: 3 }],
          end: { by: 'server', how: 'fin', at: 4 },
        },
      }),
    );
    expect(diagnoses.flatMap(({ remedy }) => remedy)).toContain(
      `$ sapcert check ${shown} --host gateway.example:8883 --ca ca.pem --profile generic --chain intermediate.pem`,
    );
  });
});
