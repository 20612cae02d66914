import { createHash } from 'node:crypto';
import { type Engine, type Engines, digestLength, engines, plainEngine } from './engine.js';

/** What a derived string is for (RFC 7292 appendix B.3). */
export type Purpose = 1 | 2 | 3;
export const purposes = { key: 1, iv: 2, mac: 3 } as const satisfies Record<string, Purpose>;

export interface KeyRequest {
  /** The BMPString with its terminator, as `bmpString` makes it (RFC 7292 appendix B.1). */
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  /** At least 1. There is no upper limit here: a caller that reads foreign files has to set one. */
  readonly iterations: number;
  readonly purpose: Purpose;
  /** Bytes wanted. */
  readonly length: number;
}

/**
 * PKCS#12 key derivation with SHA-1 (RFC 7292 appendix B.2).
 *
 * @throws RangeError if `iterations` or `length` is not a whole number in range
 */
export function pkcs12KeySha1(request: KeyRequest, on: Pick<Engines, 'single'> = engines): Uint8Array {
  const derivation = new Derivation(request);
  if (!derivation.done) finish(derivation, on.single ?? plainEngine());
  return derivation.key;
}

/**
 * The same for many requests, four at once where the processor can. Requests need not be alike; those with
 * many iterations should stand first.
 *
 * @returns the keys in the order of the requests
 * @throws RangeError like `pkcs12KeySha1`
 */
export function pkcs12KeySha1Batch(requests: readonly KeyRequest[], on: Engines = engines): Uint8Array[] {
  const derivations = requests.map((request) => new Derivation(request));
  const waiting = derivations.filter((derivation) => !derivation.done);
  const left = waiting.length < worthLanes || on.wide === undefined ? waiting : runInLanes(waiting, on.wide);
  const single = on.single ?? plainEngine();
  for (const derivation of left) finish(derivation, single);
  return derivations.map((derivation) => derivation.key);
}

/** The four lanes together take about as long as two derivations alone. */
const worthLanes = 3;

/** Works on as many derivations as there are lanes; returns those that remain when too few fill the lanes. */
function runInLanes(waiting: readonly Derivation[], engine: Engine): readonly Derivation[] {
  let rest = waiting;
  while (rest.length >= worthLanes) {
    const active = advance(rest.slice(0, engine.lanes), engine);
    rest = active.concat(rest.slice(engine.lanes));
  }
  return rest;
}

/** Runs derivations until the first block is done; returns those that want another. */
function advance(active: readonly Derivation[], engine: Engine): Derivation[] {
  const times = Math.min(...active.map((derivation) => derivation.left));
  for (const [lane, derivation] of active.entries()) engine.put(lane, derivation.digest);
  engine.run(times);
  for (const [lane, derivation] of active.entries()) derivation.take(engine.get(lane), times);
  engine.wipe();
  return active.filter((derivation) => !derivation.done);
}

function finish(derivation: Derivation, engine: Engine): void {
  let active: readonly Derivation[] = [derivation];
  while (active.length > 0) active = advance(active, engine);
}

/** The block size of SHA-1, which RFC 7292 appendix B.2 calls v / 8. */
const blockLength = 64;

/** One derivation, as far as it got. The names are those of RFC 7292 appendix B.2. */
class Derivation {
  readonly #iterations: number;
  readonly #D: Uint8Array;
  readonly #I: Uint8Array;
  /** The output, with room for whole digests. */
  readonly #A: Uint8Array;
  readonly #length: number;
  #filled = 0;
  /** Where the block that is worked on stands, and how many hashes it still needs. */
  #digest: Uint8Array = new Uint8Array(digestLength);
  #left = 0;

  constructor({ password, salt, iterations, purpose, length }: KeyRequest) {
    if (!Number.isSafeInteger(iterations) || iterations < 1)
      throw new RangeError(`iterations: ${iterations}`);
    if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`length: ${length}`);
    this.#iterations = iterations;
    this.#length = length;
    this.#D = new Uint8Array(blockLength).fill(purpose);
    this.#I = Buffer.concat([repeated(salt), repeated(password)]);
    this.#A = new Uint8Array(Math.ceil(length / digestLength) * digestLength);
    this.#settle();
  }

  get done(): boolean {
    return this.#filled >= this.#A.length;
  }

  get key(): Uint8Array {
    return this.#A.slice(0, this.#length);
  }

  get digest(): Uint8Array {
    return this.#digest;
  }

  get left(): number {
    return this.#left;
  }

  /** Takes the digest after so many more hashes, at most `left`. */
  take(digest: Uint8Array, times: number): void {
    this.#digest = digest;
    this.#left -= times;
    if (this.#left > 0) return;
    this.#store();
    this.#settle();
  }

  /** Starts blocks until one needs more than its first hash, which takes in any length. */
  #settle(): void {
    while (!this.done) {
      this.#digest = createHash('sha1').update(this.#D).update(this.#I).digest();
      this.#left = this.#iterations - 1;
      if (this.#left > 0) return;
      this.#store();
    }
  }

  #store(): void {
    this.#A.set(this.#digest, this.#filled);
    this.#filled += digestLength;
    if (this.done) this.#I.fill(0);
    else this.#mix();
  }

  /** Step 6C: adds B + 1 to each block of I, modulo 2^512. */
  #mix(): void {
    for (let start = 0; start < this.#I.length; start += blockLength) {
      let carry = 1;
      for (let index = blockLength - 1; index >= 0; index--) {
        const sum = (this.#I[start + index] ?? 0) + (this.#digest[index % digestLength] ?? 0) + carry;
        this.#I[start + index] = sum;
        carry = sum >>> 8;
      }
    }
  }
}

/** Steps 2 and 3: copies of the bytes that fill whole blocks; nothing for nothing. */
function repeated(bytes: Uint8Array): Uint8Array {
  const filled = new Uint8Array(Math.ceil(bytes.length / blockLength) * blockLength);
  return filled.map((_, index) => bytes[index % bytes.length] ?? 0);
}

/**
 * A passphrase as the derivation wants it: UTF-16 with the high byte first, then two zeros (RFC 7292 appendix
 * B.1). Characters outside the BMP become surrogate pairs, as OpenSSL writes them.
 */
export function bmpString(passphrase: string): Uint8Array {
  const wellFormed = Buffer.from(passphrase, 'utf8').toString('utf8');
  return Buffer.from(`${wellFormed}\0`, 'utf16le').swap16();
}
