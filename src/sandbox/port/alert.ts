import { createCipheriv, createHmac } from 'node:crypto';

/** TLS alert descriptions (RFC 8446 section 6). */
export const alerts = {
  handshakeFailure: 40,
  badCertificate: 42,
  unsupportedCertificate: 43,
  certificateRevoked: 44,
  certificateExpired: 45,
  certificateUnknown: 46,
  unknownCa: 48,
  unrecognizedName: 112,
  certificateRequired: 116,
} as const;

const fatal = 2;
const alertType = 21;
const applicationDataType = 23;

/** A fatal alert in the clear: in TLS 1.2 before ChangeCipherSpec, and in any version before ServerHello. */
export function plainAlert(description: number): Buffer {
  return Buffer.from([alertType, 3, 3, 0, 2, fatal, description]);
}

/**
 * A fatal alert as the first record that a TLS 1.3 server protects with its application traffic secret (RFC
 * 8446 section 5.2), for TLS_AES_128_GCM_SHA256: what a server sends that refuses a client's certificate.
 */
export function protectedAlert(description: number, serverTrafficSecret: Buffer): Buffer {
  const key = expandLabel(serverTrafficSecret, 'key', 16);
  // The nonce of record number 0 is the IV itself.
  const nonce = expandLabel(serverTrafficSecret, 'iv', 12);
  const inner = Buffer.from([fatal, description, alertType]);
  const header = Buffer.from([applicationDataType, 3, 3, 0, inner.length + 16]);
  const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(header);
  return Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
}

/** HKDF-Expand-Label with an empty context (RFC 8446 section 7.1), for up to one block of SHA-256. */
function expandLabel(secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0])]);
  return createHmac('sha256', secret)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
    .subarray(0, length);
}
