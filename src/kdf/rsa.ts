import { elementAt, elementsIn, isShortestPositive, tags, withoutSign } from './der.js';

/** An RSA private key whose numbers were seen to fit each other. */
export interface RsaKey {
  /** PrivateKeyInfo (RFC 5208), DER. */
  readonly pkcs8: Uint8Array;
  /** RSAPrivateKey (RFC 8017 appendix A.1.2), DER: a part of `pkcs8`, not a copy. */
  readonly pkcs1: Uint8Array;
  /** High byte first, without a leading zero, like the exponent. */
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
}

/**
 * Reads a PrivateKeyInfo that holds an RSA key of two primes. Nothing passes but DER as OpenSSL would write it
 * again (no attributes, no byte more than needed), and numbers that fit each other: bytes that a wrong secret
 * or a false guess left behind cannot come through.
 *
 * @returns `undefined` for anything else, right or wrong: something that reads every key should look at it
 */
export function readRsaKey(pkcs8: Uint8Array): RsaKey | undefined {
  const info = elementAt(pkcs8, 0, pkcs8.length);
  if (info?.tag !== tags.sequence || info.end !== pkcs8.length) return undefined;
  if (!startsWith(pkcs8.subarray(info.start), versionAndAlgorithm)) return undefined;
  const octets = elementAt(pkcs8, info.start + versionAndAlgorithm.length, pkcs8.length);
  if (octets?.tag !== tags.octetString || octets.end !== pkcs8.length) return undefined;
  const pkcs1 = pkcs8.subarray(octets.start);
  const numbers = publicNumbers(pkcs1);
  return numbers === undefined ? undefined : { pkcs8, pkcs1, ...numbers };
}

/** The same for an RSAPrivateKey that stands alone, as in OpenSSL's traditional files. */
export function readRsaPkcs1(pkcs1: Uint8Array): RsaKey | undefined {
  const octets = [tags.octetString, ...lengthDigits(pkcs1.length)];
  const content = versionAndAlgorithm.length + octets.length + pkcs1.length;
  const header = [tags.sequence, ...lengthDigits(content), ...versionAndAlgorithm, ...octets];
  return readRsaKey(Buffer.concat([Buffer.from(header), pkcs1]));
}

const lengthDigits = (length: number): readonly number[] =>
  length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff];

/** INTEGER 0, then SEQUENCE { rsaEncryption (1.2.840.113549.1.1.1), NULL }. */
const versionAndAlgorithm = Buffer.from('020100300d06092a864886f70d0101010500', 'hex');

const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean =>
  Buffer.compare(bytes.subarray(0, start.length), start) === 0;

/** The public numbers of an RSAPrivateKey, if all nine of its numbers are sound. */
function publicNumbers(pkcs1: Uint8Array): Pick<RsaKey, 'modulus' | 'publicExponent'> | undefined {
  const sequence = elementAt(pkcs1, 0, pkcs1.length);
  if (sequence?.tag !== tags.sequence || sequence.end !== pkcs1.length) return undefined;
  const elements = elementsIn(pkcs1, sequence);
  if (elements?.length !== 9 || elements.some(({ tag }) => tag !== tags.integer)) return undefined;
  const integers = elements.map(({ start, end }) => pkcs1.subarray(start, end));
  const [, modulus, publicExponent] = integers;
  if (modulus === undefined || publicExponent === undefined || modulus.length > largestModulus)
    return undefined;
  if (!integers.every(isShortestPositive) || !fitEachOther(integers)) return undefined;
  return { modulus: withoutSign(modulus), publicExponent: withoutSign(publicExponent) };
}

/** OpenSSL's limit of 16,384 bits, in bytes with a sign. */
const largestModulus = 2049;

const toBigInt = ({ buffer, byteOffset, length }: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(buffer, byteOffset, length).toString('hex')}`);

/** RFC 8017 section 3.2. */
function fitEachOther(integers: readonly Uint8Array[]): boolean {
  const [version, n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dP = 0n, dQ = 0n, qInv = 0n] =
    integers.map(toBigInt);
  if (version !== 0n || p < 3n || q < 3n || n !== p * q) return false;
  const exponentsFit = (e * dP) % (p - 1n) === 1n && (e * dQ) % (q - 1n) === 1n;
  return exponentsFit && d % (p - 1n) === dP && d % (q - 1n) === dQ && (q * qInv) % p === 1n;
}
