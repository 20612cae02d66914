import type { KeyType } from '../types.js';

/** A kind of private key by the identifier that PKCS#8 gives it. */
export interface KeyAlgorithm {
  readonly oid: string;
  readonly name: string;
  /** Absent for keys that no TLS client of Node can use. */
  readonly type?: KeyType;
}

const nist = '2.16.840.1.101.3.4';

const rows: readonly KeyAlgorithm[] = [
  { oid: '1.2.840.113549.1.1.1', name: 'RSA', type: 'rsa' },
  // X.509 of 1988; OpenSSL knows both as the same kind.
  { oid: '2.5.8.1.1', name: 'RSA', type: 'rsa' },
  { oid: '1.2.840.113549.1.1.10', name: 'RSA-PSS', type: 'rsa-pss' },
  { oid: '1.2.840.10045.2.1', name: 'EC', type: 'ec' },
  { oid: '1.3.101.112', name: 'Ed25519', type: 'ed25519' },
  { oid: '1.3.101.113', name: 'Ed448', type: 'ed448' },
  { oid: '1.3.101.110', name: 'X25519', type: 'x25519' },
  { oid: '1.3.101.111', name: 'X448', type: 'x448' },
  { oid: '1.2.840.10040.4.1', name: 'DSA', type: 'dsa' },
  { oid: '1.2.840.113549.1.3.1', name: 'Diffie-Hellman', type: 'dh' },
  { oid: '1.2.840.10046.2.1', name: 'X9.42 Diffie-Hellman', type: 'dh' },
  // Bouncy Castle writes such keys; what is inside is RSA.
  { oid: '1.2.840.113549.1.1.7', name: 'RSA for OAEP only', type: 'rsa' },
  { oid: '1.3.132.1.12', name: 'EC for ECDH only' },
  { oid: '1.2.643.2.2.20', name: 'GOST R 34.10-94' },
  { oid: '1.2.643.2.2.19', name: 'GOST R 34.10-2001' },
  { oid: '1.2.643.7.1.1.1.1', name: 'GOST R 34.10-2012 (256 bits)' },
  { oid: '1.2.643.7.1.1.1.2', name: 'GOST R 34.10-2012 (512 bits)' },
  { oid: '1.2.804.2.1.1.1.1.3.1.1', name: 'DSTU 4145' },
  { oid: `${nist}.3.17`, name: 'ML-DSA-44' },
  { oid: `${nist}.3.18`, name: 'ML-DSA-65' },
  { oid: `${nist}.3.19`, name: 'ML-DSA-87' },
  { oid: `${nist}.4.1`, name: 'ML-KEM-512' },
  { oid: `${nist}.4.2`, name: 'ML-KEM-768' },
  { oid: `${nist}.4.3`, name: 'ML-KEM-1024' },
];

/** @returns `undefined` for an identifier that is none of these, such as one that damage made */
export function keyAlgorithm(oid: string): KeyAlgorithm | undefined {
  return rows.find((row) => row.oid === oid);
}

export const oids = {
  rsa: '1.2.840.113549.1.1.1',
  ec: '1.2.840.10045.2.1',
  dsa: '1.2.840.10040.4.1',
} as const;
