import type { Random } from './random.js';
import { longestInput } from './mutate/bytes.js';
import type { Reader } from './reader.js';

/** The inputs that new ones are made of: the seeds, and what reached code that nothing had reached before. */
export class Pool {
  readonly #reader: Reader;
  readonly #random: Random;
  readonly #inputs: Buffer[];
  #kept = 0;

  constructor(reader: Reader, random: Random) {
    this.#reader = reader;
    this.#random = random;
    this.#inputs = reader.seeds().map((seed) => Buffer.from(seed));
  }

  get inputs(): readonly Buffer[] {
    return this.#inputs;
  }

  get kept(): number {
    return this.#kept;
  }

  keep(input: Buffer): void {
    this.#inputs.push(input);
    this.#kept += 1;
  }

  next(): Buffer {
    const random = this.#random;
    let input = this.#choose();
    for (let changes = random.chance(0.6) ? 1 : 2 + random.below(4); changes > 0; changes -= 1) {
      input = random.pick(this.#reader.mutate)(input, random, this.#choose());
    }
    return input.subarray(0, longestInput);
  }

  /** What was found last is where more can be found. */
  #choose(): Buffer {
    const random = this.#random;
    const recent = this.#kept > 0 && random.chance(0.5);
    const from = recent ? this.#inputs.slice(-Math.min(this.#kept, 50)) : this.#inputs;
    return random.pick(from);
  }
}
