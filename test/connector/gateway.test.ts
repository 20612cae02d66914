import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  connectDevice,
  type Acknowledgement,
  type ConnectDeviceOptions,
  type DeviceCommand,
  type DeviceConnection,
  type Measure,
  type SendResult,
} from '../../src/connector/index.js';
import { SapcertError } from '../../src/errors.js';
import { startSandbox, type FaultName, type Sandbox } from '../../src/sandbox/index.js';
import { until } from './support/processes.js';
import { proxyTo } from './support/proxy.js';

const measure = { capabilityAlternateId: 'climate', sensorAlternateId: 'sensor-1', measures: [['25']] };
const model = { capabilities: { climate: { temperature: 'float' } }, sensors: ['sensor-1'] } as const;

function optionsFor(sandbox: Sandbox): ConnectDeviceOptions {
  const [device] = sandbox.devices;
  return {
    bundle: readFileSync(device!.bundle),
    passphrase: readFileSync(device!.secretFile, 'utf8').trimEnd(),
    host: sandbox.host,
    port: sandbox.port,
    ca: sandbox.caPem,
  };
}

/** The gateway with one fault, and a device that is connected to it. */
async function withFault(
  fault: FaultName,
  options: ConnectDeviceOptions,
  body: (connection: DeviceConnection, sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await startSandbox({ fault, paceMs: 300 });
  try {
    const connection = await connectDevice({ ...optionsFor(sandbox), ...options });
    await body(connection, sandbox);
    await connection.close({ timeout: 0 });
  } finally {
    await sandbox.close();
  }
}

describe("a gateway like SAP's", () => {
  let sandbox: Sandbox;
  let connection: DeviceConnection;

  beforeAll(async () => {
    sandbox = await startSandbox({ model });
    connection = await connectDevice(optionsFor(sandbox));
  });

  afterAll(async () => {
    await connection.close();
    await sandbox.close();
  });

  test('a measure is acknowledged under its id', async () => {
    await expect(connection.send(measure)).resolves.toMatchObject({
      from: 'application',
      code: 202,
      provisional: true,
      id: expect.stringMatching(/./) as unknown,
    });
    await expect(connection.send({ ...measure, measureMessageId: 'mine' })).resolves.toMatchObject({
      id: 'mine',
    });
  });

  test('several at once, each with its own acknowledgement', async () => {
    const ids = ['a', 'b', 'c'].map((measureMessageId) => ({ ...measure, measureMessageId }));
    const acknowledgements = await connection.send(ids);
    expect(acknowledgements.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  test('the same id twice under way', async () => {
    const same = { ...measure, measureMessageId: 'same' };
    await expect(Promise.all([connection.send(same), connection.send(same)])).resolves.toHaveLength(2);
  });

  test.each([
    [
      'unknown to the model',
      { ...measure, capabilityAlternateId: 'none' },
      404,
      /there is no capability "none"/,
    ],
    ['without values', { ...measure, measures: [] }, 400, /measures is empty/],
  ])('a refused measure is an error: %s', async (_name, wrong, code, words) => {
    const error: unknown = await connection.send(wrong).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SapcertError);
    expect((error as SapcertError).code).toBe('ack.refused');
    expect((error as SapcertError).cause).toMatchObject({ from: 'application', code });
    expect(String(error)).toMatch(words);
  });

  test('of several the first failure is thrown, with the others among its defects', async () => {
    const wrong = { ...measure, measures: [] };
    const error: unknown = await connection.send([measure, wrong, wrong]).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ack.refused',
      message: expect.stringContaining('(and 1 more)') as unknown,
    });
    expect((error as SapcertError).defects).toHaveLength(2);
  });

  test('NDJSON: every line has its outcome, and the refused ones come back as they were', async () => {
    const lines = [
      JSON.stringify(measure),
      JSON.stringify({ ...measure, capabilityAlternateId: 'none' }),
      'not JSON',
      JSON.stringify([measure, measure]),
      JSON.stringify([measure, { ...measure, sensorAlternateId: 'none' }]),
    ];
    const items = lines.map((text, index) => ({ line: index + 1, bytes: Buffer.from(text) }));
    const results: SendResult<(typeof items)[number]>[] = [];
    const summary = await connection.sendAll(items, { onResult: (result) => results.push(result) });
    expect(summary).toEqual({ acknowledged: 2, refused: 2, unanswered: 0, invalid: 1 });
    const outcomes = results.toSorted((a, b) => a.item.line - b.item.line).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['acknowledged', 'refused', 'invalid', 'acknowledged', 'refused']);
    const refused = results.filter((result) => result.outcome === 'refused');
    expect(refused.map(({ item }) => item.bytes.toString())).toEqual([lines[1], lines[4]]);
    expect(refused.map(({ acknowledgement }) => acknowledgement?.code)).toEqual([404, 404]);
  });

  test.each([0, 1, 2] as const)('QoS %d', async (qos) => {
    await expect(connection.send(measure, { qos })).resolves.toMatchObject({ code: 202 });
  });

  test('commands, until one no longer listens', async () => {
    const commands: DeviceCommand[] = [];
    const stop = connection.onCommand((command) => commands.push(command));
    const { deviceId } = sandbox.devices[0]!;
    const command = { sensorAlternateId: 's', capabilityAlternateId: 'c', command: { on: 'true' } };
    // The subscription is on its way; a measure that is acknowledged comes behind it.
    await connection.send(measure);
    await sandbox.sendCommand(deviceId, command);
    await until(() => commands.length === 1);
    expect(commands[0]).toMatchObject({ topic: `commands/${deviceId}`, ...command });
    stop();
    await connection.send(measure);
    await sandbox.sendCommand(deviceId, command);
    await connection.send(measure);
    expect(commands).toHaveLength(1);
  });

  test('waiting ends when its signal fires', async () => {
    const controller = new AbortController();
    const sending = connection.send(measure, { signal: controller.signal });
    controller.abort();
    await expect(sending).rejects.toMatchObject({ code: 'interrupted' });
  });
});

test('a connection to the gateway that is cut again and again: every measure is acknowledged by it', async () => {
  const acknowledged = new Set<string>();
  const sandbox = await startSandbox({});
  const proxy = await proxyTo(sandbox.port);
  const reconnect = { minimumDelay: 10, maximumDelay: 50 };
  const connection = await connectDevice({ ...optionsFor(sandbox), port: proxy.port, reconnect });
  const count = 2000;
  function* measures(): Generator<Measure> {
    for (let number = 0; number < count; number += 1) {
      if (number % 200 === 100) setImmediate(proxy.cut);
      yield { ...measure, measureMessageId: String(number) };
    }
  }
  const summary = await connection.sendAll(measures(), {
    onResult: (result) =>
      result.outcome === 'acknowledged' && acknowledged.add(result.acknowledgement.id ?? ''),
  });
  await connection.close();
  proxy.close();
  await sandbox.close();
  expect(summary).toEqual({ acknowledged: count, refused: 0, unanswered: 0, invalid: 0 });
  expect(acknowledged.size).toBe(count);
  expect(proxy.connections()).toBeGreaterThan(5);
});

describe('a gateway with a fault', () => {
  test('no acknowledgement: the error names the timeout', async () => {
    await withFault('no-ack', { ackTimeout: 200 }, async (connection) => {
      await expect(connection.send({ ...measure, measureMessageId: 'm' })).rejects.toMatchObject({
        code: 'ack.none',
        message: 'no acknowledgement for measure m within 0.2 s',
      });
      const summary = await connection.sendAll([measure, measure]);
      expect(summary).toEqual({ acknowledged: 0, refused: 0, unanswered: 2, invalid: 0 });
    });
  });

  test("no acknowledgement, where the broker's word is enough", async () => {
    await withFault('no-ack', { ack: false }, async (connection) => {
      await expect(connection.send(measure)).resolves.toEqual({
        from: 'broker',
        messages: [],
        provisional: false,
      });
    });
  });

  test('a late acknowledgement belongs to nobody any more', async () => {
    await withFault('late-ack', { ackTimeout: 100 }, async (connection) => {
      const late = once(connection, 'acknowledgement');
      await expect(connection.send({ ...measure, measureMessageId: 'm' })).rejects.toMatchObject({
        code: 'ack.none',
      });
      const [acknowledgement] = (await late) as [Acknowledgement];
      expect(acknowledgement).toMatchObject({ id: 'm', code: 202 });
    });
  });

  test('a refused subscription to commands is a warning', async () => {
    await withFault('subscribe-refused', { ack: false }, async (connection) => {
      const warned = once(connection, 'warning');
      connection.onCommand(() => undefined);
      const [warning] = (await warned) as [SapcertError];
      expect(warning.code).toBe('mqtt.subscribe-refused');
    });
  });

  test('a broker that answers half a second late', async () => {
    await withFault('slow-broker', {}, async (connection) => {
      const summary = await connection.sendAll(Array.from({ length: 300 }, () => measure));
      expect(summary.acknowledged).toBe(300);
    });
  });

  test('a keepalive that is not answered ends the connection', async () => {
    await withFault('keepalive-lost', { keepalive: 1, reconnect: false }, async (connection) => {
      const [reason] = (await once(connection, 'disconnected')) as [SapcertError];
      expect(reason.code).toBe('mqtt.keepalive-lost');
    });
  });
});
