import type { Entry } from '../entry.js';

/** The server's certificate, and what it is held against. */
export const tlsServerEntries = {
  'tls.server-untrusted': {
    title: 'the server certificate leads to no authority that is trusted',
    explanation: 'Nobody whom this check trusts has issued the certificate of the server.',
    causes: [
      'The server has a certificate of a private authority, and no CA file was given.',
      'Somebody else answers in the place of the server.',
    ],
    remedy: ['Get the certificate of the authority from the operator, and give it: --ca FILE.'],
    source: 'RFC 5280 section 6.1',
  },
  'tls.server-chain-incomplete': {
    title: 'the server does not send its intermediate certificate',
    explanation:
      'The certificate that links the server to its root is missing. Browsers often know it from elsewhere; devices do not.',
    causes: ['The server was given its own certificate alone instead of the full chain.'],
    remedy: [
      'Let the operator configure the full chain, the server certificate first.',
      'Until then: add the intermediate to the CA file.',
    ],
    source: 'RFC 8446 section 4.4.2; RFC 5246 section 7.4.2',
  },
  'tls.server-expired': {
    title: 'the server certificate has expired',
    explanation: 'The certificate of the server, or one above it, is past its end.',
    causes: ['The operator did not renew it.', 'The clock of this machine is ahead.'],
    remedy: ['Let the operator renew the certificate.', 'Check the clock of this machine.'],
    source: 'RFC 5280 section 4.1.2.5',
  },
  'tls.server-not-yet-valid': {
    title: 'the server certificate is not valid yet',
    explanation: 'The certificate of the server, or one above it, begins in the future.',
    causes: ['The clock of this machine is behind.', 'The certificate was issued ahead of its time.'],
    remedy: ['Check the clock of this machine.'],
    source: 'RFC 5280 section 4.1.2.5',
  },
  'tls.server-wrong-host': {
    title: 'the server certificate is for another name',
    explanation: 'The certificate is good, and does not name the host that was asked for.',
    causes: [
      'The host was given as an address or an alias; the certificate names another.',
      'Another server answers.',
      'The certificate names the host only in the CN.',
    ],
    remedy: [
      'Connect by a name that stands in the certificate.',
      'Or let the operator have the name or address added to the certificate.',
    ],
    source: 'RFC 9525 section 6',
  },
  'tls.server-wrong-purpose': {
    title: 'the server certificate is not meant for servers',
    explanation: 'Its extended key usage does not have serverAuth.',
    causes: ['A client certificate was configured at the server.'],
    remedy: ['Let the operator use a certificate with serverAuth.'],
    source: 'RFC 5280 section 4.2.1.12',
  },
  'tls.server-self-signed': {
    title: 'the server certificate was issued by itself',
    explanation: 'No authority vouches for it.',
    causes: [
      'A broker that was set up for a test.',
      'A default certificate that was never replaced.',
      'Somebody else answers in the place of the server.',
    ],
    remedy: [
      'If you know the server, compare the fingerprint and give its certificate as CA file: --ca FILE.',
    ],
    source: 'RFC 5280 section 6.1',
  },
  'tls.server-weak-key': {
    title: 'what the server offers is too weak',
    explanation: 'A key or a signature of the server is so weak that TLS libraries refuse it.',
    causes: ['RSA below 2048 bits, SHA-1 or MD5 signatures, small Diffie-Hellman parameters.'],
    remedy: ['Let the operator use RSA-2048 or P-256, SHA-256 and ECDHE.'],
    source: 'RFC 9325 sections 4.2 and 4.5',
  },
  'ca-file.unusable': {
    title: 'the CA file cannot be used',
    explanation: 'It holds no certificate that could be trusted now.',
    causes: [
      'A key or another file was given instead of a certificate.',
      'The file is empty or damaged.',
      'The certificate in it has expired.',
      'The certificate in it is not that of an authority (no basic constraints with CA).',
    ],
    remedy: ['Give the PEM file with the certificate of the authority that issued the server certificate.'],
    source: 'RFC 7468 section 5; RFC 5280 section 6.1',
  },
  'ca-file.not-the-issuer': {
    title: 'the CA file does not hold the authority of this server',
    explanation: 'The CA file is readable, and the server certificate was issued by somebody else.',
    causes: [
      'The CA of the device certificates was given instead of the one of the server.',
      'The CA file is of another landscape or outdated.',
      "The file holds the server's own certificate instead of its issuer's.",
    ],
    remedy: [
      'Get the certificate of the authority that issued the server certificate, and give it: --ca FILE.',
    ],
    source: 'RFC 5280 section 6.1',
  },
} as const satisfies Readonly<Record<string, Entry>>;
