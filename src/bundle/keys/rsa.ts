import type { KeyObject } from 'node:crypto';
import type { Element, Refuse } from '../asn1/index.js';
import { bitLength, createKey, largestModulusBits, modPow } from './create.js';

/** RSAPrivateKey (RFC 8017 appendix A.1.2) */
interface Numbers {
  readonly n: bigint;
  readonly e: bigint;
  readonly d: bigint;
  readonly primes: readonly Prime[];
}

/** A prime, d modulo the prime less one, and the inverse, modulo the prime, of what stands before it. */
interface Prime {
  readonly r: bigint;
  readonly d: bigint;
  readonly t: bigint;
}

/** @throws what the element refuses with, when the numbers do not make a key */
export function createRsaKey(element: Element): KeyObject {
  const { refuse } = element.sequence('the RSA private key');
  checkRsa(element, refuse);
  return createKey(element.bytes, 'pkcs1', refuse);
}

/**
 * Checks that the numbers of an RSA key belong together, which neither OpenSSL nor Node does when it reads one.
 * A key without its primes (all zero, as some Java programs write it) is checked by using it.
 */
export function checkRsa(element: Element, refuse: Refuse): void {
  const { n, e, d, primes } = readNumbers(element, refuse);
  const broken = refuse('the numbers of the RSA key do not belong together: it was changed or badly copied');
  if (n < 3n || e < 3n || e % 2n === 0n || d < 1n) throw broken;
  if (primes.every(({ r, d, t }) => r === 0n && d === 0n && t === 0n)) {
    if (modPow(modPow(2n, e, n), d, n) !== 2n) throw broken;
    return;
  }
  if (primes.some(({ r }) => r < 2n) || product(primes.map(({ r }) => r)) !== n) throw broken;
  if (!primes.every((prime) => fitsExponents(prime, e, d))) throw broken;
  if (!coefficientsFit(primes)) throw broken;
}

function fitsExponents(prime: Prime, e: bigint, d: bigint): boolean {
  const order = prime.r - 1n;
  return (e * d) % order === 1n % order && prime.d === d % order;
}

/** qInv is the inverse of q modulo p; each further t_i that of all primes before r_i, modulo r_i. */
function coefficientsFit([p, q, ...more]: readonly Prime[]): boolean {
  if (p === undefined || q === undefined || (p.t * q.r) % p.r !== 1n) return false;
  let before = p.r * q.r;
  for (const { r, t } of more) {
    if ((t * before) % r !== 1n) return false;
    before *= r;
  }
  return true;
}

function readNumbers(element: Element, refuse: Refuse): Numbers {
  const fields = element.sequence('the RSA private key');
  const next = (what: string): bigint => {
    const value = fields.next(what).integer(what);
    if (value < 0n || bitLength(value) > largestModulusBits)
      throw refuse(`${what} is not a number that RSA uses`);
    return value;
  };
  const version = next('the version');
  const [n, e, d, p, q, dP, dQ, qInv] = [
    next('the modulus'),
    next('the public exponent'),
    next('the private exponent'),
    next('the first prime'),
    next('the second prime'),
    next('the first exponent'),
    next('the second exponent'),
    next('the coefficient'),
  ];
  const more = version === 1n ? fields.next('the other primes').sequenceOf('the other primes') : [];
  fields.end();
  if (version > 1n || more.length > 14) throw refuse('an RSA key of an unknown version');
  const others = more.map((other) => readPrime(other));
  return { n, e, d, primes: [{ r: p, d: dP, t: qInv }, { r: q, d: dQ, t: 0n }, ...others] };
}

function readPrime(element: Element): Prime {
  const fields = element.sequence('another prime');
  const [r, d, t] = [fields.next('r'), fields.next('d'), fields.next('t')].map((field) =>
    field.integer('a prime'),
  );
  fields.end();
  return { r: r ?? 0n, d: d ?? 0n, t: t ?? 0n };
}

function product(factors: readonly bigint[]): bigint {
  return factors.reduce((result, factor) => result * factor, 1n);
}
