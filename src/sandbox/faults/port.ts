import type { FaultTable } from './types.js';

/** Faults of the port and of the TLS handshake before any certificate counts. */
export const portFaults = {
  'plain-mqtt-port': {
    shows: 'the TLS handshake fails: the answer is not TLS',
    how: 'speaks MQTT without TLS on the port',
    diagnosis: 'tls.plain-mqtt-port',
    changes: { port: 'plain-mqtt' },
  },
  'http-port': {
    shows: 'the TLS handshake fails: the answer is HTTP',
    how: 'speaks HTTP without TLS on the port',
    diagnosis: 'tls.http-port',
    changes: { port: 'http' },
  },
  'https-port': {
    shows: 'TLS works, but the answer to CONNECT is an HTTP error',
    how: 'speaks HTTPS on the port, as MQTT over WebSocket would want it',
    diagnosis: 'tls.wss-port',
    changes: { port: 'https', requestsCertificate: false },
  },
  'silent-port': {
    shows: 'TCP connects, then nothing happens',
    how: 'takes connections and never answers',
    diagnosis: 'tls.silent',
    changes: { port: 'silent' },
  },
  'closed-at-once': {
    shows: 'the connection ends before TLS begins',
    how: 'ends each connection as soon as it is there',
    diagnosis: 'tcp.closed',
    changes: { port: 'closes' },
  },
  'reset-at-once': {
    shows: 'the connection is reset before TLS begins',
    how: 'resets each connection as soon as it is there',
    diagnosis: 'tcp.reset',
    changes: { port: 'resets' },
  },
  'handshake-stalls': {
    shows: 'the TLS handshake begins and then hangs, as behind a broken MTU',
    how: 'sends the first part of its TLS flight and nothing after it',
    diagnosis: 'tls.partial-then-silent',
    changes: { port: 'stalls' },
  },
  'tls-version-too-old': {
    shows: 'TLS alert 70, protocol version',
    how: 'speaks nothing newer than TLS 1.1',
    diagnosis: 'tls.version-mismatch',
    changes: { tlsLimit: 'old-version' },
  },
  'no-common-cipher': {
    shows: 'TLS alert 40, handshake failure, before a certificate is shown',
    how: 'offers one cipher suite, which its own certificate does not fit',
    diagnosis: 'tls.no-common-cipher',
    changes: { tlsLimit: 'no-common-cipher' },
  },
  'server-name-refused': {
    shows: 'TLS alert 112, unrecognized name',
    how: 'refuses whatever server name (SNI) it is asked for',
    diagnosis: 'tls.sni-rejected',
    changes: { tlsLimit: 'server-name-refused' },
  },
  'alpn-required': {
    shows: 'TLS alert 120 with a wrong ALPN protocol, an HTTP error with none',
    how: 'speaks MQTT only with clients that ask for it by ALPN (mqtt)',
    diagnosis: 'tls.alpn-required',
    changes: { tlsLimit: 'alpn-required' },
  },
} as const satisfies FaultTable;
