import type { FaultTable } from './types.js';

const atTls = { layer: 'tls' } as const;

/** Faults around the device's certificate: refused by the broker as SAP's does, or by TLS as most do. */
export const deviceFaults = {
  'certificate-not-requested': {
    shows: 'CONNACK 3 although the device has a good certificate',
    how: 'never asks for a client certificate, as behind a load balancer that ends TLS',
    diagnosis: 'tls.client-certificate-not-requested',
    changes: { requestsCertificate: false },
  },
  'certificate-required': {
    shows: 'without a certificate TLS alert 40 (TLS 1.2) or 116 (TLS 1.3)',
    how: 'refuses within TLS a device that shows no certificate',
    diagnosis: 'tls.client-certificate-missing',
    changes: { verifiedAt: atTls },
  },
  'device-ca-unknown': {
    shows: 'CONNACK 3 although TLS worked',
    how: 'does not know the authority that issued the device certificate',
    diagnosis: 'tls.client-certificate-issuer-not-accepted',
    changes: { deviceTrust: 'foreign' },
  },
  'device-ca-unknown-tls': {
    shows: 'TLS alert 48, unknown CA',
    how: 'refuses within TLS a device certificate of an authority that it does not know',
    diagnosis: 'tls.client-certificate-issuer-not-accepted',
    changes: { deviceTrust: 'foreign', verifiedAt: atTls },
  },
  'intermediate-required': {
    shows: 'CONNACK 3 with the leaf alone, CONNACK 0 with its intermediate',
    how: 'knows only the root above the authority that issued the device certificate',
    diagnosis: 'tls.client-certificate-chain-incomplete',
    changes: { deviceTrust: 'root-only' },
  },
  'intermediate-required-tls': {
    shows: 'TLS alert 48, unknown CA, with the leaf alone; CONNACK 0 with its intermediate',
    how: 'as intermediate-required, but refuses within TLS',
    diagnosis: 'tls.client-certificate-chain-incomplete',
    changes: { deviceTrust: 'root-only', verifiedAt: atTls },
  },
  'device-expired': {
    shows: 'CONNACK 3 with a device certificate that has expired',
    how: 'hands out device bundles whose certificate ended yesterday',
    diagnosis: 'tls.client-certificate-expired',
    changes: { deviceCertificate: 'expired' },
  },
  'device-expired-tls': {
    shows: 'TLS alert 45, certificate expired',
    how: 'as device-expired, but refuses within TLS',
    diagnosis: 'tls.client-certificate-expired',
    changes: { deviceCertificate: 'expired', verifiedAt: atTls },
  },
  'device-not-yet-valid': {
    shows: 'CONNACK 3 with a device certificate that is not valid yet',
    how: 'hands out device bundles whose certificate begins tomorrow',
    diagnosis: 'tls.client-certificate-not-yet-valid',
    changes: { deviceCertificate: 'not-yet-valid' },
  },
  'device-wrong-purpose': {
    shows: 'CONNACK 3 with a certificate that is not meant for clients',
    how: 'hands out device bundles whose certificate is for servers only',
    diagnosis: 'tls.client-certificate-wrong-purpose',
    changes: { deviceCertificate: 'server-purpose' },
  },
  'device-wrong-purpose-tls': {
    shows: 'TLS alert 43, unsupported certificate',
    how: 'as device-wrong-purpose, but refuses within TLS',
    diagnosis: 'tls.client-certificate-wrong-purpose',
    changes: { deviceCertificate: 'server-purpose', verifiedAt: atTls },
  },
  'device-revoked': {
    shows: 'CONNACK 5 although certificate and chain are good',
    how: 'blocks the device in the broker',
    diagnosis: 'mqtt.not-authorized',
    changes: { revoked: 'blocked' },
  },
  'device-revoked-tls': {
    shows: 'TLS alert 44, certificate revoked',
    how: 'checks a revocation list within TLS, on which every device stands',
    diagnosis: 'tls.client-certificate-revoked',
    changes: { revoked: 'crl', verifiedAt: atTls },
  },
  'device-key-type-unusable': {
    shows: 'CONNACK 3: TLS cannot use the RSA key of the device and sends no certificate',
    how: 'takes ECDSA signatures only',
    diagnosis: 'tls.client-certificate-unusable-key-type',
    changes: { tlsLimit: 'ec-signatures-only', serverCertificate: 'ec-key' },
  },
  'tls-alert-bad-certificate': {
    shows: 'TLS alert 42, bad certificate, for a good certificate',
    how: 'refuses every device certificate within TLS, as Go servers say it',
    diagnosis: 'tls.client-certificate-refused',
    changes: { verifiedAt: { layer: 'tls', alert: 42 } },
  },
  'tls-alert-certificate-unknown': {
    shows: 'TLS alert 46, certificate unknown, for a good certificate',
    how: 'refuses every device certificate within TLS, as Java servers say it',
    diagnosis: 'tls.client-certificate-refused',
    changes: { verifiedAt: { layer: 'tls', alert: 46 } },
  },
  'tls-alert-access-denied': {
    shows: 'TLS alert 49, access denied, for a good certificate',
    how: 'refuses every device certificate within TLS for reasons of its own',
    diagnosis: 'tls.client-certificate-refused',
    changes: { verifiedAt: { layer: 'tls', alert: 49 } },
  },
} as const satisfies FaultTable;
