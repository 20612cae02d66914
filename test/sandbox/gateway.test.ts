import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAuthority, sapDevice, sapIssuer } from '../../src/pki/index.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/index.js';
import { startSandbox } from '../../src/sandbox/index.js';
import { temporaryFolder } from '../support/temp.js';
import { connected, connectPacket, openSession, publishPacket, subscribe } from './session.js';
import { measure, openDevice, until, withSandbox, type Lab } from './support.js';

const dir = temporaryFolder();
const clients = temporaryFolder();
const longId = 'a-device-with-an-id-longer-than-23-characters';
let sandbox: Sandbox;
let lab: Lab;

beforeAll(async () => {
  sandbox = await startSandbox({ dir, deviceIds: [longId, 'other'] });
  lab = { sandbox, events: [], folder: clients, device: openDevice(sandbox, clients) };
});

afterAll(async () => sandbox.close());

/** The whole answer to a CONNECT that is refused, in hexadecimal. */
async function refusal(packet = connectPacket(longId), options = {}): Promise<string> {
  const session = await openSession(lab, options);
  session.send(packet);
  return session.bytesToTheEnd();
}

describe('CONNECT', () => {
  test('the device with its own id gets CONNACK 0', async () => {
    const session = await openSession(lab);
    session.send(connectPacket(longId));
    expect(await session.next()).toMatchObject({ cmd: 'connack', returnCode: 0, sessionPresent: false });
    session.end();
  });

  test('MQTT 3.1 is spoken as well', async () => {
    const session = await openSession(lab);
    session.send(connectPacket(longId, { protocolId: 'MQIsdp', protocolVersion: 3 }));
    expect(await session.next()).toMatchObject({ cmd: 'connack', returnCode: 0 });
    session.end();
  });

  // MQTT 3.1.1 section 3.2: type 2, two bytes, no flags, the return code.
  test.each([
    ['MQTT 5 gets CONNACK 1 in the form of 3.1.1', connectPacket(longId, { protocolVersion: 5 }), '20020001'],
    ['another client id gets CONNACK 2', connectPacket('somebody'), '20020002'],
    ['the id of another device gets CONNACK 2', connectPacket('other'), '20020002'],
    ['an empty client id gets CONNACK 2', connectPacket(''), '20020002'],
  ])('%s', async (_title, packet, answer) => {
    expect(await refusal(packet)).toBe(answer);
  });

  test('no certificate gets CONNACK 3, not a TLS alert', async () => {
    expect(await refusal(connectPacket(longId), { key: undefined, cert: undefined })).toBe('20020003');
  });

  test('a certificate of another authority with the same name gets CONNACK 3', async () => {
    const imposter = await sapDevice(await sapIssuer(), { deviceId: longId });
    const key = imposter.key.export({ type: 'pkcs8', format: 'pem' });
    expect(await refusal(connectPacket(longId), { key, cert: imposter.pem })).toBe('20020003');
  });

  test('a packet before CONNECT ends the connection without an answer', async () => {
    const session = await openSession(lab);
    session.send({ cmd: 'pingreq' });
    expect(await session.bytesToTheEnd()).toBe('');
  });

  test('a second CONNECT on the connection ends it [MQTT-3.1.0-2]', async () => {
    const session = await connected(lab);
    session.send(connectPacket(longId));
    expect(await session.next()).toBeUndefined();
  });

  test('a second connection with the same id ends the first [MQTT-3.1.4-2]', async () => {
    const first = await connected(lab);
    const second = await connected(lab);
    expect(await first.next()).toBeUndefined();
    second.send({ cmd: 'pingreq' });
    expect(await second.next()).toMatchObject({ cmd: 'pingresp' });
    second.end();
  });
});

describe('topics', () => {
  test.each([
    [`ack/${longId}`, 1],
    [`commands/${longId}`, 1],
    [`measures/${longId}`, 128],
    ['ack/other', 128],
    ['ack/+', 128],
    ['#', 128],
    ['$SYS/#', 128],
  ])('subscribing to %s is answered with %i', async (topic, granted) => {
    const session = await connected(lab);
    expect(await subscribe(session, topic)).toBe(granted);
    session.end();
  });

  test.each(['measures/other', `ack/${longId}`, `commands/${longId}`, 'elsewhere'])(
    'publishing to %s ends the connection',
    async (topic) => {
      const session = await connected(lab);
      session.send(publishPacket(topic, measure, 1));
      expect(await session.next()).toBeUndefined();
    },
  );
});

describe('measures', () => {
  test.each([
    [0, []],
    [1, ['puback']],
    [2, ['pubrec', 'pubcomp']],
  ] as const)('QoS %i is confirmed and acknowledged', async (qos, confirmations) => {
    const session = await connected(lab);
    expect(await subscribe(session, `ack/${longId}`)).toBe(1);
    session.send(publishPacket(`measures/${longId}`, measure, qos));
    const came: unknown[] = [];
    while (came.length <= confirmations.length) {
      const packet = await session.next();
      if (packet?.cmd === 'pubrec') session.send({ cmd: 'pubrel', messageId: 7 });
      came.push(packet?.cmd === 'publish' ? JSON.parse(packet.payload.toString()) : packet?.cmd);
    }
    const acknowledgement = [{ id: 'message-1', code: 202, messages: [] }];
    expect(came).toHaveLength(confirmations.length + 1);
    expect(came).toEqual(expect.arrayContaining([...confirmations, acknowledgement]));
    session.end();
  });

  test('what is wrong with a measure is said in its acknowledgement', async () => {
    const session = await connected(lab);
    await subscribe(session, `ack/${longId}`, 0);
    session.send(publishPacket(`measures/${longId}`, measure.replace('sensorAlternateId', 'sensor'), 0));
    const packet = await session.next();
    expect(packet?.cmd === 'publish' && JSON.parse(packet.payload.toString())).toEqual([
      {
        id: 'message-1',
        code: 400,
        messages: ['unknown property "sensor"', 'sensorAlternateId or sensorTypeAlternateId is missing'],
      },
    ]);
    session.end();
  });
});

describe('commands', () => {
  const command = { sensorAlternateId: 's', capabilityAlternateId: 'c', command: { light: 'on' } };

  test('reach the device that subscribed', async () => {
    const session = await connected(lab);
    await subscribe(session, `commands/${longId}`);
    await sandbox.sendCommand(longId, command);
    const packet = await session.next();
    expect(packet).toMatchObject({ cmd: 'publish', topic: `commands/${longId}`, qos: 1 });
    expect(packet?.cmd === 'publish' && JSON.parse(packet.payload.toString())).toEqual(command);
    session.end();
  });

  test('wait for a device whose session is kept', async () => {
    const before = await connected(lab, { clean: false });
    await subscribe(before, `commands/${longId}`);
    before.send({ cmd: 'disconnect' });
    expect(await before.next()).toBeUndefined();
    await sandbox.sendCommand(longId, command);
    const session = await connected(lab, { clean: false });
    expect(await session.next()).toMatchObject({ cmd: 'publish', topic: `commands/${longId}` });
    session.end();
    const clean = await connected(lab);
    clean.end();
  });
});

describe('TLS', () => {
  test.each([
    ['1.2', 'TLSv1.3', /protocol version/],
    ['1.3', 'TLSv1.2', /protocol version/],
  ] as const)('%s is spoken and nothing else', async (tlsVersion, other, refused) => {
    await withSandbox({ dir, tlsVersion }, async (its) => {
      const session = await connected(its);
      session.end();
      await expect(openSession(its, { minVersion: other, maxVersion: other })).rejects.toThrow(refused);
    });
  });

  test('the server certificate holds for localhost and both loopback addresses', async () => {
    const stranger = await createAuthority({ subject: 'CN=stranger', keyKind: 'ec-p256' });
    for (const servername of ['localhost', '']) {
      const session = await openSession(lab, { servername });
      session.end();
    }
    await expect(openSession(lab, { ca: stranger.pem })).rejects.toThrow(/unable to/);
    await withSandbox({ dir, host: '::1' }, async (its) => {
      const session = await openSession(its, { host: '::1', servername: '' });
      session.end();
    });
  });
});

describe('starting and ending', () => {
  test.each(['0.0.0.0', '::', 'localhost', '192.168.0.1'])('%s is refused: loopback only', async (host) => {
    // @ts-expect-error what the types do not allow, the command line might
    const options: SandboxOptions = { dir, host };
    await expect(startSandbox(options)).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  test('a port that is taken is named', async () => {
    await expect(startSandbox({ dir, port: sandbox.port })).rejects.toThrow(
      `cannot listen on 127.0.0.1, port ${sandbox.port}: it is in use`,
    );
  });

  test('a signal ends it: connections close and the port is free again', async () => {
    const controller = new AbortController();
    await withSandbox({ dir, signal: controller.signal }, async (its) => {
      const session = await connected(its);
      controller.abort();
      expect(await session.next()).toBeUndefined();
      await its.sandbox.close();
      const again = await startSandbox({ dir, port: its.sandbox.port });
      await again.close();
    });
  });

  test('a signal that came before stops the start', async () => {
    await expect(startSandbox({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'interrupted',
    });
  });

  test('what happens is reported', async () => {
    await withSandbox({ dir }, async (its) => {
      const refused = await openSession(its);
      refused.send(connectPacket('somebody'));
      await refused.bytesToTheEnd();
      const session = await connected(its);
      session.send(publishPacket('elsewhere', '', 1));
      expect(await session.next()).toBeUndefined();
      await until(() => its.events.some(({ type }) => type === 'disconnected'));
      expect(its.events).toEqual([
        {
          type: 'refused',
          deviceId: longId,
          layer: 'mqtt',
          returnCode: 2,
          reason: `client id somebody, but the certificate is for ${longId}`,
        },
        { type: 'connected', deviceId: longId },
        expect.objectContaining({ type: 'publish-refused', deviceId: longId, topic: 'elsewhere' }),
        { type: 'disconnected', deviceId: longId },
      ]);
    });
  });
});
