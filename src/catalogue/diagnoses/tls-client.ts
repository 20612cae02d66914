import type { Entry } from '../entry.js';

const reissue =
  'Let a new certificate be issued for the device; with SAP each GET of the device management API does.';

/** The certificate of the device, as the server sees it. */
export const tlsClientEntries = {
  'tls.client-certificate-missing': {
    title: 'the gateway wants a client certificate and gets none',
    explanation: 'The server asked for a certificate, and the client had none to send.',
    causes: [
      'The client was given no certificate or key.',
      'The client could not load them and went on without.',
    ],
    remedy: [
      'Give the device certificate and its key to the client.',
      '$ sapcert check device.pem --host HOST',
    ],
    source: 'RFC 8446 sections 4.4.2.4 and 6.2; RFC 5246 section 7.4.6',
  },
  'tls.client-certificate-not-requested': {
    title: 'the server never asks for the client certificate',
    explanation:
      'In TLS a client may show its certificate only when it is asked to. Without that the broker cannot know the device.',
    causes: [
      'The broker is not configured for client certificates; it wants a user name and password.',
      'A load balancer or proxy ends TLS in front of the broker.',
      'A wrong port or host.',
    ],
    remedy: [
      'Check host and port.',
      'Let the operator request client certificates on this listener (mosquitto: require_certificate true).',
      'Or give a user name: --username NAME --password file:FILE.',
    ],
    source: 'RFC 8446 section 4.3.2; RFC 5246 section 7.4.4',
  },
  'tls.client-certificate-issuer-not-accepted': {
    title: 'the gateway does not accept the authority that issued the certificate',
    explanation: 'The certificate leads to an authority that the server does not trust for clients.',
    causes: [
      'The certificate is of another landscape, tenant or service.',
      'The authority was not uploaded to the broker, or was replaced there.',
    ],
    remedy: [
      'Use the certificate that this gateway issued for the device.',
      'Or let the operator add the authority of this certificate to those trusted for clients.',
    ],
    source: 'RFC 8446 sections 4.2.4 and 6.2 (unknown_ca)',
  },
  'tls.client-certificate-chain-incomplete': {
    title: 'the gateway is not shown the intermediate that issued the certificate',
    explanation:
      'The device sends its own certificate alone, and the server does not know the intermediate between it and the root.',
    causes: [
      'The file holds only the certificate of the device.',
      'The client loads only the first certificate of the file.',
    ],
    remedy: [
      "Append the certificate of the issuer to the certificate file, after the device's own.",
      'Or let the operator add the intermediate to the authorities of the broker.',
    ],
    source: 'RFC 8446 section 4.4.2; RFC 5246 sections 7.4.2 and 7.4.6',
  },
  'tls.client-certificate-expired': {
    title: 'the gateway refuses the certificate because it has expired',
    explanation: 'The certificate of the device is past its end.',
    causes: ['Device certificates of SAP are valid for one year.', 'The clock of the server is wrong.'],
    remedy: [reissue],
    source: 'RFC 8446 section 6.2 (certificate_expired); RFC 5280 section 4.1.2.5',
  },
  'tls.client-certificate-not-yet-valid': {
    title: 'the gateway refuses the certificate because it is not valid yet',
    explanation: 'The certificate of the device begins in the future.',
    causes: [
      'The clock of the authority was ahead when it issued the certificate.',
      'The clock of this machine is behind.',
    ],
    remedy: ['Check the clocks, or wait.'],
    source: 'RFC 5280 section 4.1.2.5',
  },
  'tls.client-certificate-wrong-purpose': {
    title: 'the gateway refuses the certificate because it is not meant for clients',
    explanation: 'Its (extended) key usage does not allow what a TLS client does with it.',
    causes: ['A server certificate was given to the device.'],
    remedy: ['Let a certificate with the extended key usage clientAuth be issued.'],
    source: 'RFC 8446 section 6.2 (unsupported_certificate); RFC 5280 section 4.2.1.12',
  },
  'tls.client-certificate-weak': {
    title: 'the gateway refuses the certificate because it is too weak',
    explanation: 'Its key or its signature is below what the server takes.',
    causes: ['RSA below 2048 bits, or a SHA-1 or MD5 signature.'],
    remedy: ['Let a certificate with RSA-2048 or P-256 and SHA-256 be issued.'],
    source: 'RFC 9325 section 4.5; RFC 9155',
  },
  'tls.client-certificate-revoked': {
    title: 'the gateway refuses the certificate because it was revoked',
    explanation: 'The issuer has put the certificate on its revocation list.',
    causes: ['The device was deleted or blocked.', 'The certificate was replaced, and the old one revoked.'],
    remedy: ['Ask the operator why, and let a new certificate be issued.'],
    source: 'RFC 8446 section 6.2 (certificate_revoked); RFC 5280 section 5',
  },
  'tls.client-certificate-unusable-key-type': {
    title: 'the client certificate cannot be used with this server',
    explanation:
      'The key of the certificate makes signatures that the server does not accept, or that the TLS library cannot make: no certificate was sent at all.',
    causes: [
      'An EC key and a server that accepts RSA only, or the other way round.',
      'A curve or a key type that few support.',
    ],
    remedy: [
      'Let a certificate with a key that the server accepts be issued, RSA-2048 in doubt.',
      'Or let the operator accept more signature algorithms.',
    ],
    source: 'RFC 8446 sections 4.2.3 and 4.4.2.3; RFC 5246 section 7.4.4',
  },
  'tls.client-certificate-refused': {
    title: 'the gateway refuses the certificate and does not say why',
    explanation:
      'The certificate reached the server, nothing is wrong with it as far as it shows, and the server ended the connection.',
    causes: [
      'The device was deleted, or its certificate replaced or revoked.',
      'The server does not trust its authority.',
      'A rule of the broker.',
    ],
    remedy: [
      'Check that the device exists and that this is its current certificate.',
      'Send the lines below to the operator of the broker.',
    ],
    source: 'RFC 8446 section 6.2; RFC 5246 section 7.2.2',
  },
} as const satisfies Readonly<Record<string, Entry>>;
