import type { AckCode, MqttCode } from '../../codes.js';
import type { Entry } from '../entry.js';

const operator = 'Send the lines below to the operator of the broker.';

export const mqttEntries: Readonly<Record<MqttCode, Entry>> = {
  'mqtt.protocol-version-refused': {
    title: 'the broker does not speak this version of MQTT',
    explanation: 'TLS is fine. The broker refuses the version of the protocol.',
    causes: [
      'The client speaks MQTT 5 to a broker that has 3.1.1 only, as SAP IoT does.',
      'The broker has MQTT 5 only.',
    ],
    remedy: [
      'Set the version in the client: MQTTv311 in paho, protocolVersion: 4 in MQTT.js, -V mqttv311 with mosquitto_pub.',
    ],
    source: 'MQTT 3.1.1 section 3.1.2.2; MQTT 5.0 section 3.1.2.2',
  },
  'mqtt.client-id-refused': {
    title: 'the broker does not allow this client id',
    explanation: 'TLS is fine. The client id is not the one that the broker expects of this device.',
    causes: [
      'The client id is not the device alternate id that the certificate names.',
      'The id is empty, too long, or has characters that the broker refuses.',
    ],
    remedy: ['Use the device alternate id as client id.', '$ sapcert inspect device.pem'],
    source: 'MQTT 3.1.1 section 3.1.3.1; MQTT 5.0 section 3.1.3.1',
  },
  'mqtt.server-unavailable': {
    title: 'the broker says that it is unavailable, and nothing here explains it',
    explanation:
      'The certificate, its chain, the client id and the protocol version were tried, and none of them is the cause: it lies at the side of the broker. SAP IoT and other gateways of the ActiveMQ family answer this for any error while connecting.',
    causes: [
      'The device was deleted or never registered, or its certificate was replaced or revoked.',
      'The gateway does not accept the authority of the certificate.',
      'The service is really down.',
    ],
    remedy: ['Check that the device exists and that this is its current certificate.', operator],
    source: 'MQTT 3.1.1 section 3.2.2.3; MQTT 5.0 section 3.2.2.2',
  },
  'mqtt.bad-credentials': {
    title: 'the broker does not accept the user name or the password',
    explanation:
      'TLS is fine. The broker looks at the user name and password, and they are wrong or missing.',
    causes: ['Wrong user name or password, or none given.', 'A trailing newline came along from a file.'],
    remedy: ['Give the right ones: --username NAME --password file:FILE.'],
    source: 'MQTT 3.1.1 section 3.2.2.3; MQTT 5.0 section 3.2.2.2',
  },
  'mqtt.not-authorized': {
    title: 'the broker does not allow this client to connect',
    explanation: 'TLS is fine. The broker has no rights for this client, or wants it to say who it is.',
    causes: [
      'The broker wants a user name and password, or a client certificate, and got none.',
      'The device is not registered, or is disabled.',
      'The client id does not go with the certificate.',
    ],
    remedy: ['Give a user name if the broker wants one: --username NAME --password file:FILE.', operator],
    source: 'MQTT 3.1.1 section 3.2.2.3; MQTT 5.0 section 3.2.2.2',
  },
  'mqtt.refused': {
    title: 'the broker refuses the connection and gives its reason',
    explanation: 'TLS is fine. The reason code, and the Reason String where there is one, say why.',
    causes: [
      'A limit, a quota or a rule of the broker.',
      'The broker wants the client to use another server.',
    ],
    remedy: [operator],
    source: 'MQTT 5.0 sections 2.4 and 3.2.2.2',
  },
  'mqtt.closed-before-connack': {
    title: 'the broker closes the connection instead of answering',
    explanation: 'TLS is fine. The broker ended the connection without a CONNACK.',
    causes: [
      'The broker does not know the device, or its rules forbid the connection.',
      'The client id or the protocol version is not to its liking.',
      'A load balancer without a working broker behind it.',
    ],
    remedy: ['Check the client id and that the device is registered.', operator],
    source: 'MQTT 3.1.1 section 3.1.4; MQTT 5.0 section 3.1.4',
  },
  'mqtt.closed-after-connack': {
    title: 'the broker accepts the connection and then ends it',
    explanation: 'CONNACK said yes, and soon after the connection was ended from the other side.',
    causes: [
      'Another client uses the same client id.',
      'A rule of the broker that acts after CONNECT.',
      'The broker restarts.',
    ],
    remedy: ['Try with an id of your own: --client-id test-1', operator],
    source: 'MQTT 3.1.1 section 4.8.2; MQTT 5.0 section 4.13',
  },
  'mqtt.no-connack': {
    title: 'the broker never answers CONNECT',
    explanation: 'TLS is fine. CONNECT was sent, and nothing came back.',
    causes: [
      'The broker hangs, or what it asks (a database, a directory) does.',
      'The port is for another protocol that waits.',
      'A load balancer without a working broker behind it.',
    ],
    remedy: ['Check the port.', operator],
    source: 'MQTT 3.1.1 section 3.2; MQTT 5.0 section 3.2',
  },
  'mqtt.malformed-reply': {
    title: 'what answers inside TLS does not speak MQTT',
    explanation: 'TLS is fine. What came back is no valid MQTT packet.',
    causes: ['Another service on this port: mail, AMQP, a web server.', 'A faulty broker or proxy.'],
    remedy: ['Check host and port; MQTT over TLS usually has 8883.'],
    source: 'MQTT 3.1.1 section 3.2; MQTT 5.0 section 3.2',
  },
  'mqtt.session-taken-over': {
    title: 'another client with the same client id takes the connection over',
    explanation:
      'A broker keeps one connection for each client id. A second one ends the first; if both reconnect, they throw each other out for ever.',
    causes: [
      'The device runs elsewhere with the same id.',
      'Two programs share one device.',
      'A program connects twice.',
    ],
    remedy: [
      'Find and stop the other client, or give each client an id of its own.',
      'If several programs send for one device, let one of them hold the connection: sapcert send reads from a pipe.',
    ],
    source: 'MQTT 3.1.1 section 3.1.4, MQTT-3.1.4-2; MQTT 5.0 section 3.1.4',
  },
  'mqtt.subscribe-refused': {
    title: 'the broker does not allow this subscription',
    explanation: 'The connection is accepted. The topic is not allowed for this client.',
    causes: [
      'The topic is misspelt, or belongs to another device.',
      'The rights of the device do not cover it.',
    ],
    remedy: ['Check the topic; with SAP IoT it is ack/DEVICE or commands/DEVICE.', operator],
    source: 'MQTT 3.1.1 section 3.9.3; MQTT 5.0 section 3.9.3',
  },
  'mqtt.publish-refused': {
    title: 'the broker does not take the message',
    explanation:
      'The connection is accepted. The message was refused, or the broker ended the connection when it came.',
    causes: [
      'The topic is misspelt, or not allowed for this device.',
      'The rights of the device do not cover it.',
    ],
    remedy: ['Check the topic; with SAP IoT it is measures/DEVICE.', operator],
    source: 'MQTT 3.1.1 section 3.3.5; MQTT 5.0 sections 3.4.2 and 4.13',
  },
  'mqtt.packet-too-large': {
    title: 'the message is larger than the broker takes',
    explanation: 'The packet is above the limit of the broker.',
    causes: ['Too many readings in one message.', 'A low limit of the broker or the account.'],
    remedy: ['Send smaller messages.'],
    source: 'MQTT 5.0 section 3.2.2.3.6',
  },
  'mqtt.qos-refused': {
    title: 'the broker does not have this quality of service',
    explanation: 'The QoS is above what the broker supports.',
    causes: ['QoS 2 at a broker that has 0 and 1 only.'],
    remedy: ['Publish with QoS 1 or 0.'],
    source: 'MQTT 5.0 section 3.2.2.3.4',
  },
  'mqtt.no-puback': {
    title: 'the broker does not acknowledge the message',
    explanation: 'The message was sent, the connection stays, and no acknowledgement comes.',
    causes: [
      'The broker or what is behind it hangs.',
      'A rule of the broker that drops messages without a word.',
    ],
    remedy: ['Check the topic.', operator],
    source: 'MQTT 3.1.1 section 4.3.2; MQTT 5.0 section 4.3.2',
  },
  'mqtt.keepalive-lost': {
    title: 'the connection goes dead while it is open',
    explanation:
      'A PINGREQ got no answer: the connection still seems to be there, and nothing comes through.',
    causes: [
      'A firewall or NAT on the way forgets idle connections.',
      'The broker hangs.',
      'The network was lost.',
    ],
    remedy: ['Use a shorter Keep Alive, below what the network forgets (often 60 to 350 seconds).'],
    source: 'MQTT 3.1.1 section 3.1.2.10; MQTT 5.0 section 3.1.2.10',
  },
};

export const ackEntries: Readonly<Record<AckCode, Entry>> = {
  'ack.none': {
    title: 'the application does not acknowledge the measure',
    explanation: 'The broker took the message, and the application behind it said nothing.',
    causes: [
      'The topic is not the one of the device.',
      'The application is slow or down.',
      'Acknowledgements are switched off.',
    ],
    remedy: [
      'Check device, sensor and capability in the measure.',
      'Look for the measure in the device cockpit.',
    ],
    source: 'SAP IoT, MQTT network: ack/<device>',
  },
  'ack.refused': {
    title: 'the application refuses the measure',
    explanation: 'The message arrived, and what it says is not accepted.',
    causes: [
      'The sensor or capability alternate id does not exist for this device.',
      'A property or its type does not fit the capability.',
    ],
    remedy: ['Compare the alternate ids and properties with those in the device model.'],
    source: 'SAP IoT, MQTT network: acknowledgement codes other than 200 and 202',
  },
};
