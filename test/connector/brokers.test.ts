import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  connectDevice,
  type ConnectDeviceOptions,
  type DeviceCommand,
  type ReconnectingInfo,
} from '../../src/connector/index.js';
import { createAuthority, sapBundle, sapDevice } from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { mosquitto, subscriber } from './support/mosquitto.js';
import { nats } from './support/nats.js';
import { until, type ServerProcess } from './support/processes.js';
import { rabbitmq, type Node } from './support/rabbitmq.js';
import { makeWorld, type World } from './support/world.js';

const folder = temporaryFolder();
let world: World;

beforeAll(async () => {
  world = await makeWorld(folder);
});

const lines = Array.from({ length: 500 }, (_, index) => JSON.stringify({ measures: [[index]] }));

function optionsFor(port: number): ConnectDeviceOptions {
  const { bundle, secret: passphrase, ca } = world;
  return { bundle, passphrase, host: 'localhost', port, ca, profile: 'generic' };
}

/** What one device sends, as another device of the same broker receives it. */
async function throughBroker(options: ConnectDeviceOptions, topic: string): Promise<string[]> {
  const commands: DeviceCommand[] = [];
  const receiver = await connectDevice({ ...options, clientId: 'receiver', topics: { commands: topic } });
  receiver.onCommand((command) => commands.push(command));
  const sender = await connectDevice({ ...options, clientId: 'sender' });
  // Confirmed after the subscription, because brokers answer in order.
  await receiver.publish(`${topic}/other`, 'x');
  const summary = await sender.sendAll(lines, { topic });
  await until(() => commands.length >= summary.acknowledged);
  await Promise.all([sender.close(), receiver.close()]);
  return commands.map(({ payload }) => Buffer.from(payload).toString());
}

describeWithPeer(['mosquitto', 'mosquitto_pub'], 'mosquitto with mutual TLS', () => {
  let broker: ServerProcess;

  beforeAll(async () => {
    broker = await mosquitto(world);
  });

  afterAll(() => broker.kill());

  test.each([
    ['3.1', '1.2'],
    ['3.1.1', '1.2'],
    ['3.1.1', '1.3'],
    ['5', '1.3'],
  ] as const)('MQTT %s over TLS %s', async (mqttVersion, tlsVersion) => {
    await expect(
      throughBroker(
        { ...optionsFor(broker.port), mqttVersion, tlsVersion },
        `measures/${mqttVersion}/${tlsVersion}`,
      ),
    ).resolves.toEqual(lines);
  });

  test('mosquitto_sub receives what was sent', async () => {
    const { received, stop } = await subscriber(world, broker.port, 'measures/pump-1');
    const connection = await connectDevice({ ...optionsFor(broker.port), profile: 'sap-iot', ack: false });
    await connection.sendAll(lines);
    await connection.close();
    await until(() => received.length >= lines.length);
    await stop();
    expect(received).toEqual(lines);
  });

  test('its CONNACK names a Receive Maximum of 20, which is kept', async () => {
    const connection = await connectDevice({ ...optionsFor(broker.port), mqttVersion: '5' });
    const summary = await connection.sendAll(Array.from({ length: 5000 }, String), { topic: 't' });
    await connection.close();
    expect(summary.acknowledged).toBe(5000);
  });

  test('a device that the broker does not know is refused by TLS', async () => {
    const stranger = await sapDevice(await createAuthority({ subject: 'CN=Another CA' }), {
      deviceId: 'stranger',
    });
    const options = {
      ...optionsFor(broker.port),
      bundle: await sapBundle(stranger),
      passphrase: stranger.secret,
    };
    await expect(connectDevice(options)).rejects.toMatchObject({ code: 'tls.client-certificate-refused' });
    await expect(connectDevice({ ...options, bundle: undefined, clientId: 'x' })).rejects.toMatchObject({
      code: 'tls.client-certificate-missing',
    });
  });

  test('a second client of the same id: the first is told what may be the cause', async () => {
    // This mosquitto closes the connection without a word, also in MQTT 5.
    const options = { ...optionsFor(broker.port), clientId: 'same' };
    const first = await connectDevice({ ...options, reconnect: { minimumDelay: 60_000 } });
    const lost = once(first, 'reconnecting');
    const second = await connectDevice(options);
    const [{ reason }] = (await lost) as [ReconnectingInfo];
    expect(reason).toMatchObject({
      code: 'tcp.closed',
      hint: expect.stringContaining('same client id') as unknown,
    });
    await expect(second.publish('t', 'x')).resolves.toMatchObject({ from: 'broker' });
    await Promise.all([first.close(), second.close()]);
  });
});

describeWithPeer('mosquitto', 'mosquitto with rights by certificate', () => {
  let broker: ServerProcess;
  const cn = 'deviceAlternateId:pump-1|gatewayId:2|tenantId:1234567890|instanceId:sandbox';

  beforeAll(async () => {
    const acl = world.path('acl');
    writeFileSync(acl, `user ${cn}\ntopic readwrite measures/pump-1\n`, { mode: 0o600 });
    broker = await mosquitto(world, [`acl_file ${acl}`]);
  });

  afterAll(() => broker.kill());

  test('use_identity_as_username: the CN has the rights', async () => {
    const connection = await connectDevice({ ...optionsFor(broker.port), mqttVersion: '5' });
    await expect(connection.publish('measures/pump-1', 'x')).resolves.toMatchObject({ from: 'broker' });
    await expect(connection.publish('measures/pump-2', 'x')).rejects.toMatchObject({
      code: 'mqtt.publish-refused',
      message: expect.stringContaining('0x87') as unknown,
    });
    await connection.close();
  });
});

describeWithPeer('nats', "NATS's MQTT", () => {
  let broker: ServerProcess;

  beforeAll(async () => {
    broker = await nats(world);
  });

  afterAll(() => broker.kill());

  test('what goes in comes out', async () => {
    await expect(throughBroker(optionsFor(broker.port), 'measures/nats')).resolves.toEqual(lines);
  });

  test('MQTT 5 is refused', async () => {
    await expect(connectDevice({ ...optionsFor(broker.port), mqttVersion: '5' })).rejects.toMatchObject({
      code: expect.stringMatching(/^mqtt\.|^tcp\./) as unknown,
    });
  });
});

describeWithPeer('rabbitmq', "RabbitMQ's MQTT", () => {
  let broker: Node;

  beforeAll(async () => {
    broker = await rabbitmq(world);
  }, 120_000);

  afterAll(() => broker.kill());

  test('what goes in comes out', async () => {
    await expect(throughBroker(optionsFor(broker.port), 'measures/rabbit')).resolves.toEqual(lines);
  });
});

describe('profiles', () => {
  test('generic without a topic cannot send', async () => {
    const { scriptedBroker } = await import('./support/scripted-broker.js');
    const broker = await scriptedBroker(world);
    const connection = await connectDevice(optionsFor(broker.port));
    await expect(connection.sendAll(lines)).rejects.toMatchObject({ code: 'usage.invalid' });
    expect(() => connection.onCommand(() => undefined)).toThrow('no topic for commands');
    await connection.close();
    broker.close();
  });
});
