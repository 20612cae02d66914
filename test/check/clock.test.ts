import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/check/index.js';
import { connack, distrusted, refusedBy } from './codes/index.js';
import { certificate, failing, serverLeaf, serverRoot } from './evidence.js';

/** The clock is blamed only where certificates that have nothing to do with each other are all too new or too old. */

const past = { notAfter: '2026-05-01T00:00:00Z' };
const future = { notBefore: '2026-07-01T00:00:00Z' };
const trusting = (...certificates: (typeof serverRoot)[]) =>
  ({ trust: { source: 'ca-file', name: 'ca.pem', count: certificates.length, certificates } }) as const;

function certainty(...[stage, changes]: Parameters<typeof failing>): string | undefined {
  return diagnose(failing(stage, changes)).diagnoses.find(({ code }) => code === 'clock.wrong')?.certainty;
}

/** The server's certificate did not pass, for its dates. */
const server = (changes: object, error: string) =>
  distrusted(error, { anchor: serverRoot.subject }, [{ ...serverLeaf, ...changes }]);
const tooNew = server(future, 'CERT_NOT_YET_VALID');
const tooOld = server(past, 'CERT_HAS_EXPIRED');

describe('the server is not trusted', () => {
  const noDevice = { given: false, leaf: undefined, missingIssuer: undefined };

  test.each([
    ['both too new', tooNew, { leaf: certificate(future) }, 'likely'],
    ['both too old', tooOld, { leaf: certificate(past) }, 'likely'],
    ['the server alone is too new', tooNew, {}, undefined],
    ['the server alone is too old', tooOld, {}, undefined],
    ['one too new, one too old', tooNew, { leaf: certificate(past) }, undefined],
    [
      'without a device, the authority too new as well',
      tooNew,
      { ...noDevice, ...trusting({ ...serverRoot, ...future }) },
      'likely',
    ],
    [
      'without a device, the authority too old as well',
      tooOld,
      { ...noDevice, ...trusting({ ...serverRoot, ...past }) },
      'likely',
    ],
    [
      'without a device, the authority is in order',
      tooOld,
      { ...noDevice, ...trusting(serverRoot) },
      undefined,
    ],
    ['without a device or an authority', tooOld, { ...noDevice, ...trusting() }, undefined],
    [
      'without a device, another authority is too old',
      tooOld,
      { ...noDevice, ...trusting({ ...serverRoot, ...past, subject: 'CN=Other' }) },
      undefined,
    ],
    [
      'the device is in order, the authority too old',
      tooOld,
      trusting({ ...serverRoot, ...past }),
      undefined,
    ],
  ] as const)('%s', (_, tls, file, expected) => {
    expect(certainty('tls', { tls, file })).toBe(expected);
  });
});

describe('the server refuses the certificate of the device', () => {
  const early = { serverChain: [{ ...serverLeaf, ...future }] };

  test('both are too new here, although we trust whom we may', () => {
    const tls = { ...refusedBy(45, 'certificate_expired'), ...early };
    expect(certainty('tls', { tls, file: { leaf: certificate(future) } })).toBe('likely');
    expect(certainty('tls', { tls })).toBeUndefined();
  });

  test('what failed otherwise is not for the clock', () => {
    const file = { leaf: certificate(future) };
    expect(certainty('mqtt', { tls: early, mqtt: connack(5, 'not authorized'), file })).toBeUndefined();
    const alerts = [{ from: 'server', level: 'fatal', number: 70, name: 'protocol_version', at: 3 }] as const;
    expect(
      certainty('tls', { tls: { ...early, reach: 'nothing', sent: undefined, alerts }, file }),
    ).toBeUndefined();
  });
});

test.each([
  ['2025-12-31T23:59:59.999Z', 'proven'],
  ['2026-01-01T00:00:00.000Z', undefined],
])('a clock of %s, with a server that is not trusted', (checkedAt, expected) => {
  const tls = distrusted('CERT_NOT_YET_VALID', {}, [{ ...serverLeaf, notBefore: '2026-02-01T00:00:00Z' }]);
  expect(certainty('tls', { checkedAt, tls })).toBe(expected);
});

describe('dates are only likely to be the cause where the clock is in doubt', () => {
  test.each([
    ['tls.server-not-yet-valid', tooNew, {}, 'proven'],
    ['tls.server-not-yet-valid', tooNew, { leaf: certificate(future) }, 'possible'],
    ['tls.server-expired', tooOld, {}, 'proven'],
    ['tls.server-expired', tooOld, { leaf: certificate(past) }, 'possible'],
  ] as const)('%s', (code, tls, file, expected) => {
    const { diagnoses } = diagnose(failing('tls', { tls, file }));
    expect(diagnoses.find((one) => one.code === code)?.certainty).toBe(expected);
  });
});
