import type { FaultTable } from './types.js';

/** Faults of the broker, once TLS works. */
export const mqttFaults = {
  'connack-1': {
    shows: 'CONNACK 1, unacceptable protocol version',
    how: 'refuses every CONNECT with return code 1',
    diagnosis: 'mqtt.protocol-version-refused',
    changes: { connack: { kind: 'code', returnCode: 1 } },
  },
  'connack-2': {
    shows: 'CONNACK 2, identifier rejected',
    how: 'refuses every CONNECT with return code 2',
    diagnosis: 'mqtt.client-id-refused',
    changes: { connack: { kind: 'code', returnCode: 2 } },
  },
  'connack-3': {
    shows: 'CONNACK 3, server unavailable',
    how: 'refuses every CONNECT with return code 3',
    diagnosis: 'mqtt.server-unavailable',
    changes: { connack: { kind: 'code', returnCode: 3 } },
  },
  'connack-4': {
    shows: 'CONNACK 4, bad user name or password',
    how: 'refuses every CONNECT with return code 4',
    diagnosis: 'mqtt.bad-credentials',
    changes: { connack: { kind: 'code', returnCode: 4 } },
  },
  'connack-5': {
    shows: 'CONNACK 5, not authorized',
    how: 'refuses every CONNECT with return code 5',
    diagnosis: 'mqtt.not-authorized',
    changes: { connack: { kind: 'code', returnCode: 5 } },
  },
  'connack-close': {
    shows: 'the connection ends after CONNECT, without a CONNACK',
    how: 'closes instead of answering CONNECT',
    diagnosis: 'mqtt.closed-before-connack',
    changes: { connack: { kind: 'close' } },
  },
  'connack-silence': {
    shows: 'no answer to CONNECT',
    how: 'reads CONNECT and says nothing',
    diagnosis: 'mqtt.no-connack',
    changes: { connack: { kind: 'silence' } },
  },
  'connack-garbage': {
    shows: 'bytes that are no MQTT in answer to CONNECT',
    how: 'answers CONNECT with something else',
    diagnosis: 'mqtt.malformed-reply',
    changes: { connack: { kind: 'garbage' } },
  },
  'session-taken-over': {
    shows: 'the connection ends again and again: somebody else connects with the same client id',
    how: 'connects a second client with the same id every few seconds',
    diagnosis: 'mqtt.session-taken-over',
    changes: { periodically: 'taken-over' },
  },
  'connection-cut': {
    shows: 'the connection is reset every few seconds',
    how: 'resets each connection every few seconds',
    diagnosis: 'tcp.reset',
    changes: { periodically: 'cut' },
  },
  'keepalive-lost': {
    shows: 'PINGREQ is never answered',
    how: 'loses each PINGRESP',
    diagnosis: 'mqtt.keepalive-lost',
    changes: { loses: 'pingresp' },
  },
  'slow-broker': {
    shows: 'everything that the broker says arrives half a second late',
    how: 'holds back its packets for half a second',
    diagnosis: undefined,
    changes: { slow: true },
  },
  'subscribe-refused': {
    shows: 'SUBACK with return code 0x80',
    how: 'refuses every subscription',
    diagnosis: 'mqtt.subscribe-refused',
    changes: { subscribe: 'refused' },
  },
  'publish-refused': {
    shows: 'the connection ends when something is published',
    how: 'closes on every PUBLISH, as MQTT 3.1.1 has no other way to refuse one',
    diagnosis: 'mqtt.publish-refused',
    changes: { publish: 'closes' },
  },
  'qos-refused': {
    shows: 'the connection ends when something is published with QoS 2',
    how: 'takes QoS 0 and 1 only',
    diagnosis: 'mqtt.qos-refused',
    changes: { maximumQos: 1 },
  },
  'packet-too-large': {
    shows: 'the connection ends when more than 256 bytes are published',
    how: 'takes payloads of up to 256 bytes',
    diagnosis: 'mqtt.packet-too-large',
    changes: { maximumPayload: 256 },
  },
  'no-puback': {
    shows: 'PUBLISH with QoS 1 is never confirmed by the broker, though the measure arrives',
    how: 'loses each PUBACK',
    diagnosis: 'mqtt.no-puback',
    changes: { loses: 'puback' },
  },
  'no-ack': {
    shows: 'the broker takes the measure (PUBACK), but nothing comes on ack/<device>',
    how: 'sends no acknowledgements',
    diagnosis: 'ack.none',
    changes: { acknowledgement: 'none' },
  },
  'late-ack': {
    shows: 'the acknowledgement comes only after seconds',
    how: 'sends each acknowledgement late',
    diagnosis: undefined,
    changes: { acknowledgement: 'late' },
  },
  'refused-ack': {
    shows: 'the acknowledgement carries code 400',
    how: 'refuses every measure in its acknowledgement',
    diagnosis: 'ack.refused',
    changes: { acknowledgement: 'refused' },
  },
} as const satisfies FaultTable;
