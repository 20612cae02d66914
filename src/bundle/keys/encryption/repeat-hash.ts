import { type Digest, nodeDigest } from './digest.js';

/** Below this a hash object for each round costs less than warming up the loop. */
const worthTheLoop = 1000;

/** Hashes a digest again and again: hash(hash(... digest)), `times` times. */
export function repeatHash(
  name: string,
  first: Buffer,
  times: number,
  digest: Digest = nodeDigest(name),
): Buffer {
  if (name === 'sha256' && times > worthTheLoop) return repeatSha256(first, times);
  let state = first;
  for (let round = 0; round < times; round += 1) state = digest(state);
  return state;
}

/** First 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4 section 4.2.2). */
const constants = fractions(64, Math.cbrt);
/** The same of the square roots of the first 8 primes (section 5.3.3). */
const initial = fractions(8, Math.sqrt);

/**
 * SHA-256 (FIPS 180-4) of SHA-256 digests. One digest fills one block, so that only the compression is left; a
 * hash object a round takes node:crypto three times as long, and PKCS#12 files of Firefox ask for 600,000 rounds.
 */
function repeatSha256(digest: Buffer, times: number): Buffer {
  const state = Int32Array.from({ length: 8 }, (_, index) => digest.readInt32BE(4 * index));
  const schedule = new Int32Array(64);
  for (let round = 0; round < times; round += 1) {
    schedule.set(state);
    schedule.fill(0, 8, 15);
    schedule[8] = 0x8000_0000 | 0;
    schedule[15] = 256;
    compress(state, schedule);
  }
  const output = Buffer.alloc(32);
  state.forEach((word, index) => output.writeInt32BE(word, 4 * index));
  return output;
}

function compress(state: Int32Array, w: Int32Array): void {
  for (let t = 16; t < 64; t += 1) {
    const a = at(w, t - 15);
    const b = at(w, t - 2);
    const sigma0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const sigma1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    w[t] = sigma1 + at(w, t - 7) + sigma0 + at(w, t - 16);
  }
  let a = at(initial, 0);
  let b = at(initial, 1);
  let c = at(initial, 2);
  let d = at(initial, 3);
  let e = at(initial, 4);
  let f = at(initial, 5);
  let g = at(initial, 6);
  let h = at(initial, 7);
  for (let t = 0; t < 64; t += 1) {
    const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + at(constants, t) + at(w, t)) | 0;
    const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = at(initial, 0) + a;
  state[1] = at(initial, 1) + b;
  state[2] = at(initial, 2) + c;
  state[3] = at(initial, 3) + d;
  state[4] = at(initial, 4) + e;
  state[5] = at(initial, 5) + f;
  state[6] = at(initial, 6) + g;
  state[7] = at(initial, 7) + h;
}

function at(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function fractions(count: number, root: (prime: number) => number): Int32Array {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return Int32Array.from(primes, (prime) => Math.floor((root(prime) % 1) * 2 ** 32) | 0);
}
