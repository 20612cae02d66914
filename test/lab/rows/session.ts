import { connect as connectClient } from 'mqtt';
import { anyOf, named, oneOf, proven, type FailureRow } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { mosquitto } from '../servers/mosquitto.js';
import type { Client } from '../servers/mqtt.js';
import type { At, Stand } from '../stand.js';
import { device, impatient } from './support.js';

const publishRefused = /not authori[sz]ed|refused|denied/i;
const message = { topic: 'plant/7/temperature', message: '21.5', qos: 1 } as const;
const measure = {
  capabilityAlternateId: 'temperature',
  sensorAlternateId: 's1',
  measures: [['25']],
  measureMessageId: 'm-1',
};

export const sessionRows: readonly FailureRow[] = [
  {
    name: 'after CONNACK 0 the broker closes',
    expect: named('mqtt.closed-after-connack', { never: ['mqtt.closed-before-connack'] }),
    named: /closed|connection lost/i,
    tools: 'stay',
    setup: async (stand) =>
      device(stand, await gateway(stand, { connected: ({ stream }) => stream.end() }), { watch: 800 }),
  },
  {
    name: 'after CONNACK 0 the broker closes every client but those with a fresh id: the device is connected elsewhere',
    expect: named('mqtt.session-taken-over', {
      experiments: { 'fresh-client-id': 'accepted' },
      never: ['mqtt.closed-after-connack'],
    }),
    named: /taken over|same (?:client )?id/i,
    tools: 'stay',
    setup: async (stand) => {
      const kicked = ({ clientId, stream }: Client): void => {
        if (clientId === stand.world.deviceId) setTimeout(() => stream.end(), 250);
      };
      return device(stand, await gateway(stand, { connected: kicked }), { watch: 1500 });
    },
  },
  {
    name: 'mosquitto, and the device is connected elsewhere with a client that comes back',
    needs: ['mosquitto'],
    expect: named('mqtt.session-taken-over', { never: ['mqtt.closed-after-connack'] }),
    named: /taken over|same (?:client )?id/i,
    tools: 'stay',
    setup: async (stand) => {
      const at = await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem });
      await rival(stand, at);
      return device(stand, at, { watch: 2500 });
    },
  },
  ...(
    [
      [0x8e, 'session taken over', 'mqtt.session-taken-over'],
      [0x8d, 'keep alive timeout', 'mqtt.keepalive-lost'],
      [0x8b, 'server shutting down', 'mqtt.closed-after-connack'],
      [0x98, 'administrative action', 'mqtt.closed-after-connack'],
      [0x95, 'packet too large', 'mqtt.packet-too-large'],
    ] as const
  ).map(([code, what, diagnosis]): FailureRow => ({
    name: `MQTT 5: DISCONNECT 0x${code.toString(16)} while connected, ${what}`,
    tools: 'mqtt5',
    expect: named(diagnosis),
    named: new RegExp(what, 'i'),
    setup: async (stand) => {
      const end = ({ send, stream }: Client): void => {
        setTimeout(() => {
          send({ cmd: 'disconnect', reasonCode: code });
          stream.end();
        }, 200);
      };
      return device(stand, await gateway(stand, { connected: end }), {
        watch: 1000,
        mqttVersion: '5',
        profile: 'generic',
      });
    },
  })),
  {
    name: 'the broker answers no PINGREQ',
    expect: named('mqtt.keepalive-lost', { never: ['mqtt.closed-after-connack'] }),
    named: /keep ?alive|ping/i,
    tools: 'stay',
    setup: async (stand) =>
      device(stand, await gateway(stand, { ping: 'silence' }), { watch: 5000, timeout: impatient }),
  },
  {
    name: 'subscribe: SUBACK 0x80',
    expect: proven('mqtt.subscribe-refused', { says: [/plant\/7\/#/] }),
    named:
      /subscri.*(?:refused|denied|128|not authori[sz]ed)|unspecified error|all subscription requests were denied/i,
    tools: 'subscribe',
    setup: async (stand) =>
      device(stand, await gateway(stand, { subscribe: 0x80 }), {
        subscribe: ['plant/7/#'],
        profile: 'generic',
      }),
  },
  {
    name: 'subscribe: SUBACK 0x87 in MQTT 5',
    expect: proven('mqtt.subscribe-refused'),
    named: /not authori[sz]ed|denied/i,
    tools: 'subscribe',
    setup: async (stand) =>
      device(stand, await gateway(stand, { subscribe: 0x87 }), {
        subscribe: ['plant/7/#'],
        mqttVersion: '5',
        profile: 'generic',
      }),
  },
  {
    name: 'subscribe: the broker closes, as AWS does',
    expect: named('mqtt.subscribe-refused', { never: ['mqtt.closed-before-connack'] }),
    named: /subscri\w+ (?:was |were )?(?:refused|denied|not)/i,
    tools: 'subscribe',
    setup: async (stand) =>
      device(stand, await gateway(stand, { subscribe: 'close' }), {
        subscribe: ['plant/7/#'],
        profile: 'generic',
      }),
  },
  {
    name: 'subscribe: no SUBACK comes',
    expect: named('mqtt.subscribe-refused'),
    named: /suback|subscri\w+ (?:timed out|was not)/i,
    tools: 'subscribe',
    setup: async (stand) =>
      device(stand, await gateway(stand, { subscribe: 'silence' }), {
        subscribe: ['plant/7/#'],
        profile: 'generic',
        timeout: impatient,
      }),
  },
  {
    name: 'publish: the ACL of mosquitto refuses, MQTT 5',
    needs: ['mosquitto'],
    expect: proven('mqtt.publish-refused', { says: [/plant\/7\/temperature/] }),
    named: publishRefused,
    tools: 'publish',
    setup: async (stand) => {
      const at = await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem, acl: 'topic read #\n' });
      return device(stand, at, { publish: message, mqttVersion: '5', profile: 'generic', until: 'ack' });
    },
  },
  {
    name: 'publish: PUBACK 0x87 in MQTT 5',
    expect: proven('mqtt.publish-refused', { says: [/no right to this topic/] }),
    named: publishRefused,
    tools: 'publish',
    setup: async (stand) => {
      const answer = { code: 0x87, properties: { reasonString: 'no right to this topic' } };
      return device(stand, await gateway(stand, { publish: answer }), {
        publish: message,
        mqttVersion: '5',
        profile: 'generic',
        until: 'ack',
      });
    },
  },
  {
    name: 'publish: the broker closes',
    // 3.1.1 has no other way to refuse one; it could also be the size or the QoS.
    expect: anyOf(['mqtt.publish-refused'], { never: ['mqtt.no-puback'] }),
    named: publishRefused,
    tools: 'publish',
    setup: async (stand) =>
      device(stand, await gateway(stand, { publish: 'close' }), {
        publish: message,
        profile: 'generic',
        until: 'ack',
      }),
  },
  {
    name: 'publish: no PUBACK comes',
    expect: proven('mqtt.no-puback', { never: ['mqtt.publish-refused'] }),
    named: /puback|no (?:answer|acknowledg)/i,
    tools: 'publish',
    setup: async (stand) =>
      device(stand, await gateway(stand, { publish: 'silence' }), {
        publish: message,
        profile: 'generic',
        until: 'ack',
        timeout: impatient,
      }),
  },
  {
    name: 'publish: larger than the broker takes, by its own word in MQTT 5 (mosquitto)',
    needs: ['mosquitto'],
    expect: proven('mqtt.packet-too-large', { never: ['mqtt.publish-refused'] }),
    named: /too large|oversize/i,
    tools: 'publish',
    setup: async (stand) => {
      const at = await mosquitto(stand, {
        clientCa: stand.world.deviceRoot.pem,
        lines: ['max_packet_size 200'],
      });
      return device(stand, at, {
        publish: { ...message, message: 'x'.repeat(900) },
        mqttVersion: '5',
        profile: 'generic',
        until: 'ack',
      });
    },
  },
  {
    name: 'publish: larger than the broker takes, MQTT 3.1.1 (mosquitto)',
    needs: ['mosquitto'],
    // mosquitto closes; in 3.1.1 a refused topic looks the same, and the size is no secret: 900 bytes.
    expect: oneOf(['mqtt.packet-too-large', 'mqtt.publish-refused']),
    named: /too large|oversize/i,
    tools: 'publish',
    setup: async (stand) => {
      const at = await mosquitto(stand, {
        clientCa: stand.world.deviceRoot.pem,
        lines: ['max_packet_size 200'],
      });
      return device(stand, at, {
        publish: { ...message, message: 'x'.repeat(900) },
        mqttVersion: '3.1.1',
        profile: 'generic',
        until: 'ack',
      });
    },
  },
  {
    name: 'publish: QoS 2 to a broker that takes at most 0, by its own word in MQTT 5',
    expect: proven('mqtt.qos-refused', { never: ['mqtt.publish-refused'] }),
    named: /qos/i,
    tools: 'publish',
    setup: async (stand) => {
      const answer = { code: 0, properties: { maximumQoS: 0 } };
      const at = await gateway(stand, { connect: () => answer, publish: 'close' });
      return device(stand, at, {
        publish: { ...message, qos: 2 },
        mqttVersion: '5',
        profile: 'generic',
        until: 'ack',
      });
    },
  },
  {
    name: 'publish: QoS 2 to mosquitto that takes at most 1, MQTT 5',
    needs: ['mosquitto'],
    expect: proven('mqtt.qos-refused', { never: ['mqtt.publish-refused'] }),
    named: /qos/i,
    tools: 'publish',
    setup: async (stand) => {
      const at = await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem, lines: ['max_qos 1'] });
      return device(stand, at, {
        publish: { ...message, qos: 2 },
        mqttVersion: '5',
        profile: 'generic',
        until: 'ack',
      });
    },
  },
  {
    name: 'measure: no acknowledgement comes',
    expect: named('ack.none', { never: ['mqtt.no-puback'] }),
    named: /no (?:application )?acknowledg|not acknowledged|\back\b.*(?:none|missing)/i,
    tools: 'publish',
    setup: async (stand) =>
      device(stand, await gateway(stand), { measure, until: 'ack', timeout: impatient }),
  },
  ...(
    [
      [
        'as an object',
        (code: number) => ({ capabilityAlternateId: 'temperature', sensorAlternateId: 's1', code }),
      ],
      ['as an array', (code: number) => [{ id: 'm-1', code, messages: ['unknown capability'] }]],
    ] as const
  ).map(([how, reply]): FailureRow => ({
    name: `measure: refused, ${how}`,
    expect: proven('ack.refused', { never: ['ack.none'], says: [/400/] }),
    named: /400|refused/i,
    tools: 'publish',
    setup: async (stand) =>
      device(stand, await gateway(stand, { acknowledge: () => reply(400) }), {
        measure,
        until: 'ack',
        timeout: impatient * 2,
      }),
  })),
];

/** A second client with the device's id that comes back at once whenever it is thrown out. */
async function rival(stand: Stand, at: At): Promise<void> {
  const { world } = stand;
  const client = connectClient(`mqtts://127.0.0.1:${at.port}`, {
    clientId: world.deviceId,
    key: world.bundle,
    cert: world.bundle.slice(world.bundle.indexOf('-----BEGIN CERT')),
    ca: world.serverRoot.pem,
    reconnectPeriod: 150,
  });
  client.on('error', () => undefined);
  stand.defer(async () => client.endAsync(true));
  await new Promise<void>((resolve) => void client.once('connect', () => resolve()));
}
