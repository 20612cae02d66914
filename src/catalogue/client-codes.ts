import type { Entry } from './entry.js';

/** What the calls of paho (Python) and libmosquitto return, and what their on_disconnect is given: no codes of MQTT. */
export interface ClientCode extends Entry {
  readonly code: number;
  readonly name: string;
}

type Row = readonly [
  code: number,
  name: string,
  title: string,
  causes?: readonly string[],
  remedy?: readonly string[],
];

const check = '$ sapcert check device.pem --host HOST';
const ended = [
  'Another client connected with the same client id (mqtt.session-taken-over).',
  'The broker closed the connection after it had accepted it (mqtt.closed-after-connack).',
  'The network between went away (mqtt.keepalive-lost).',
];

/** From 0 to 14 both libraries mean the same. */
const rows: readonly Row[] = [
  [0, 'SUCCESS', 'it worked; in on_disconnect: the client itself disconnected'],
  [
    1,
    'NOMEM',
    'there is no memory left',
    [
      'In on_disconnect of older paho: any end of the connection; they give 1 for all of them.',
      ...ended,
      'The device has no memory left.',
    ],
    [check],
  ],
  [
    2,
    'PROTOCOL',
    'what came is not MQTT as the client expects it',
    [
      'The port speaks something else: TLS, HTTP or WebSocket.',
      'Client and broker speak different versions of MQTT.',
    ],
    [check],
  ],
  [
    3,
    'INVAL',
    'an argument of the call is not allowed',
    ['The topic is empty, or has a wildcard in a publish.'],
  ],
  [
    4,
    'NO_CONN',
    'the client is not connected',
    [
      'The call comes before on_connect, or after the connection ended.',
      'The network loop does not run: loop_start() or loop_forever() is missing.',
    ],
    ['Publish and subscribe from on_connect on.', check],
  ],
  [
    5,
    'CONN_REFUSED',
    'the broker refused the connection',
    ['The return code that on_connect is given says why.'],
    ['Explain that return code: sapcert explain rc=N.', check],
  ],
  [6, 'NOT_FOUND', 'the library lost track of a message', ['A fault inside the library.']],
  [7, 'CONN_LOST', 'the connection was lost', ended, [check]],
  [
    8,
    'TLS',
    'TLS failed',
    ['The server certificate is not trusted.', 'The client certificate is refused.'],
    [check],
  ],
  [9, 'PAYLOAD_SIZE', 'the payload is larger than MQTT allows', ['More than 268,435,455 bytes.']],
  [
    10,
    'NOT_SUPPORTED',
    'the library was built without this',
    ['It has no TLS, or no WebSocket, or not this protocol version.'],
  ],
  [
    11,
    'AUTH',
    'authentication failed',
    ['User name, password or the certificate are not accepted.'],
    [check],
  ],
  [
    12,
    'ACL_DENIED',
    'the broker does not allow this topic',
    ['The topic is not one of this device: measures/<device>, ack/<device>, commands/<device>.'],
    [check],
  ],
  [13, 'UNKNOWN', 'the library does not say why'],
  [
    14,
    'ERRNO',
    'the system reported an error',
    ['errno has its number, the log its words: explain those.'],
    [check],
  ],
];

/** Here the two libraries differ: in libmosquitto -1 is CONN_PENDING, 15 EAI and 16 PROXY. */
const rowsOfPaho: readonly Row[] = [
  [-1, 'AGAIN', 'the call would have had to wait: nothing is wrong'],
  [
    15,
    'QUEUE_SIZE',
    'the queue of outgoing messages is full',
    ['More is published than the broker acknowledges.', 'The client is not connected.'],
    ['Wait for what is under way, or allow more: max_queued_messages_set().'],
  ],
  [
    16,
    'KEEPALIVE',
    'the broker did not answer within the keepalive',
    [
      'The network between went away (mqtt.keepalive-lost).',
      'A callback took so long that nothing was read.',
    ],
    [check],
  ],
];

const toCode =
  (source: string) =>
  ([code, name, title, causes = [], remedy = []]: Row): ClientCode => ({
    code,
    name: `MQTT_ERR_${name}`,
    title,
    explanation: 'A return value of the client library; the broker did not send it.',
    causes,
    remedy,
    source,
  });

export const clientCodes: readonly ClientCode[] = [
  ...rows.map(toCode('paho-mqtt for Python, MQTTErrorCode; libmosquitto, enum mosq_err_t')),
  ...rowsOfPaho.map(toCode('paho-mqtt for Python, MQTTErrorCode')),
];

/** By its name: `MQTT_ERR_` is how paho spells it, `MOSQ_ERR_` libmosquitto. */
export function clientCodeNamed(text: string): ClientCode | undefined {
  const [, library, name] = /\b(MQTT|MOSQ)_ERR_([A-Z_]+)\b/.exec(text) ?? [];
  if (library === 'MOSQ' && !rows.some((row) => row[1] === name)) return undefined;
  return clientCodes.find((row) => row.name === `MQTT_ERR_${name}`);
}

/**
 * By its number, where no code of MQTT can be meant: at the end of a connection, of a publish, of a loop. No negative
 * one: those are PubSubClient's states, and in libmosquitto others than in paho.
 */
export function clientCodeOfCall(text: string): ClientCode | undefined {
  const words =
    /(?:disconnect(?:ed|ion)?|\bpublish|\bsubscribe|\bloop)\b[^\n]{0,40}?(?:\brc|result code|return code|(?<!reason )\bcode)\s*[:=(]*\s*(\d{1,2})(?![\w.])/i;
  const said = /CONNACK/i.test(text) ? undefined : words.exec(text)?.[1];
  return said === undefined ? undefined : numbered(Number(said));
}

/** By its number alone, where the number is none that a CONNACK can have. */
export function clientCodeBare(text: string): ClientCode | undefined {
  const said = /^rc\s*[:=]?\s*(\d{1,2})$/i.exec(text)?.[1];
  return said === undefined || Number(said) < 6 ? undefined : numbered(Number(said));
}

function numbered(number: number): ClientCode | undefined {
  return clientCodes.find(({ code }) => code === number);
}
