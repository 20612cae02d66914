import type { KeyObject } from 'node:crypto';
import { der } from '../asn1/index.js';
import { encryptPbes2, encryptSapForm } from './encryption/index.js';
import { pem } from './pem-text.js';

/** How a key is encrypted when it is written. */
export type SealScheme =
  /** PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256. */
  | 'PBES2-AES256-PBKDF2-SHA256'
  /** As SAP issues it: pbeWithSHA1And3-KeyTripleDES-CBC with 8 bytes of salt. */
  | 'SAP';

export interface SealOptions {
  /** Default: `PBES2-AES256-PBKDF2-SHA256`. */
  readonly scheme?: SealScheme | undefined;
  /** Default: 600,000 for PBES2, SAP's own 131,072 for its form. */
  readonly iterations?: number | undefined;
}

const schemes = {
  'PBES2-AES256-PBKDF2-SHA256': { encrypt: encryptPbes2, iterations: 600_000 },
  SAP: { encrypt: encryptSapForm, iterations: 131_072 },
} as const satisfies Record<SealScheme, { encrypt: typeof encryptPbes2; iterations: number }>;

/** The key as PEM, `ENCRYPTED PRIVATE KEY` (RFC 5958). Text of a passphrase is taken as UTF-8. */
export async function sealKey(
  key: KeyObject,
  passphrase: string | Uint8Array,
  options: SealOptions = {},
): Promise<string> {
  const { encrypt, iterations } = schemes[options.scheme ?? 'PBES2-AES256-PBKDF2-SHA256'];
  const info = key.export({ type: 'pkcs8', format: 'der' });
  const { algorithm, ciphertext } = await encrypt(info, passphrase, options.iterations ?? iterations);
  return pem('ENCRYPTED PRIVATE KEY', der.sequence(algorithm, der.octets(ciphertext)));
}
