import type { Entry } from './entry.js';

/** A TLS alert description. */
export interface TlsAlert extends Entry {
  readonly number: number;
  /** As the standard writes it, for example `unknown_ca`. */
  readonly name: string;
}

type Row = readonly [
  number: number,
  name: string,
  source: string,
  explanation: string,
  causes?: readonly string[],
  remedy?: readonly string[],
];

const tls13 = 'RFC 8446 section 6.2';
const tls12 = 'RFC 5246 section 7.2.2';
const both = `${tls13}; ${tls12}`;
const check = '$ sapcert check device.pem --host HOST';
const sameForTwo =
  'Many servers send the same alert for a chain that lacks its intermediate and for a certificate of another authority.';

const rows: readonly Row[] = [
  [0, 'close_notify', 'RFC 8446 section 6.1', 'The sender is done and sends nothing more. A normal end.'],
  [
    10,
    'unexpected_message',
    both,
    'A message came that does not belong there.',
    [
      'A fault of one TLS library, or two that misunderstand each other.',
      'Something that is not TLS on the other side.',
    ],
  ],
  [
    20,
    'bad_record_mac',
    both,
    'A record could not be verified: it was changed, or the keys differ.',
    ['A fault in a TLS library or its hardware acceleration.', 'A middlebox that changes the bytes.'],
  ],
  [
    21,
    'decryption_failed',
    `${tls12} (reserved)`,
    'A record could not be decrypted. TLS 1.0 and older.',
    ['A very old TLS library.'],
  ],
  [
    22,
    'record_overflow',
    both,
    'A record is longer than allowed.',
    ['Something that is not TLS on the other side.'],
  ],
  [30, 'decompression_failure', tls12, 'Compressed data could not be unpacked.', ['A very old TLS library.']],
  [
    40,
    'handshake_failure',
    both,
    'The sender finds no set of parameters that both sides accept. Servers also send it when a client certificate is missing.',
    [
      'No cipher, curve or signature algorithm in common.',
      'In TLS 1.2: the server requires a client certificate and got none.',
      'The key of the client certificate cannot be used with what the server accepts.',
    ],
    [check],
  ],
  [
    41,
    'no_certificate',
    `${tls12} (reserved)`,
    'The client has no certificate. SSL 3.0 only.',
    ['A very old TLS library.'],
  ],
  [
    42,
    'bad_certificate',
    both,
    'The certificate is broken, or something about it did not verify. Go sends it for every client certificate that it refuses; OpenSSL for one that is not valid yet or too weak.',
    [
      'The server cannot verify the certificate: intermediate missing, or another authority.',
      "The certificate is not valid yet, by the server's clock.",
      'Its key or its signature is too weak for the server.',
    ],
    [check],
  ],
  [
    43,
    'unsupported_certificate',
    both,
    'The certificate is of a kind that the server does not take.',
    ['Its extended key usage lacks clientAuth.', 'Its key type is not supported.'],
    ['Let a certificate with clientAuth be issued.', '$ sapcert inspect device.pem'],
  ],
  [
    44,
    'certificate_revoked',
    both,
    'The certificate was revoked by its issuer.',
    ['The device was deleted, or its certificate replaced and the old one revoked.'],
    ['Let a new certificate be issued for the device.'],
  ],
  [
    45,
    'certificate_expired',
    both,
    'The certificate has expired or is not valid now.',
    [
      'The device certificate has expired.',
      "An intermediate has expired, or the server's revocation list has.",
      'The clock of the server, or of the device, is wrong.',
    ],
    ['$ sapcert inspect device.pem', 'Let a new certificate be issued for the device.'],
  ],
  [
    46,
    'certificate_unknown',
    both,
    'Something about the certificate made it unacceptable. Java sends it for every client certificate that it refuses.',
    [
      'The server cannot verify the certificate: intermediate missing, or another authority.',
      'It has expired, was revoked, or is for another purpose.',
      'When the client sent it: the client does not trust the server.',
    ],
    [check],
  ],
  [
    47,
    'illegal_parameter',
    both,
    'A field of the handshake has an impossible value.',
    ['Two TLS libraries that misunderstand each other.', 'A middlebox that changes the handshake.'],
  ],
  [
    48,
    'unknown_ca',
    both,
    `The sender finds no authority that it trusts at the end of the chain. ${sameForTwo}`,
    [
      'The client does not send the intermediate that issued its certificate.',
      'The server does not trust the authority that issued the certificate.',
      'The certificate is self-signed.',
      "When the client sent it: the client lacks the server's CA.",
    ],
    [check],
  ],
  [
    49,
    'access_denied',
    both,
    'The certificate is valid, but a rule denies access.',
    ['The server has no device by that name.', 'The server looked the certificate up and does not want it.'],
    ['Ask the operator of the broker.'],
  ],
  [
    50,
    'decode_error',
    both,
    'A message could not be decoded.',
    ['Two TLS libraries that misunderstand each other.', 'A middlebox that changes the handshake.'],
  ],
  [
    51,
    'decrypt_error',
    both,
    'A signature or a Finished message did not verify.',
    [
      'The certificate was signed by an authority that bears the same name as a trusted one, but has another key.',
      'The private key does not belong to the certificate.',
    ],
    ['$ sapcert inspect device.pem'],
  ],
  [52, 'too_many_cids_requested', 'RFC 9146 section 6', 'Too many connection ids were asked for. DTLS only.'],
  [60, 'export_restriction', `${tls12} (reserved)`, 'A breach of export rules. Obsolete.'],
  [
    70,
    'protocol_version',
    both,
    'The sender does not support the version of TLS that was offered.',
    [
      'The client offers only TLS 1.3 and the server has 1.2, or the other way round.',
      'The server is so old that it has only TLS 1.0 or 1.1, or the device is.',
    ],
    ['$ sapcert check device.pem --host HOST --tls-version 1.2'],
  ],
  [
    71,
    'insufficient_security',
    both,
    'The server wants stronger parameters than the client offers.',
    ['The client offers only weak ciphers or small keys.'],
    ['Update the TLS library of the device.'],
  ],
  [
    80,
    'internal_error',
    both,
    "Something failed on the sender's side that has nothing to do with the peer.",
    [
      'A fault or a bad configuration of the server, for example a key that it cannot use.',
      'Some servers send it for a name (SNI) that they do not serve.',
    ],
    ['Ask the operator of the server for its log of this moment.'],
  ],
  [
    86,
    'inappropriate_fallback',
    'RFC 7507 section 3; RFC 8446 section 6.2',
    'The client tried again with an older version although both have a newer one.',
    ['A client that falls back after a failure, or an attack.'],
  ],
  [
    90,
    'user_canceled',
    both,
    'The handshake was given up for a reason outside TLS.',
    ['The program was stopped.'],
  ],
  [
    100,
    'no_renegotiation',
    tls12,
    'The sender does not negotiate anew.',
    [
      'One side asks for a renegotiation, for example to get a client certificate late, which the other does not do.',
    ],
  ],
  [
    109,
    'missing_extension',
    tls13,
    'An extension that is required is missing.',
    ['A TLS 1.3 library that leaves something out, for example the server name.'],
  ],
  [
    110,
    'unsupported_extension',
    both,
    'An extension came that was not asked for.',
    ['Two TLS libraries that misunderstand each other.'],
  ],
  [111, 'certificate_unobtainable', 'RFC 6066 section 5', 'A certificate could not be fetched from its URL.'],
  [
    112,
    'unrecognized_name',
    'RFC 6066 section 3; RFC 8446 section 6.2',
    'The server does not know the name that the client asked for (SNI). As a warning it is harmless; as a fatal alert the server serves no such name.',
    [
      'The host is an alias or an old name that the server does not know.',
      'The client sends no server name, or an address.',
    ],
    ['Connect by the name that the server is known under, or give it: --servername NAME.'],
  ],
  [
    113,
    'bad_certificate_status_response',
    'RFC 6066 section 8; RFC 8446 section 6.2',
    'The OCSP response that came along is invalid.',
    ['The server staples an outdated OCSP response.'],
  ],
  [
    114,
    'bad_certificate_hash_value',
    'RFC 6066 section 5',
    'A certificate fetched from its URL is not the announced one.',
  ],
  [
    115,
    'unknown_psk_identity',
    'RFC 4279 section 2; RFC 8446 section 6.2',
    'The server does not know the pre-shared key identity.',
    ['The broker works with pre-shared keys, and this identity is not among them.'],
  ],
  [
    116,
    'certificate_required',
    tls13,
    'The server requires a client certificate and got none.',
    [
      'The client was given no certificate, or could not load it.',
      'The key type does not fit what the server accepts, so that the client sent an empty message.',
    ],
    ['Give the device certificate to the client.', check],
  ],
  [
    120,
    'no_application_protocol',
    'RFC 7301 section 3.2',
    'None of the application protocols that the client offers (ALPN) is served here.',
    ['The port is shared and wants an ALPN name, for example x-amzn-mqtt-ca or mqtt on port 443.'],
    ['$ sapcert check device.pem --host HOST --alpn mqtt'],
  ],
  [
    121,
    'ech_required',
    'RFC 9849 section 11.2',
    'The client insists on an encrypted ClientHello that the server did not accept.',
  ],
];

/** All alerts of TLS 1.2, TLS 1.3 and their extensions, ascending. */
export const tlsAlerts: readonly TlsAlert[] = rows.map(
  ([number, name, source, explanation, causes = [], remedy = []]) => ({
    number,
    name,
    title: `${name.replaceAll('_', ' ')} (TLS alert ${number})`,
    explanation,
    causes,
    remedy,
    source,
  }),
);

export function tlsAlert(number: number): TlsAlert | undefined {
  return tlsAlerts.find((row) => row.number === number);
}
