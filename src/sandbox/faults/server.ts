import type { FaultTable } from './types.js';

/** Faults of the certificate with which the gateway shows who it is. */
export const serverFaults = {
  'server-expired': {
    shows: 'the server certificate has expired',
    how: 'shows a certificate that ended yesterday',
    diagnosis: 'tls.server-expired',
    changes: { serverCertificate: 'expired' },
  },
  'server-not-yet-valid': {
    shows: 'the server certificate is not valid yet, as with a wrong clock',
    how: 'shows a certificate that begins tomorrow',
    diagnosis: 'tls.server-not-yet-valid',
    changes: { serverCertificate: 'not-yet-valid' },
  },
  'server-untrusted': {
    shows: 'the server certificate comes from an authority that the device does not trust',
    how: 'shows a certificate of another authority, with its chain',
    diagnosis: 'tls.server-untrusted',
    changes: { serverCertificate: 'foreign-authority' },
  },
  intercepted: {
    shows: 'the server certificate comes from another authority, and the device is never asked for its own',
    how: 'does what a proxy does that opens TLS on its way',
    diagnosis: 'tls.intercepted',
    changes: { serverCertificate: 'foreign-authority', requestsCertificate: false },
  },
  'server-other-host': {
    shows: 'the server certificate is for another host',
    how: 'shows a certificate for gateway.example',
    diagnosis: 'tls.server-wrong-host',
    changes: { serverCertificate: 'other-host' },
  },
  'server-chain-incomplete': {
    shows: 'the issuer of the server certificate cannot be found',
    how: 'leaves its intermediate certificate out',
    diagnosis: 'tls.server-chain-incomplete',
    changes: { serverCertificate: 'without-intermediate' },
  },
  'server-self-signed': {
    shows: 'the server certificate is self-signed',
    how: 'shows a certificate that it signed itself',
    diagnosis: 'tls.server-self-signed',
    changes: { serverCertificate: 'self-signed' },
  },
  'server-weak-key': {
    shows: 'the server key is too small: OpenSSL at security level 2 refuses it, Node does not',
    how: 'shows a certificate with a 1024 bit RSA key',
    diagnosis: 'tls.server-weak-key',
    changes: { serverCertificate: 'weak-key' },
  },
} as const satisfies FaultTable;
