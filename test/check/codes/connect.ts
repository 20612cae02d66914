import { failing, tried } from '../evidence.js';
import { type Row, row, connack, ended } from './row.js';

export const connectRows: readonly Row[] = [
  row(
    'CONNACK 1',
    'mqtt.protocol-version-refused',
    'proven',
    failing('mqtt', { mqtt: connack(1, 'unacceptable protocol version') }),
  ),
  row(
    'MQTT 5 is closed on, 3.1.1 accepted',
    'mqtt.protocol-version-refused',
    'proven',
    failing('mqtt', {
      target: { mqttVersion: '5' },
      mqtt: { ...ended, protocolVersion: '5' },
      experiments: [tried('mqtt-3.1.1', 'accepted', { tls: {}, mqtt: {} }), tried('repeat', 'refused')],
    }),
    { never: ['mqtt.closed-before-connack'] },
  ),
  row(
    'CONNACK 2',
    'mqtt.client-id-refused',
    'proven',
    failing('mqtt', { mqtt: connack(2, 'identifier rejected') }),
  ),
  row(
    "the CN's id is accepted",
    'mqtt.client-id-refused',
    'proven',
    failing('mqtt', {
      target: { clientId: 'x' },
      mqtt: { ...connack(3, 'Server unavailable'), clientId: 'x' },
      experiments: [
        tried('own-client-id', 'accepted', { tls: {}, mqtt: {}, facts: { clientId: 'device-1' } }),
        tried('repeat', 'refused'),
      ],
    }),
  ),
  row(
    'another id, and nothing tried',
    'certificate.device-id-mismatch',
    'likely',
    failing('mqtt', { target: { clientId: 'x' }, mqtt: { ...ended, clientId: 'x' } }),
    { also: ['mqtt.closed-before-connack'] },
  ),
  row(
    'CONNACK 3 to a certificate whose issuer was asked for',
    'mqtt.server-unavailable',
    'likely',
    failing('mqtt', {
      tls: {
        request: { authorities: ['x'], signatureAlgorithms: [], certificateTypes: [], namesOurIssuer: true },
      },
      mqtt: connack(3, 'Server unavailable'),
    }),
  ),
  row(
    'CONNACK 4 to a user name',
    'mqtt.bad-credentials',
    'proven',
    failing('mqtt', {
      target: { username: true },
      mqtt: { ...connack(4, 'bad user name or password'), username: true },
    }),
  ),
  row(
    'CONNACK 5',
    'mqtt.not-authorized',
    'likely',
    failing('mqtt', {
      tls: {
        request: { authorities: ['x'], signatureAlgorithms: [], certificateTypes: [], namesOurIssuer: true },
      },
      mqtt: connack(5, 'not authorized'),
    }),
  ),
  row(
    '0x97',
    'mqtt.refused',
    'proven',
    failing('mqtt', { mqtt: connack(0x97, 'Quota exceeded', { reasonString: 'ten a day' }) }),
  ),
  row(
    '0x95',
    'mqtt.packet-too-large',
    'proven',
    failing('mqtt', { mqtt: connack(0x95, 'Packet too large') }),
  ),
  row('0x9B', 'mqtt.qos-refused', 'proven', failing('mqtt', { mqtt: connack(0x9b, 'QoS not supported') })),
  row(
    'closed on CONNECT',
    'mqtt.closed-before-connack',
    'likely',
    failing('mqtt', { file: { missingIssuer: undefined }, mqtt: ended }),
  ),
  row(
    'silence on CONNECT',
    'mqtt.no-connack',
    'likely',
    failing('mqtt', {
      mqtt: { reach: 'connect-sent', connack: undefined, during: 'connack', timedOut: true },
    }),
  ),
];
