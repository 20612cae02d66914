import type { Digest } from './digest.js';

/** One hash function: its names in files and in Node, and what the key derivations need to know of it. */
export interface Hash {
  /** The name that both Node and a reader know. */
  readonly name: string;
  /** As a digest (RFC 7292 MacData). */
  readonly oid: string;
  /** As `HMAC-...`, the pseudo-random function of PBKDF2 (RFC 8018 appendix B.1.2). */
  readonly hmacOids: readonly string[];
  /** `v` of RFC 7292 appendix B.2, in bytes. */
  readonly blockBytes: number;
  readonly digestBytes: number;
  /** The function itself, where Node does not have it. */
  readonly byHand?: () => Promise<Digest>;
}

const rsadsi = '1.2.840.113549.2';
const nist = '2.16.840.1.101.3.4.2';

export const allHashes: readonly Hash[] = [
  {
    name: 'md2',
    oid: `${rsadsi}.2`,
    hmacOids: [],
    blockBytes: 64,
    digestBytes: 16,
    byHand: async () => (await import('./rare/index.js')).md2,
  },
  {
    name: 'md5',
    oid: `${rsadsi}.5`,
    hmacOids: [`${rsadsi}.6`, '1.3.6.1.5.5.8.1.1'],
    blockBytes: 64,
    digestBytes: 16,
  },
  {
    name: 'sha1',
    oid: '1.3.14.3.2.26',
    hmacOids: [`${rsadsi}.7`, '1.3.6.1.5.5.8.1.2'],
    blockBytes: 64,
    digestBytes: 20,
  },
  { name: 'sha224', oid: `${nist}.4`, hmacOids: [`${rsadsi}.8`], blockBytes: 64, digestBytes: 28 },
  { name: 'sha256', oid: `${nist}.1`, hmacOids: [`${rsadsi}.9`], blockBytes: 64, digestBytes: 32 },
  { name: 'sha384', oid: `${nist}.2`, hmacOids: [`${rsadsi}.10`], blockBytes: 128, digestBytes: 48 },
  { name: 'sha512', oid: `${nist}.3`, hmacOids: [`${rsadsi}.11`], blockBytes: 128, digestBytes: 64 },
  { name: 'sha512-224', oid: `${nist}.5`, hmacOids: [`${rsadsi}.12`], blockBytes: 128, digestBytes: 28 },
  { name: 'sha512-256', oid: `${nist}.6`, hmacOids: [`${rsadsi}.13`], blockBytes: 128, digestBytes: 32 },
  { name: 'sha3-224', oid: `${nist}.7`, hmacOids: [`${nist}.13`], blockBytes: 144, digestBytes: 28 },
  { name: 'sha3-256', oid: `${nist}.8`, hmacOids: [`${nist}.14`], blockBytes: 136, digestBytes: 32 },
  { name: 'sha3-384', oid: `${nist}.9`, hmacOids: [`${nist}.15`], blockBytes: 104, digestBytes: 48 },
  { name: 'sha3-512', oid: `${nist}.10`, hmacOids: [`${nist}.16`], blockBytes: 72, digestBytes: 64 },
  {
    name: 'ripemd160',
    oid: '1.3.36.3.2.1',
    hmacOids: ['1.3.6.1.5.5.8.1.4'],
    blockBytes: 64,
    digestBytes: 20,
  },
  {
    name: 'sm3',
    oid: '1.2.156.10197.1.401',
    hmacOids: ['1.2.156.10197.1.401.2'],
    blockBytes: 64,
    digestBytes: 32,
  },
  {
    name: 'gost3411-94',
    oid: '1.2.643.2.2.9',
    hmacOids: ['1.2.643.2.2.10'],
    blockBytes: 32,
    digestBytes: 32,
    byHand: async () => (await import('./rare/index.js')).gost341194,
  },
  {
    name: 'streebog-256',
    oid: '1.2.643.7.1.1.2.2',
    hmacOids: ['1.2.643.7.1.1.4.1'],
    blockBytes: 64,
    digestBytes: 32,
    byHand: async () => (await import('./rare/index.js')).streebog256,
  },
  {
    name: 'streebog-512',
    oid: '1.2.643.7.1.1.2.3',
    hmacOids: ['1.2.643.7.1.1.4.2'],
    blockBytes: 64,
    digestBytes: 64,
    byHand: async () => (await import('./rare/index.js')).streebog512,
  },
];

export const hashNamed = (name: string): Hash | undefined => allHashes.find((row) => row.name === name);

export function requireHash(name: string): Hash {
  const hash = hashNamed(name);
  if (hash === undefined) throw new Error(`no hash function is called ${name}`);
  return hash;
}

export const hashByOid = (oid: string): Hash | undefined => allHashes.find((row) => row.oid === oid);

export const hashByHmacOid = (oid: string): Hash | undefined =>
  allHashes.find((row) => row.hmacOids.includes(oid));
