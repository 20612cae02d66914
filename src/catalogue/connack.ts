import type { Entry } from './entry.js';

/** A CONNACK return code of MQTT 3.1.1, which 3.1 has in common. */
export interface ReturnCode extends Entry {
  /** The standard's own words. */
  readonly name: string;
}

const clause = (code: number): string => `MQTT 3.1.1 section 3.2.2.3, return code ${code}`;

/** All return codes of a CONNACK. Other numbers are reserved. */
export const returnCodes: Readonly<Record<0 | 1 | 2 | 3 | 4 | 5, ReturnCode>> = {
  0: {
    name: 'Connection Accepted',
    title: 'the connection is accepted',
    explanation: 'The broker took the connection. Whatever fails from here on has another cause.',
    causes: [],
    remedy: [],
    source: clause(0),
  },
  1: {
    name: 'Connection Refused, unacceptable protocol version',
    title: 'the broker does not speak this version of MQTT',
    explanation: 'The broker does not support the level of the MQTT protocol that the client asked for.',
    causes: [
      'The client speaks MQTT 5 and the broker only 3.1.1. SAP IoT and other ActiveMQ-based gateways speak 3.1 and 3.1.1 only.',
      'The broker speaks MQTT 5 only.',
    ],
    remedy: [
      'Set the protocol version in the client: MQTTv311 in paho, protocolVersion: 4 in MQTT.js, -V mqttv311 with mosquitto_pub.',
      '$ sapcert check device.pem --host HOST --mqtt-version 3.1.1',
    ],
    source: clause(1),
  },
  2: {
    name: 'Connection Refused, identifier rejected',
    title: 'the broker does not allow this client id',
    explanation: 'The client id is well-formed UTF-8, but the broker does not accept it.',
    causes: [
      'The client id is not the one that belongs to the certificate. SAP IoT wants the device alternate id, which stands in the CN.',
      'The client id is empty, too long, or holds characters that the broker refuses.',
    ],
    remedy: ['Use the device alternate id as client id.', '$ sapcert inspect device.pem'],
    source: clause(2),
  },
  3: {
    name: 'Connection Refused, Server unavailable',
    title: 'the broker says that its service is unavailable',
    explanation:
      'The standard means a service that is down. Gateways of the ActiveMQ family, such as SAP IoT, send it for any error while connecting: ' +
      'also for a client certificate that is missing, does not verify, or belongs to no device.',
    causes: [
      'No client certificate reached the gateway, because the client was given none or did not load it.',
      'The gateway could not verify the certificate: its intermediate is not sent along, or another authority issued it.',
      'The client id is not the one in the certificate.',
      'The device was deleted, or its certificate was revoked or replaced.',
      'The service is really down.',
    ],
    remedy: ['$ sapcert check device.pem --host HOST'],
    source: clause(3),
  },
  4: {
    name: 'Connection Refused, bad user name or password',
    title: 'the broker does not accept the user name or the password',
    explanation: 'The user name or the password is malformed, missing or wrong.',
    causes: [
      'The user name or the password is wrong, or none was sent.',
      'A trailing newline or space came along from a file.',
      'The broker takes the certificate instead and never got one.',
    ],
    remedy: ['Give the right ones: --username NAME --password file:FILE.'],
    source: clause(4),
  },
  5: {
    name: 'Connection Refused, not authorized',
    title: 'the broker knows who connects and does not allow it',
    explanation: 'The client is not authorized to connect.',
    causes: [
      'The broker expects a client certificate or a user name, and got none.',
      'The broker has no device or user by the name in the certificate, or has it disabled.',
      'The client id does not go with the certificate or the user.',
    ],
    remedy: [
      '$ sapcert check device.pem --host HOST',
      'Ask the operator of the broker what it has for this certificate.',
    ],
    source: clause(5),
  },
};

const byCode: ReadonlyMap<number, ReturnCode> = new Map(
  Object.entries(returnCodes).map(([code, entry]) => [Number(code), entry]),
);

export function returnCode(code: number): ReturnCode | undefined {
  return byCode.get(code);
}
