/** The substitutions of GOST 28147-89 that key files name. */
export type ParameterSet = 'CryptoPro A' | 'CryptoPro B' | 'CryptoPro C' | 'CryptoPro D' | 'TC26 Z';

const identifiers: ReadonlyMap<string, ParameterSet> = new Map([
  ['1.2.643.2.2.31.1', 'CryptoPro A'],
  ['1.2.643.2.2.31.2', 'CryptoPro B'],
  ['1.2.643.2.2.31.3', 'CryptoPro C'],
  ['1.2.643.2.2.31.4', 'CryptoPro D'],
  ['1.2.643.7.1.2.5.1.1', 'TC26 Z'],
]);

/** The set that a file names by its identifier (RFC 4357 section 11, RFC 7836 appendix C). */
export const parameterSetByOid = (oid: string): ParameterSet | undefined => identifiers.get(oid);
