import type { ErrorCode } from '../codes.js';
import { SapcertError } from '../errors.js';

/** How far a connection had come. */
export type ConnectPhase = 'tcp' | 'tls' | 'mqtt';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
}

const meaning = (code: ErrorCode, message: string): Meaning => ({ code, message });
const untrusted = meaning(
  'tls.server-untrusted',
  'the certificate of the server leads to no CA that is trusted',
);
const refusedCertificate = meaning(
  'tls.client-certificate-refused',
  "the server refused the device's certificate",
);

/** What getaddrinfo, sockets and OpenSSL report, by Node's code. */
const meanings: Readonly<Record<string, Meaning>> = {
  ENOTFOUND: meaning('dns.not-found', 'there is no such host name'),
  EAI_AGAIN: meaning('dns.failed', 'the name could not be looked up'),
  ECONNREFUSED: meaning('tcp.refused', 'nothing accepts connections there'),
  ETIMEDOUT: meaning('tcp.timeout', 'no answer'),
  EHOSTUNREACH: meaning('tcp.unreachable', 'there is no way to the host'),
  ENETUNREACH: meaning('tcp.unreachable', 'there is no way to the network of the host'),
  EADDRNOTAVAIL: meaning('tcp.unreachable', 'there is no way to the host from here'),
  ECONNRESET: meaning('tcp.reset', 'the connection was reset'),
  EPIPE: meaning('tcp.closed', 'the connection was closed'),
  CERT_HAS_EXPIRED: meaning('tls.server-expired', 'the certificate of the server has expired'),
  CERT_NOT_YET_VALID: meaning('tls.server-not-yet-valid', 'the certificate of the server is not valid yet'),
  ERR_TLS_CERT_ALTNAME_INVALID: meaning(
    'tls.server-wrong-host',
    'the certificate of the server is for another host',
  ),
  DEPTH_ZERO_SELF_SIGNED_CERT: meaning(
    'tls.server-self-signed',
    'the certificate of the server is self-signed',
  ),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  INVALID_CA: untrusted,
  INVALID_PURPOSE: meaning(
    'tls.server-wrong-purpose',
    'the certificate of the server is not one for servers',
  ),
  ERR_SSL_WRONG_VERSION_NUMBER: meaning('tls.not-tls', 'what answers there does not speak TLS'),
  ERR_SSL_PACKET_LENGTH_TOO_LONG: meaning('tls.not-tls', 'what answers there does not speak TLS'),
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: meaning(
    'tls.version-mismatch',
    'the server wants another version of TLS',
  ),
  ERR_SSL_UNSUPPORTED_PROTOCOL: meaning('tls.version-mismatch', 'the server wants another version of TLS'),
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: meaning('tls.sni-rejected', 'the server does not serve this name'),
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: meaning(
    'tls.alpn-required',
    'the server wants another ALPN protocol',
  ),
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: meaning(
    'tls.client-certificate-missing',
    'the server wants a client certificate',
  ),
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: meaning(
    'tls.client-certificate-revoked',
    "the device's certificate is revoked",
  ),
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: meaning(
    'tls.client-certificate-expired',
    "the device's certificate has expired",
  ),
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: refusedCertificate,
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: refusedCertificate,
  ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: refusedCertificate,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: refusedCertificate,
  ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: refusedCertificate,
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: refusedCertificate,
};

const timeouts: Readonly<Record<ConnectPhase, Meaning>> = {
  tcp: meaning('tcp.timeout', 'no connection'),
  tls: meaning('tls.silent', 'no TLS handshake'),
  mqtt: meaning('mqtt.no-connack', 'no CONNACK'),
};

const closed: Readonly<Record<ConnectPhase, Meaning>> = {
  tcp: meaning('tcp.closed', 'the connection was closed'),
  tls: meaning('tcp.closed', 'the server closed the connection during the TLS handshake'),
  mqtt: meaning('mqtt.closed-before-connack', 'the broker closed the connection without a CONNACK'),
};

/** What to do about it, where trying again is not all one can do. */
const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  'dns.not-found': 'check the host name',
  'tls.server-untrusted': "give the CA of the server's certificate (ca, --ca FILE)",
  'tls.server-self-signed': "give the CA of the server's certificate (ca, --ca FILE)",
  'tls.server-wrong-host': 'give the name that stands in the certificate as host or server name',
  'tls.not-tls': 'check the port: MQTT over TLS uses 8883',
  'mqtt.closed-before-connack': 'sapcert check finds the cause: a refused certificate can look like this',
};

/**
 * Turns whatever a socket or TLS reports into one of our errors.
 *
 * @param cause as it was thrown or emitted; its code may be a text, a number, or missing
 * @param endpoint `host:port`, for the message
 */
export function networkError(cause: unknown, phase: ConnectPhase, endpoint: string): SapcertError {
  if (cause instanceof SapcertError) return cause;
  const { code, message } = meanings[codeOf(cause) ?? ''] ?? unknownFailure(cause, phase);
  return new SapcertError(code, `${endpoint}: ${message}`, { cause, hint: hints[code] ?? checkHint(code) });
}

export function timeoutError(phase: ConnectPhase, endpoint: string, milliseconds: number): SapcertError {
  const { code, message } = timeouts[phase];
  return new SapcertError(code, `${endpoint}: ${message} within ${seconds(milliseconds)}`, {
    hint: hints[code],
  });
}

export function closedError(phase: ConnectPhase, endpoint: string): SapcertError {
  const { code, message } = closed[phase];
  return new SapcertError(code, `${endpoint}: ${message}`, { hint: hints[code] });
}

/** `10 s`, `0.5 s`. */
export function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(3))} s`;
}

/** The `code` of whatever was thrown: a text, a number, or nothing. */
export function errorCode(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}

/** Of several addresses that were tried in vain the first one's code counts (Node's AggregateError). */
function codeOf(cause: unknown): string | undefined {
  const code = errorCode(cause);
  if (typeof code === 'string') return code;
  return cause instanceof AggregateError && cause.errors.length > 0 ? codeOf(cause.errors[0]) : undefined;
}

function unknownFailure(cause: unknown, phase: ConnectPhase): Meaning {
  const said = codeOf(cause) ?? (cause instanceof Error ? cause.message : 'unknown error');
  if (phase === 'tcp') return meaning('tcp.unreachable', `no connection (${said})`);
  if (phase === 'tls' || said.startsWith('ERR_SSL')) {
    return meaning('tls.handshake-failed', `the TLS handshake failed (${said})`);
  }
  return meaning('tcp.closed', `the connection failed (${said})`);
}

function checkHint(code: ErrorCode): string | undefined {
  return code.startsWith('tls.') ? 'sapcert check tells the possible causes apart' : undefined;
}
