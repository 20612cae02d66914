import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connectDevice } from '../../src/connector/index.js';
import { parseAcknowledgements } from '../../src/connector/acknowledgements.js';
import { packetDefect } from '../../src/mqtt-packet-defect.js';
import { temporaryFolder } from '../support/temp.js';
import { accept, scriptedBroker } from './support/scripted-broker.js';
import { makeWorld, type World } from './support/world.js';

const folder = temporaryFolder();
let world: World;
const cleanUps: (() => unknown)[] = [];

beforeAll(async () => {
  world = await makeWorld(folder);
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** Each is a packet whose header is right. */
describe('a packet that MQTT.js takes and then cannot answer ends the connection, not the process', () => {
  test.each([
    [
      'a PUBREL without an identifier (3.6.2)',
      '3.1.1',
      '6200',
      /PUBREL is malformed: it has no packet identifier/,
    ],
    ['a PUBLISH whose identifier is cut off (3.3.2.2)', '3.1.1', '3203000161', /malformed|PUBLISH|not MQTT/],
    [
      'a DISCONNECT with two Reason Strings (MQTT 5, 3.14.2.2.3)',
      '5',
      'e00a8b08' + '1f000161'.repeat(2),
      /DISCONNECT is malformed: its property reasonString stands in it more than once/,
    ],
    [
      'a SUBACK with two Reason Strings (MQTT 5, 3.9.2.1.2)',
      '5',
      '900c000108' + '1f000161'.repeat(2) + '01',
      /SUBACK is malformed: its property reasonString/,
    ],
  ] as const)('%s', async (_, mqttVersion, hex, message) => {
    const broker = await scriptedBroker(world, {
      onConnect: (peer) => {
        accept(peer);
        peer.socket.write(Buffer.from(hex, 'hex'));
      },
    });
    cleanUps.push(broker.close);
    const { bundle, secret: passphrase, ca } = world;
    const options = { bundle, passphrase, ca, host: 'localhost', port: broker.port, mqttVersion } as const;
    const ended = connectDevice({ ...options, profile: 'generic', reconnect: false }).then(
      (connection) => new Promise<unknown>((resolve) => connection.once('disconnected', resolve)),
      (error: unknown) => error,
    );
    await expect(ended).resolves.toMatchObject({
      code: 'mqtt.malformed-reply',
      message: expect.stringMatching(message),
    });
  });
});

describe('what is wrong with a packet that mqtt-packet let pass', () => {
  test.each([
    [{ cmd: 'puback', messageId: -1 }, 'it has no packet identifier'],
    [{ cmd: 'pubcomp', messageId: 0 }, 'it has no packet identifier'],
    [{ cmd: 'publish', qos: 1, messageId: null }, 'it has no packet identifier'],
    [{ cmd: 'publish', qos: 0 }, undefined],
    [{ cmd: 'pingresp' }, undefined],
    [{ cmd: 'connack', properties: { reasonString: null } }, 'its property reasonString is cut short'],
    [
      { cmd: 'connack', properties: { receiveMaximum: [1, 2] } },
      'its property receiveMaximum stands in it more than once',
    ],
    [{ cmd: 'connack', properties: { userProperties: { a: ['b', 'c'] } } }, undefined],
    [{ cmd: 'publish', qos: 0, properties: { subscriptionIdentifier: [1, 2] } }, undefined],
  ] as const)('%j', (packet, expected) => {
    expect(packetDefect(packet)).toBe(expected);
  });
});

describe('the code of an acknowledgement is a whole number, or the digits of one', () => {
  test.each([
    ['200', [200]],
    ['"404"', [404]],
    ['{"toString":"x"}', []],
    ['[200]', []],
    ['null', []],
    ['true', []],
    ['""', []],
    ['"0x10"', []],
    ['2.5', []],
    ['1e999', []],
  ])('%s', (code, expected) => {
    const found = parseAcknowledgements(Buffer.from(`{"code":${code}}`));
    expect(found.map((acknowledgement) => acknowledgement.code)).toEqual(expected);
  });
});
