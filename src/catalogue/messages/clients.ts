import type { KnownMessage } from './message.js';

/** MQTT clients and brokers in their own words. */
export const mqttClientMessages: readonly KnownMessage[] = [
  {
    program: 'mosquitto clients, paho',
    pattern:
      /Connection (?:Refused|error)[:,]? ?-? ?(?:unacceptable|Connection Refused: unacceptable|incorrect) protocol version|unacceptable protocol version|Unsupported protocol version/i,
    examples: [
      'Connection error: Connection Refused: unacceptable protocol version.',
      'Connection Refused: unacceptable protocol version.',
      'Connection refused: Unacceptable protocol version',
    ],
    explanation: 'CONNACK 1: the broker does not speak the version of MQTT that the client asked for.',
    means: ['mqtt.protocol-version-refused'],
  },
  {
    program: 'mosquitto clients, paho, MQTT.js',
    pattern:
      /identifier rejected|Client ?Identifier ?Not ?Valid|client identifier is not valid|invalid client ?id/i,
    examples: [
      'Connection error: Connection Refused: identifier rejected.',
      'Connection refused: Identifier rejected',
      'identifier rejected',
      'Error: Connection refused: Client Identifier not valid',
    ],
    explanation: 'CONNACK 2: the broker does not allow this client id.',
    means: ['mqtt.client-id-refused', 'tls.client-certificate-chain-incomplete'],
  },
  {
    program: 'mosquitto clients, paho, MQTT.js',
    pattern: /broker unavailable|server (?:is )?unavailable|Server not available|Unable to find a broker/i,
    examples: [
      'Connection error: Connection Refused: broker unavailable.',
      'Connection error: Connection Refused: Server unavailable',
      'Error: Connection refused: Server unavailable',
      'MqttException (3) - Broker unavailable (3)',
    ],
    explanation:
      'CONNACK 3. Gateways of the ActiveMQ family, such as SAP IoT, send it for any error while connecting, above all when no certificate that they accept has reached them.',
    means: [
      'tls.client-certificate-missing',
      'tls.client-certificate-chain-incomplete',
      'mqtt.client-id-refused',
      'mqtt.server-unavailable',
    ],
    remedy: [
      'See whether the client really loaded key and certificate: the old paho tls_set takes no password for an encrypted key.',
    ],
  },
  {
    program: 'mosquitto clients, paho, MQTT.js',
    pattern: /bad ?user ?name ?or ?password/i,
    examples: [
      'Connection error: Connection Refused: bad user name or password.',
      'Error: Connection refused: Bad username or password',
      'MqttException (4) - Bad user name or password (4)',
    ],
    explanation: 'CONNACK 4: the broker does not accept the user name or the password, or misses them.',
    means: ['mqtt.bad-credentials', 'tls.client-certificate-not-requested', 'tls.client-certificate-missing'],
  },
  {
    program: 'mosquitto clients, paho, MQTT.js',
    pattern: /\bnot ?authori[sz]ed\b(?! to sign)/i,
    examples: [
      'Connection error: Connection Refused: not authorised.',
      'Error: Connection refused: Not authorized',
      'Not authorized to connect (5)',
      'MqttException (5) - Not authorized to connect (5)',
      'not Authorized',
    ],
    explanation: 'CONNACK 5: the broker does not let this client in.',
    means: [
      'mqtt.not-authorized',
      'tls.client-certificate-missing',
      'tls.client-certificate-chain-incomplete',
    ],
  },
  {
    program: 'mosquitto clients, paho',
    pattern: /The connection was refused\b/i,
    examples: ['Error: The connection was refused.', 'MQTT_ERR_CONN_REFUSED: The connection was refused.'],
    explanation:
      'The broker answered CONNECT with a return code that is not 0. The line before it, which begins with Connection error, says which: explain that.',
    means: [
      'tls.client-certificate-missing',
      'tls.client-certificate-chain-incomplete',
      'mqtt.not-authorized',
      'mqtt.client-id-refused',
      'mqtt.bad-credentials',
      'mqtt.server-unavailable',
    ],
  },
  {
    program: 'mosquitto clients, paho',
    pattern: /(?:\brc|result code|return code)\s*[:=(]*\s*7(?![\w.])|The connection was lost\b/i,
    examples: ['on_disconnect rc=7', 'Disconnected with result code 7', 'Error: The connection was lost.'],
    explanation:
      'No code of MQTT: the library says that the connection ended without DISCONNECT. Over and over: two clients use one client id.',
    means: ['mqtt.session-taken-over', 'mqtt.closed-after-connack', 'mqtt.keepalive-lost'],
  },
  {
    program: 'PubSubClient (Arduino)',
    pattern: /\b(?:rc|state)\s*[:=(]*\s*-2(?![\w.])|MQTT_CONNECT_FAILED/i,
    examples: ['Attempting MQTT connection...failed, rc=-2 try again in 5 seconds', 'MQTT_CONNECT_FAILED'],
    explanation: 'It did not come as far as MQTT: TCP or TLS failed.',
    means: ['tls.server-untrusted', 'tcp.refused', 'dns.not-found', 'tls.client-certificate-refused'],
  },
  {
    program: 'PubSubClient (Arduino)',
    pattern: /\b(?:rc|state)\s*[:=(]*\s*-4(?![\w.])|MQTT_CONNECTION_TIMEOUT/i,
    examples: ['failed, rc=-4 try again in 5 seconds', 'MQTT_CONNECTION_TIMEOUT'],
    explanation: 'The broker did not answer in time.',
    means: ['mqtt.no-connack', 'tls.silent', 'mqtt.keepalive-lost'],
  },
  {
    program: 'PubSubClient (Arduino), paho C',
    pattern: /\b(?:rc|state)\s*[:=(]*\s*-3(?![\w.])|MQTT_CONNECTION_LOST|MQTT(?:CLIENT|ASYNC)_DISCONNECTED/i,
    examples: ['failed, rc=-3 try again in 5 seconds', 'MQTTCLIENT_DISCONNECTED', 'MQTT_CONNECTION_LOST'],
    explanation: 'The connection ended and nobody said why. Over and over: two clients use one client id.',
    means: ['mqtt.closed-before-connack', 'mqtt.session-taken-over', 'tls.client-certificate-refused'],
  },
  {
    program: 'mosquitto broker',
    pattern: /already connected, closing old connection|session taken over/i,
    examples: ['1642374279: Client pump-0001 already connected, closing old connection.'],
    explanation: 'Another client connected with the same client id, so the earlier one was disconnected.',
    means: ['mqtt.session-taken-over'],
  },
  {
    program: 'paho Java',
    pattern: /\b32103\b/,
    examples: ['MqttException (32103)', 'Unable to connect to server (32103)'],
    explanation: 'TCP did not connect. What follows "Caused by" says why.',
    means: ['tcp.refused', 'tcp.timeout', 'dns.not-found', 'tcp.unreachable'],
  },
  {
    program: 'MQTT.js',
    pattern: /connack timeout/i,
    examples: ['Error: connack timeout'],
    explanation: 'MQTT.js got no CONNACK in time. It says so also when not even TCP connected.',
    means: ['mqtt.no-connack', 'tls.silent', 'tcp.timeout', 'tls.client-certificate-refused'],
  },
  {
    program: 'MQTT.js',
    pattern: /Keepalive timeout|pingresp not received|Timed out waiting for a response from the server/i,
    examples: [
      'Error: Keepalive timeout',
      'pingresp not received, disconnecting',
      'MqttException (32000) - Timed out waiting for a response from the server',
    ],
    explanation: 'The broker stopped answering: the connection is dead without having been closed.',
    means: ['mqtt.keepalive-lost', 'mqtt.no-puback'],
  },
  {
    program: 'MQTT.js',
    pattern:
      /Connection closed(?: prematurely)?|Client <?\S+>? (?:closed its connection|disconnected)|MqttException \(32109\)|Connection lost|socket error on client/i,
    examples: [
      'Error: Connection closed',
      'MqttException (32109) - java.io.EOFException',
      'Connection lost (32109) - java.io.EOFException',
      '1642374279: Socket error on client <unknown>, disconnecting.',
    ],
    explanation: 'The connection ended and nobody said why. Over and over: two clients use one client id.',
    means: ['mqtt.closed-before-connack', 'tls.client-certificate-refused', 'mqtt.session-taken-over'],
  },
  {
    program: 'paho C',
    pattern: /Failed to connect, return code (-\d+)|Connect failed,? rc -1/i,
    examples: ['Failed to connect, return code -1', 'Connect failed, rc -1'],
    explanation: 'paho C did not come as far as a CONNACK: TCP or TLS failed.',
    means: ['tls.server-untrusted', 'tcp.refused', 'tls.client-certificate-refused', 'dns.not-found'],
    remedy: ['The ssl_error_cb of MQTTClient_SSLOptions gets the words of OpenSSL: explain those.'],
  },
  {
    program: 'mosquitto clients',
    pattern: /A TLS error occurred|Protocol error\b/i,
    examples: ['Error: A TLS error occurred.', 'Error: Protocol error'],
    explanation: 'TLS failed. The line before it, which begins with OpenSSL Error, says more.',
    means: [
      'tls.server-untrusted',
      'tls.client-certificate-refused',
      'tls.server-wrong-host',
      'tls.plain-mqtt-port',
    ],
    remedy: ['Run the client with -d and explain the line of OpenSSL.'],
  },
  {
    program: 'mosquitto clients',
    pattern:
      /Problem setting TLS options|Unable to load (?:client|server|CA) (?:certificate|certificates|key)/i,
    examples: [
      'Error: Problem setting TLS options: File not found.',
      'Error: Unable to load client certificate "device.crt".',
      'Error: Unable to load CA certificates. Check cafile "ca.crt".',
    ],
    explanation: 'The client could not read its key, certificate or CA file.',
    means: [
      'file.not-found',
      'file.unrecognised',
      'key.passphrase-missing',
      'key.certificate-mismatch',
      'ca-file.unusable',
    ],
  },
];
