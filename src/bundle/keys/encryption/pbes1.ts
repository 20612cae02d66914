import { type Element, type Fields, Tag } from '../../asn1/index.js';
import { type Cipher, cipherByName, ivBytes } from './ciphers.js';
import type { Encryption, SupportedEncryption } from './encryption.js';
import { type Hash, hashNamed } from './hashes.js';
import { readIterations, readSalt } from './kdf-parameters.js';

/** One password-based scheme of the first generation: a hash, a cipher, and one derivation for key and vector. */
interface Scheme {
  readonly oid: string;
  readonly scheme: 'PBES1' | 'PKCS#12';
  readonly hash: string;
  readonly cipher: string;
}

const pkcs5 = '1.2.840.113549.1.5';
const pkcs12 = '1.2.840.113549.1.12.1';
const bouncyCastle = '1.3.6.1.4.1.22554.1';

/** PKCS#5 (RFC 8018 appendix A.3), PKCS#12 (RFC 7292 appendix C), and Bouncy Castle's AES in the same form. */
export const allSchemes: readonly Scheme[] = [
  { oid: `${pkcs5}.1`, scheme: 'PBES1', hash: 'md2', cipher: 'des-cbc' },
  { oid: `${pkcs5}.3`, scheme: 'PBES1', hash: 'md5', cipher: 'des-cbc' },
  { oid: `${pkcs5}.4`, scheme: 'PBES1', hash: 'md2', cipher: 'rc2-64-cbc' },
  { oid: `${pkcs5}.6`, scheme: 'PBES1', hash: 'md5', cipher: 'rc2-64-cbc' },
  { oid: `${pkcs5}.10`, scheme: 'PBES1', hash: 'sha1', cipher: 'des-cbc' },
  { oid: `${pkcs5}.11`, scheme: 'PBES1', hash: 'sha1', cipher: 'rc2-64-cbc' },
  { oid: '1.2.840.113533.7.66.12', scheme: 'PBES1', hash: 'md5', cipher: 'cast5-cbc' },
  { oid: `${pkcs12}.1`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'rc4-128' },
  { oid: `${pkcs12}.2`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'rc4-40' },
  { oid: `${pkcs12}.3`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'des-ede3-cbc' },
  { oid: `${pkcs12}.4`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'des-ede-cbc' },
  { oid: `${pkcs12}.5`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'rc2-cbc' },
  { oid: `${pkcs12}.6`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'rc2-40-cbc' },
  { oid: `${bouncyCastle}.1.2.1.2`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'aes-128-cbc' },
  { oid: `${bouncyCastle}.1.2.1.22`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'aes-192-cbc' },
  { oid: `${bouncyCastle}.1.2.1.42`, scheme: 'PKCS#12', hash: 'sha1', cipher: 'aes-256-cbc' },
  { oid: `${bouncyCastle}.2.1.2.1.2`, scheme: 'PKCS#12', hash: 'sha256', cipher: 'aes-128-cbc' },
  { oid: `${bouncyCastle}.2.1.2.1.22`, scheme: 'PKCS#12', hash: 'sha256', cipher: 'aes-192-cbc' },
  { oid: `${bouncyCastle}.2.1.2.1.42`, scheme: 'PKCS#12', hash: 'sha256', cipher: 'aes-256-cbc' },
];

/** pbeWithSHA1And3-KeyTripleDES-CBC: what SAP writes, and what OpenSSL still runs by itself. */
export const sapScheme = `${pkcs12}.3`;

/** @returns `undefined` where the identifier is none of these schemes */
export function readPbes1(
  oid: string,
  parameters: Element | undefined,
  inPkcs12: boolean,
): Encryption | undefined {
  const row = allSchemes.find((scheme) => scheme.oid === oid);
  const hash = row && hashNamed(row.hash);
  const cipher = row && cipherByName(row.cipher);
  if (row === undefined || hash === undefined || cipher === undefined) return undefined;
  const fields = parameters?.sequence('the PBE parameters');
  const salt = fields && readSalt(fields);
  const iterations = fields && readIterations(fields);
  if (fields === undefined || salt === undefined || iterations === undefined) return undefined;
  const keyBytes = cipher.name === 'cast5-cbc' ? readCastKeyLength(fields) : cipher.keyBytes;
  fields.end();
  return encryption(row, hash, cipher, { salt, iterations, keyBytes }, inPkcs12);
}

/** pbeWithMD5AndCAST5-CBC says the length of its key, in bits (RFC 2144 section 2.6). */
function readCastKeyLength(fields: Fields): number {
  const bits = fields.optional(Tag.integer)?.count('the key length of CAST5') ?? 128;
  if (bits < 40 || bits > 128) throw fields.refuse(`CAST5 has no keys of ${bits} bits`);
  return Math.ceil(bits / 8);
}

function encryption(
  row: Scheme,
  hash: Hash,
  cipher: Cipher,
  {
    salt,
    iterations,
    keyBytes,
  }: { readonly salt: Uint8Array; readonly iterations: number; readonly keyBytes: number },
  inPkcs12: boolean,
): Encryption {
  const kind = row.scheme === 'PBES1' ? 'pbkdf1' : 'pkcs12';
  const facts = {
    scheme: row.scheme,
    cipher: cipher.name,
    kdf: `${kind}-${hash.name}`,
    iterations,
    oid: row.oid,
  };
  const supported: SupportedEncryption = {
    supported: true,
    facts,
    kdf: { kind, hash, salt, iterations },
    cipher,
    keyBytes,
    derivedIvBytes: ivBytes(cipher) ?? 0,
    parameters: { iv: new Uint8Array() },
    passwordForm: kind === 'pkcs12' ? 'bmp-string' : inPkcs12 ? 'octets-or-bmp-string' : 'octets',
  };
  // RFC 8018 section 6.1.1 takes bytes 8 to 15 of the digest; NSS takes the last eight, of SHA-1's twenty too.
  const asNss = kind === 'pbkdf1' && hash.digestBytes > 16;
  const otherwise = { ...supported, kdf: { kind: 'pbkdf1', hash, salt, iterations, ivAtEnd: true } } as const;
  return asNss ? { ...supported, otherwise } : supported;
}
