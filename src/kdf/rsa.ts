/** An RSA private key whose numbers were seen to fit each other. */
export interface RsaKey {
  /** PrivateKeyInfo (RFC 5208), DER. */
  readonly pkcs8: Uint8Array;
  /** RSAPrivateKey (RFC 8017 appendix A.1.2), DER: a part of `pkcs8`, not a copy. */
  readonly pkcs1: Uint8Array;
  /** The modulus, high byte first, without a leading zero. */
  readonly modulus: Uint8Array;
}

/**
 * Reads a PrivateKeyInfo that holds an RSA key of two primes. Nothing passes but DER as OpenSSL would write it
 * again (no attributes, no byte more than needed), and numbers that fit each other: bytes that a wrong secret
 * or a false guess left behind cannot come through.
 *
 * @returns `undefined` for anything else, right or wrong: something that reads every key should look at it
 */
export function readRsaKey(pkcs8: Uint8Array): RsaKey | undefined {
  const info = contentOf(pkcs8, tag.sequence, 0, pkcs8.length);
  if (info === undefined || info.next !== pkcs8.length) return undefined;
  if (!startsWith(pkcs8.subarray(info.start), versionAndAlgorithm)) return undefined;
  const octets = contentOf(pkcs8, tag.octetString, info.start + versionAndAlgorithm.length, pkcs8.length);
  if (octets === undefined || octets.next !== pkcs8.length) return undefined;
  const pkcs1 = pkcs8.subarray(octets.start);
  const numbers = integersOf(pkcs1);
  if (numbers === undefined || !fitEachOther(numbers)) return undefined;
  const [, modulus] = numbers;
  return modulus === undefined ? undefined : { pkcs8, pkcs1, modulus: withoutSign(modulus) };
}

const tag = { integer: 0x02, octetString: 0x04, sequence: 0x30 } as const;

/** INTEGER 0, then SEQUENCE { rsaEncryption (1.2.840.113549.1.1.1), NULL }. */
const versionAndAlgorithm = Buffer.from('020100300d06092a864886f70d0101010500', 'hex');

const startsWith = (bytes: Uint8Array, start: Uint8Array): boolean =>
  Buffer.compare(bytes.subarray(0, start.length), start) === 0;

interface Content {
  readonly start: number;
  /** Where the next element would stand. */
  readonly next: number;
}

/** One element of DER with a length of at most four digits (X.690 clauses 8.1 and 10.1). */
function contentOf(bytes: Uint8Array, expected: number, at: number, end: number): Content | undefined {
  if (bytes[at] !== expected) return undefined;
  const first = bytes[at + 1] ?? 0x80;
  const digits = first < 0x80 ? 0 : first - 0x80;
  if (digits > 2 || first === 0x80) return undefined;
  let length = digits === 0 ? first : 0;
  const start = at + 2 + digits;
  for (let index = at + 2; index < start; index++) length = length * 256 + (bytes[index] ?? 0);
  const shortest = length < 0x80 ? 0 : length < 0x100 ? 1 : 2;
  return digits === shortest && start + length <= end ? { start, next: start + length } : undefined;
}

/** The nine numbers of an RSAPrivateKey: version, n, e, d, p, q, d mod p-1, d mod q-1, 1/q mod p. */
function integersOf(pkcs1: Uint8Array): readonly Uint8Array[] | undefined {
  const sequence = contentOf(pkcs1, tag.sequence, 0, pkcs1.length);
  if (sequence === undefined || sequence.next !== pkcs1.length) return undefined;
  const integers: Uint8Array[] = [];
  for (let at = sequence.start; at < pkcs1.length;) {
    const integer = contentOf(pkcs1, tag.integer, at, pkcs1.length);
    if (integer === undefined) return undefined;
    const bytes = pkcs1.subarray(integer.start, integer.next);
    if (!isShortestPositive(bytes)) return undefined;
    integers.push(bytes);
    at = integer.next;
  }
  return integers.length === 9 ? integers : undefined;
}

/** X.690 clause 8.3.2. */
function isShortestPositive([first, second]: Uint8Array): boolean {
  if (first === undefined || first >= 0x80) return false;
  return first !== 0 || second === undefined || second >= 0x80;
}

const withoutSign = (integer: Uint8Array): Uint8Array => (integer[0] === 0 ? integer.subarray(1) : integer);

const toBigInt = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** RFC 8017 section 3.2. */
function fitEachOther(integers: readonly Uint8Array[]): boolean {
  const [version, n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dP = 0n, dQ = 0n, qInv = 0n] =
    integers.map(toBigInt);
  if (version !== 0n || p < 3n || q < 3n || n !== p * q) return false;
  const exponentsFit = (e * dP) % (p - 1n) === 1n && (e * dQ) % (q - 1n) === 1n;
  return exponentsFit && d % (p - 1n) === dP && d % (q - 1n) === dQ && (q * qInv) % p === 1n;
}
