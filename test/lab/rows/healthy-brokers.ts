import type { HealthyRow } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { mosquitto } from '../servers/mosquitto.js';
import { chain } from '../world.js';
import { device, impatient } from './support.js';

const generic = { profile: 'generic' } as const;
const publishing = {
  publish: { topic: 'plant/7/temperature', message: '21.5', qos: 1 },
  profile: 'generic',
  until: 'ack',
  timeout: impatient,
} as const;

export const healthyBrokers: readonly HealthyRow[] = [
  {
    name: 'broker: Server Keep Alive of 2 seconds, which it insists on, watched',
    setup: async (stand) => {
      const at = await gateway(stand, {
        connect: () => ({ code: 0, properties: { serverKeepAlive: 2 } }),
        connected: ({ stream }) => {
          let timer = setTimeout(() => stream.end(), 3000);
          stream.on('data', () => {
            clearTimeout(timer);
            timer = setTimeout(() => stream.end(), 3000);
          });
          stream.on('close', () => clearTimeout(timer));
        },
      });
      return device(stand, at, { watch: 7000, mqttVersion: '5', profile: 'generic' });
    },
  },
  {
    name: 'broker: PUBACK 0x10, nobody has subscribed',
    setup: async (stand) =>
      device(stand, await gateway(stand, { publish: 0x10 }), { ...publishing, mqttVersion: '5' }),
  },
  {
    name: 'broker: grants QoS 0 where 1 was asked for',
    setup: async (stand) =>
      device(stand, await gateway(stand, { subscribe: Uint8Array.of(0x90, 3, 0, 1, 0) }), {
        ...generic,
        subscribe: ['a/b'],
      }),
  },
  {
    name: 'broker: a CONNACK of five bytes to a client of 3.1.1',
    setup: async (stand) =>
      device(stand, await gateway(stand, { connect: () => Uint8Array.of(0x20, 3, 0, 0, 0) }), generic),
  },
  {
    name: 'broker: CONNACK twice, and PINGRESP after it',
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, { connected: ({ stream }) => void stream.write(Uint8Array.of(0x20, 2, 0, 0)) }),
        generic,
      ),
  },
  {
    name: 'broker: many retained messages before SUBACK',
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, {
          connected: ({ send }) => {
            for (let count = 1; count <= 300; count += 1)
              send({
                cmd: 'publish',
                topic: `a/${count}`,
                payload: 'x'.repeat(200),
                qos: 1,
                messageId: count,
                dup: false,
                retain: true,
              });
          },
        }),
        { ...generic, subscribe: ['a/#'] },
      ),
  },
  {
    name: 'broker: an acknowledgement before PUBACK, and others’ among them',
    setup: async (stand) =>
      device(
        stand,
        await gateway(stand, {
          acknowledge: () => [
            { id: 'other', code: 400 },
            { id: 'm-1', code: 200 },
          ],
        }),
        {
          measure: {
            capabilityAlternateId: 'c',
            sensorAlternateId: 's',
            measures: [['1']],
            measureMessageId: 'm-1',
          },
          until: 'ack',
        },
      ),
  },
  {
    name: 'mosquitto: the subject is the user name, and may do everything',
    needs: ['mosquitto'],
    setup: async (stand) =>
      device(
        stand,
        await mosquitto(stand, {
          clientCa: stand.world.deviceRoot.pem,
          lines: ['use_identity_as_username true'],
          users: {},
        }),
        generic,
      ),
  },
  {
    name: 'mosquitto: MQTT 5, a longest keepalive, watched',
    needs: ['mosquitto'],
    setup: async (stand) =>
      device(
        stand,
        await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem, lines: ['max_keepalive 60'] }),
        { ...generic, mqttVersion: '5', watch: 2500 },
      ),
  },
  {
    name: 'mosquitto: its CA file holds the intermediate and the root, and the leaf comes alone',
    needs: ['mosquitto'],
    setup: async (stand) =>
      device(
        stand,
        await mosquitto(stand, { clientCa: chain(stand.world.deviceIssuer, stand.world.deviceRoot) }),
        {
          input: stand.world.leafOnly,
        },
      ),
  },
];
