import type { Entry } from '../entry.js';

/** A TLS alert description. */
export interface TlsAlert extends Entry {
  readonly number: number;
  /** As the standard writes it, for example `unknown_ca`. */
  readonly name: string;
}

/** One alert; remedies may use {@link check}. */
export type AlertRow = readonly [
  number: number,
  name: string,
  source: string,
  explanation: string,
  causes?: readonly string[],
  remedy?: readonly string[],
];

export const tls13 = 'RFC 8446 section 6.2';
export const tls12 = 'RFC 5246 section 7.2.2';
export const both = `${tls13}; ${tls12}`;
export const check = '$ sapcert check device.pem --host HOST';
