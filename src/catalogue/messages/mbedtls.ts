import type { KnownMessage } from './message.js';

/** What mbedTLS returns, by number and by name, and what its log says. */
export const mbedtlsMessages: readonly KnownMessage[] = [
  {
    program: 'mbedTLS',
    pattern: /-0x(?:00)?52\b|MBEDTLS_ERR_NET_UNKNOWN_HOST/i,
    examples: ['mbedtls_net_connect returned -0x52', 'MBEDTLS_ERR_NET_UNKNOWN_HOST'],
    explanation: 'The name of the server could not be turned into an address.',
    means: ['dns.not-found', 'dns.failed'],
  },
  {
    program: 'mbedTLS',
    pattern: /-0x(?:00)?44\b|MBEDTLS_ERR_NET_CONNECT_FAILED/i,
    examples: ['mbedtls_net_connect returned -0x0044', 'MBEDTLS_ERR_NET_CONNECT_FAILED'],
    explanation: 'TCP did not connect.',
    means: ['tcp.refused', 'tcp.timeout', 'tcp.unreachable'],
  },
  {
    program: 'mbedTLS',
    pattern: /-0x(?:00)?(?:50|4C|4E)\b|MBEDTLS_ERR_NET_(?:CONN_RESET|RECV_FAILED|SEND_FAILED)/i,
    examples: ['mbedtls_ssl_handshake returned -0x0050', 'mbedtls_ssl_read returned -0x004C'],
    explanation: 'The connection broke while it was used.',
    means: [
      'tcp.reset',
      'tls.client-certificate-refused',
      'tls.plain-mqtt-port',
      'mqtt.closed-before-connack',
    ],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x7880\b|-30848\b|MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY/i,
    examples: ['mbedtls_ssl_read returned -0x7880', 'MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY'],
    explanation: 'The server ended TLS in good order; why, it has not said here.',
    means: ['mqtt.closed-before-connack', 'tls.client-certificate-refused', 'mqtt.session-taken-over'],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x6800\b|-26624\b|MBEDTLS_ERR_SSL_TIMEOUT/i,
    examples: ['mbedtls_ssl_handshake returned -0x6800', 'MBEDTLS_ERR_SSL_TIMEOUT'],
    explanation: 'Nothing came in time.',
    means: ['tls.silent', 'tls.partial-then-silent', 'tcp.timeout'],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x3B80\b|MBEDTLS_ERR_PK_PASSWORD_MISMATCH|Given private key password does not allow/i,
    examples: ['mbedtls_pk_parse_key returned -0x3B80', 'MBEDTLS_ERR_PK_PASSWORD_MISMATCH'],
    explanation: 'The password does not open the private key.',
    means: ['key.passphrase-wrong'],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x3C00\b|MBEDTLS_ERR_PK_PASSWORD_REQUIRED|Private key password can't be empty/i,
    examples: [
      'mbedtls_pk_parse_key returned -0x3C00',
      'MBEDTLS_ERR_PK_PASSWORD_REQUIRED',
      "PK - Private key password can't be empty",
    ],
    explanation: 'The private key is encrypted, and no password was given.',
    means: ['key.passphrase-missing'],
    remedy: ['Give the decrypted files of sapcert strip --split.'],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x7F00\b|-32512\b|MBEDTLS_ERR_SSL_ALLOC_FAILED|SSL - Memory allocation failed/i,
    examples: ['mbedtls_ssl_setup returned -0x7F00', 'SSL - Memory allocation failed'],
    explanation:
      'The device has no memory left for TLS; the network and the certificates are not the reason.',
    means: [],
    own: {
      title: 'the device ran out of memory',
      causes: ['TLS takes some 40 kB at once, also where more than that is free but in pieces.'],
    },
    remedy: ['Connect early after the start, one connection at a time, or configure smaller TLS buffers.'],
  },
  {
    program: 'mbedTLS',
    pattern:
      /\b0x2700\b|-9984\b|MBEDTLS_ERR_X509_CERT_VERIFY_FAILED|Certificate verification failed, e\.g\. CRL/i,
    examples: [
      'mbedtls_ssl_handshake returned -0x2700',
      'X509 - Certificate verification failed, e.g. CRL, CA or signature check failed',
      'In client state:MBEDTLS_SSL_SERVER_CERTIFICATE:ret -9984',
    ],
    explanation: 'The server certificate did not pass. On small devices the clock is often not set yet.',
    means: ['tls.server-untrusted', 'clock.wrong', 'tls.server-wrong-host', 'tls.server-expired'],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x7780\b|-30592\b|MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE|fatal alert message was received/i,
    examples: [
      'esp-tls-mbedtls: mbedtls_ssl_handshake returned -0x7780',
      'mbedtls_ssl_handle_message_type() returned -30592 (-0x7780)',
      'SSL - A fatal alert message was received from our peer',
    ],
    explanation:
      'The server ended the handshake with an alert. Its number stands in the debug log as "is a fatal alert message (msg N)": explain that.',
    means: [
      'tls.client-certificate-refused',
      'tls.client-certificate-chain-incomplete',
      'tls.version-mismatch',
      'tls.no-common-cipher',
    ],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x7280\b|-29312\b|MBEDTLS_ERR_SSL_CONN_EOF/i,
    examples: ['mbedtls_ssl_handshake returned -0x7280', 'The connection indicated an EOF (-29312)'],
    explanation: 'The server closed the connection without an alert.',
    means: ['tls.client-certificate-refused', 'tcp.closed', 'tls.handshake-failed'],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x7200\b|-29184\b|invalid SSL record/i,
    examples: ['mbedtls_ssl_handshake returned -0x7200', 'SSL - An invalid SSL record was received'],
    explanation: 'What came is not TLS.',
    means: ['tls.plain-mqtt-port', 'tls.http-port', 'tls.not-tls'],
  },
  {
    program: 'mbedTLS',
    pattern: /\b0x3B00\b|\b0x2180\b|-8576\b|\b0x3D00\b/i,
    examples: ['mbedtls_pk_parse_key returned -0x3D00', 'mbedtls_x509_crt_parse returned -0x2180'],
    explanation:
      'A key or a certificate could not be read: encrypted, cut off, or without its final zero byte in memory.',
    means: ['key.passphrase-missing', 'file.malformed', 'file.truncated'],
    remedy: ['Give the decrypted files of sapcert strip --split.'],
  },
];
