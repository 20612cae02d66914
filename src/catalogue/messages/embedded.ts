import type { KnownMessage } from './message.js';

const noClock = ['Set the clock before TLS, from NTP or a clock chip: a device starts in 1970.'];

/** What small devices print: wolfSSL, ESP-IDF, PubSubClient; mbedTLS has a file of its own. */
export const embeddedMessages: readonly KnownMessage[] = [
  {
    program: 'wolfSSL',
    pattern: /wolfssl.*?-150\b|\bASN_BEFORE_DATE_E\b|ASN date error, current date before/i,
    examples: ['wolfSSL_connect error -150', 'ASN date error, current date before'],
    explanation: 'The server certificate is not valid yet by the clock of this device.',
    means: ['clock.wrong', 'tls.server-not-yet-valid'],
    remedy: noClock,
  },
  {
    program: 'wolfSSL',
    pattern: /wolfssl.*?-151\b|\bASN_AFTER_DATE_E\b|ASN date error, current date after/i,
    examples: ['wolfSSL error -151', 'ASN date error, current date after'],
    explanation: 'The server certificate is past its end by the clock of this device.',
    means: ['tls.server-expired', 'clock.wrong'],
  },
  {
    program: 'wolfSSL',
    pattern:
      /wolfssl.*?-(?:188|155)\b|\bASN_(?:NO_SIGNER|SIG_CONFIRM)_E\b|ASN no signer error|ASN sig error, confirm failure/i,
    examples: ['wolfSSL_connect err = -188', 'ASN no signer error to confirm failure', 'ASN_NO_SIGNER_E'],
    explanation: 'No authority that was loaded vouches for the server certificate.',
    means: ['tls.server-untrusted', 'ca-file.not-the-issuer', 'tls.server-chain-incomplete'],
  },
  {
    program: 'wolfSSL',
    pattern: /wolfssl.*?-322\b|\bDOMAIN_NAME_MISMATCH\b|peer subject name mismatch/i,
    examples: ['wolfSSL error -322', 'peer subject name mismatch'],
    explanation: 'The server certificate is for other names than the one that was connected to.',
    means: ['tls.server-wrong-host'],
  },
  {
    program: 'wolfSSL',
    pattern: /wolfssl.*?-313\b|received alert fatal error/i,
    examples: ['wolfSSL error -313', 'received alert fatal error'],
    explanation:
      'The server ended the handshake with an alert; wolfSSL_get_alert_history says which: explain that.',
    means: [
      'tls.client-certificate-refused',
      'tls.client-certificate-chain-incomplete',
      'tls.version-mismatch',
      'tls.no-common-cipher',
    ],
  },
  {
    program: 'ESP-IDF',
    pattern: /\b0x8001\b|connection: 32769\b|ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME/i,
    examples: ['Last error reported from esp-tls: 0x8001', 'ESP_ERR_ESP_TLS_CANNOT_RESOLVE_HOSTNAME'],
    explanation: 'The name of the server could not be turned into an address.',
    means: ['dns.not-found', 'dns.failed'],
  },
  {
    program: 'ESP-IDF',
    pattern: /\b0x8004\b|connection: 32772\b|ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST/i,
    examples: [
      'TRANSPORT_BASE: Failed to open a new connection: 32772',
      'ESP_ERR_ESP_TLS_FAILED_CONNECT_TO_HOST',
    ],
    explanation: 'TCP did not connect.',
    means: ['tcp.refused', 'tcp.timeout', 'tcp.unreachable'],
  },
  {
    program: 'ESP-IDF',
    pattern: /\b0x8006\b|connection: 32774\b|ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT/i,
    examples: ['Last error reported from esp-tls: 0x8006', 'ESP_ERR_ESP_TLS_CONNECTION_TIMEOUT'],
    explanation: 'TCP did not connect in time.',
    means: ['tcp.timeout', 'tls.silent'],
  },
  {
    program: 'ESP-IDF',
    pattern: /\b0x8008\b|ESP_ERR_ESP_TLS_TCP_CLOSED_FIN/i,
    examples: ['Last error reported from esp-tls: 0x8008', 'ESP_ERR_ESP_TLS_TCP_CLOSED_FIN'],
    explanation: 'The server closed the connection.',
    means: ['mqtt.closed-before-connack', 'tls.client-certificate-refused', 'mqtt.session-taken-over'],
  },
  {
    program: 'ESP-IDF',
    pattern: /\b0x801a\b|connection: 32794\b|ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED/i,
    examples: ['Last error reported from esp-tls: 0x801a', 'ESP_ERR_MBEDTLS_SSL_HANDSHAKE_FAILED'],
    explanation:
      'The TLS handshake failed. The line before it says how, as "mbedtls_ssl_handshake returned -0x": explain that.',
    means: ['tls.server-untrusted', 'clock.wrong', 'tls.client-certificate-refused', 'tls.version-mismatch'],
  },
  {
    program: 'ESP-IDF',
    pattern: /ESP_ERR_MBEDTLS_(?:X509_CRT_PARSE|PK_PARSE_KEY|SSL_CONF_OWN_CERT)_FAILED/i,
    examples: ['ESP_ERR_MBEDTLS_PK_PARSE_KEY_FAILED', 'ESP_ERR_MBEDTLS_X509_CRT_PARSE_FAILED'],
    explanation:
      'Key or certificate could not be read: encrypted, cut off, or without the zero byte behind it.',
    means: ['key.passphrase-missing', 'file.malformed', 'file.truncated', 'key.certificate-mismatch'],
    remedy: ['Give the decrypted files of sapcert strip --split.'],
  },
  {
    program: 'PubSubClient (Arduino), paho',
    pattern: /^(?:.*(?:failed|disconnected), )?(?:rc|state)\s*[:=(]*\s*-1(?![\w.])|\bMQTT_DISCONNECTED\b/i,
    examples: ['failed, rc=-1 try again in 5 seconds', 'MQTT disconnected, rc=-1', 'MQTT_DISCONNECTED'],
    explanation:
      'PubSubClient: the client is not connected, or was disconnected in good order. paho for Python: the call would have had to wait. paho for C: a failure before any CONNACK.',
    means: [],
    own: {
      title: 'the client is not connected',
      causes: ['connect() was not called yet, or disconnect() was.', 'loop() is not called often enough.'],
    },
    remedy: ['$ sapcert check device.pem --host HOST'],
  },
];
