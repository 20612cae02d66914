import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { SapcertError } from '../../src/errors.js';
import {
  checkConnection,
  diagnose,
  exitCode,
  renderReport,
  reportSchema,
  type CheckOptions,
  type CheckReport,
} from '../../src/check/index.js';
import { type World, closeAll, gateway, makeWorld, rawServer } from './servers.js';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterEach(closeAll);

const validate = new Ajv2020({ strict: false }).compile(reportSchema);

/** Checks, and holds the report against what must be true of every report. */
async function check(options: CheckOptions): Promise<CheckReport> {
  const report = await checkConnection({ host: '127.0.0.1', ca: world.root.pem, timeout: 2000, ...options });
  const saved: unknown = JSON.parse(JSON.stringify(report));
  expect(validate(saved) ? [] : validate.errors).toEqual([]);
  // What was saved is diagnosed again to the same end.
  expect(diagnose(saved as CheckReport)).toEqual({ diagnoses: report.diagnoses, warnings: report.warnings });
  for (const line of renderReport(report).split('\n')) {
    if (!line.trimStart().startsWith('$ ')) expect(line.length).toBeLessThanOrEqual(80);
  }
  return report;
}

describe('return code 3', () => {
  test('from a gateway that was not shown the intermediate names the chain, with both attempts', async () => {
    const { port } = await gateway(world, (_, { verified }) => (verified ? 0 : 3));
    const ca = world.root.pem + world.deviceIssuer.pem;
    const report = await check({ port, input: world.bundle(), ca });
    expect(report.diagnoses).toMatchObject([
      { code: 'tls.client-certificate-chain-incomplete', certainty: 'proven' },
    ]);
    const text = renderReport(report);
    expect(text).toContain('CONNACK 3');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'with the intermediate added: CONNACK 0, the connection is accepted',
    );
    expect(exitCode(report)).toBe(1);
  });

  test('from a gateway that wants a certificate and gets none says so', async () => {
    const { port } = await gateway(world, (_, { certificate }) => (certificate ? 0 : 3));
    const report = await check({ port });
    expect(report.diagnoses[0]?.code).toBe('tls.client-certificate-missing');
  });

  test('to a client id that is not the CN’s names the client id', async () => {
    const { port } = await gateway(world, ({ clientId }) => (clientId === 'device-1' ? 0 : 3));
    const report = await check({ port, input: world.bundle(world.deviceIssuer), clientId: 'laptop' });
    expect(report.diagnoses).toMatchObject([{ code: 'mqtt.client-id-refused', certainty: 'proven' }]);
  });

  test('whatever is tried lies at the broker’s side, and comes with what its operator needs', async () => {
    const { port } = await gateway(world, () => 3);
    const report = await check({ port, input: world.bundle(world.deviceIssuer) });
    expect(report.diagnoses).toMatchObject([{ code: 'mqtt.server-unavailable', certainty: 'likely' }]);
    expect(report.diagnoses[0]?.operator?.join('\n')).toContain(world.device.certificate.fingerprint256);
  });

  test('once, and never again, proves nothing', async () => {
    let first = true;
    const { port } = await gateway(world, () => {
      const code = first ? 3 : 0;
      first = false;
      return code;
    });
    const ca = world.root.pem + world.deviceIssuer.pem;
    const report = await check({ port, input: world.bundle(), ca });
    expect(report.diagnoses.map(({ code }) => code)).toEqual(['mqtt.server-unavailable']);
    expect(report.diagnoses[0]?.certainty).not.toBe('proven');
  });
});

describe('what is sent', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'is what the file holds, although the CA file has more (%s)',
    async (version) => {
      const { port } = await gateway(world, () => 0, { minVersion: version, maxVersion: version });
      const ca = world.root.pem + world.deviceIssuer.pem;
      const report = await check({ port, input: world.bundle(), ca });
      const tls = report.stages.find(({ stage }) => stage === 'tls');
      expect(tls?.facts).toMatchObject({ version, sent: { certificates: 1 } });
    },
  );
});

describe('an input at fault', () => {
  test('is the first finding, exits 2, and nothing is contacted', async () => {
    const { port, received } = await rawServer(() => undefined);
    const report = await check({ port, input: world.device.pem });
    expect(report.diagnoses).toMatchObject([{ code: 'file.no-private-key', certainty: 'proven' }]);
    expect(exitCode(report)).toBe(2);
    expect(report.stages.map(({ outcome }) => outcome)).toEqual([
      'failed',
      ...Array.from({ length: 5 }, () => 'skipped'),
    ]);
    expect(received).toEqual([]);
  });

  test('that could not be read is one too', async () => {
    const input = new SapcertError('file.not-found', 'no such file', { place: { file: 'x.pem' } });
    const report = await check({ host: 'gateway.example', input });
    expect(report.diagnoses[0]?.code).toBe('file.not-found');
  });

  test('and a CA file at fault are named together', async () => {
    const report = await check({ host: 'gateway.example', input: world.device.pem, ca: 'nothing' });
    expect(report.diagnoses.map(({ code }) => code)).toEqual(
      ['file.no-private-key', 'ca-file.unusable'].toSorted(),
    );
  });
});

describe('an interrupted check', () => {
  test('ends at once with what is known', async () => {
    const controller = new AbortController();
    const { port } = await rawServer(() => controller.abort());
    const report = await check({ port, timeout: 600_000, signal: controller.signal });
    expect(report.interrupted).toBe(true);
    expect(report.diagnoses).toEqual([]);
    expect(exitCode(report)).toBe(3);
    expect(report.stages.find(({ stage }) => stage === 'tcp')?.outcome).toBe('ok');
    expect(report.stages.find(({ stage }) => stage === 'tls')).toMatchObject({
      facts: { reason: 'interrupted' },
    });
  });

  test('that never began ends as well', async () => {
    const report = await check({ host: 'gateway.example', signal: AbortSignal.abort() });
    expect(exitCode(report)).toBe(3);
  });
});

test.each([
  [{}, /no host/],
  [{ host: 'a b' }, /not a host name/],
  [{ host: '1.2.3' }, /not an address/],
  [{ host: '8883' }, /not an address/],
  [{ host: '0x7f.1' }, /not an address/],
  [{ host: 'a', port: 0 }, /port/],
  [{ host: 'a', measure: {}, publish: { topic: 'x', message: 'y' } }, /not both/],
] as const)('options without sense are refused: %j', async (options, message) => {
  await expect(checkConnection(options)).rejects.toMatchObject({
    code: 'usage.invalid',
    message: expect.stringMatching(message) as unknown,
  });
});
