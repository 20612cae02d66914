import { type AlertRow, both, check, tls12, tls13 } from './row.js';

const sameForTwo =
  'Many servers send the same alert for a chain that lacks its intermediate and for a certificate of another authority.';

/** Alerts that speak of a certificate. */
export const certificateAlerts: readonly AlertRow[] = [
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
  [111, 'certificate_unobtainable', 'RFC 6066 section 5', 'A certificate could not be fetched from its URL.'],
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
];
