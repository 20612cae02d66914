import { failing, tried } from '../evidence.js';
import { type Row, row, closed } from './row.js';

export const sessionRows: readonly Row[] = [
  row(
    'DISCONNECT 0x8E',
    'mqtt.session-taken-over',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connected',
        during: 'watching',
        disconnect: { code: 0x8e, name: 'Session taken over' },
      },
    }),
  ),
  row(
    'DISCONNECT 0x9B',
    'mqtt.qos-refused',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connected',
        during: 'watching',
        disconnect: { code: 0x9b, name: 'QoS not supported' },
      },
    }),
  ),
  row(
    'only a fresh id stays',
    'mqtt.session-taken-over',
    'likely',
    failing('mqtt', {
      mqtt: { reach: 'connected', during: 'watching', end: closed, stayedMs: 300 },
      experiments: [
        tried('fresh-client-id', 'accepted', { tls: {}, mqtt: {}, facts: { clientId: 'fresh' } }),
        tried('repeat', 'refused'),
      ],
    }),
  ),
  row(
    'closed after CONNACK 0',
    'mqtt.closed-after-connack',
    'likely',
    failing('mqtt', { mqtt: { reach: 'connected', during: 'pingresp', end: closed, stayedMs: 3 } }),
    { also: ['mqtt.session-taken-over'] },
  ),
  row(
    'no PINGRESP',
    'mqtt.keepalive-lost',
    'proven',
    failing('mqtt', { mqtt: { reach: 'connected', during: 'pingresp', timedOut: true } }),
  ),
  row(
    'SUBACK 0x80',
    'mqtt.subscribe-refused',
    'proven',
    failing('mqtt', {
      mqtt: { subscriptions: [{ topic: 'a', granted: false, code: 0x80, name: 'Failure' }] },
    }),
  ),
  row(
    'SUBACK never comes for the acknowledgements',
    'mqtt.subscribe-refused',
    'likely',
    failing('ack', { ack: { acks: [], publish: undefined, during: 'suback', timedOut: true } }),
  ),
  row(
    'DISCONNECT 0x87 when it got SUBSCRIBE for the acknowledgements',
    'mqtt.subscribe-refused',
    'proven',
    failing('ack', {
      ack: {
        acks: [],
        publish: undefined,
        during: 'suback',
        disconnect: { code: 0x87, name: 'Not authorized' },
      },
    }),
  ),
  row(
    'DISCONNECT 0x8E when it got PUBLISH',
    'mqtt.session-taken-over',
    'proven',
    failing('ack', {
      ack: { acks: [], during: 'puback', disconnect: { code: 0x8e, name: 'Session taken over' } },
    }),
    { never: ['mqtt.publish-refused'] },
  ),
  row(
    'PUBACK 0x87',
    'mqtt.publish-refused',
    'proven',
    failing('ack', {
      ack: {
        acks: [],
        publish: { topic: 'a', qos: 1, bytes: 9, acknowledged: { code: 0x87, name: 'Not authorized' } },
      },
    }),
  ),
  row(
    'closed on PUBLISH',
    'mqtt.publish-refused',
    'likely',
    failing('ack', {
      ack: { acks: [], publish: { topic: 'a', qos: 1, bytes: 9 }, during: 'puback', end: closed },
    }),
  ),
  row(
    'closed on a large PUBLISH',
    'mqtt.packet-too-large',
    'likely',
    failing('ack', {
      ack: { acks: [], publish: { topic: 'a', qos: 1, bytes: 200_000 }, during: 'puback', end: closed },
    }),
    { also: ['mqtt.publish-refused'] },
  ),
  row(
    'no PUBACK',
    'mqtt.no-puback',
    'proven',
    failing('ack', {
      ack: { acks: [], publish: { topic: 'a', qos: 1, bytes: 9 }, during: 'puback', timedOut: true },
    }),
  ),
  row(
    'no acknowledgement for a device that the certificate does not name',
    'certificate.device-id-mismatch',
    'likely',
    failing('ack', {
      target: { deviceId: 'device-2' },
      ack: { acks: [], during: 'ack', timedOut: true },
    }),
    { also: ['ack.none'] },
  ),
  row(
    'no acknowledgement',
    'ack.none',
    'proven',
    failing('ack', { ack: { acks: [], during: 'ack', timedOut: true } }),
  ),
  row(
    'a refused measure',
    'ack.refused',
    'proven',
    failing('ack', { ack: { acks: [{ code: 404, messages: ['no such sensor'] }] } }),
  ),
];
