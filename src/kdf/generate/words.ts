import {
  type Code,
  type ValueType,
  i32Const,
  localGet,
  localSet,
  memoryArgument,
  valueType,
  vector,
} from './assembler.js';

/** A 32-bit word in every lane: known while generating, or computed when the code runs. */
export type Word = { readonly constant: number } | { readonly code: Code };

/** How one machine computes on words. */
interface Machine {
  readonly type: ValueType;
  readonly wordSize: number;
  readonly add: Code;
  readonly and: Code;
  readonly xor: Code;
  readonly constant: (value: number) => Code;
  readonly load: (address: number) => Code;
  readonly store: (address: number) => Code;
  /** How often `rotateLeft` computes the word it is given. */
  readonly rotationReads: 1 | 2;
  readonly rotateLeft: (word: Code, bits: number) => Code;
}

const vectorAdd = vector(0xae);
const vectorOr = vector(0x50);

const machines = {
  /** One word in an i32. */
  1: {
    type: valueType.i32,
    wordSize: 4,
    add: [0x6a],
    and: [0x71],
    xor: [0x73],
    constant: i32Const,
    load: (address) => [0x28, ...memoryArgument(2, address)],
    store: (address) => [0x36, ...memoryArgument(2, address)],
    rotationReads: 1,
    rotateLeft: (word, bits) => [...word, ...i32Const(bits), 0x77],
  },
  /** Four words in the lanes of a v128. It has no rotation. */
  4: {
    type: valueType.v128,
    wordSize: 16,
    add: vectorAdd,
    and: vector(0x4e),
    xor: vector(0x51),
    constant: (value) => [...vector(0x0c), ...[0, 1, 2, 3].flatMap(() => littleEndian(value))],
    load: (address) => [...vector(0x00), ...memoryArgument(4, address)],
    store: (address) => [...vector(0x0b), ...memoryArgument(4, address)],
    rotationReads: 2,
    rotateLeft(word, bits) {
      // Processors can add on more of their ports than they can shift on.
      const high =
        bits === 1 ? [...word, ...word, ...vectorAdd] : [...word, ...i32Const(bits), ...vector(0xab)];
      return [...high, ...word, ...i32Const(32 - bits), ...vector(0xad), ...vectorOr];
    },
  },
} as const satisfies Record<number, Machine>;

/** How many derivations go on at once. */
export type Lanes = keyof typeof machines;

const littleEndian = (value: number): Code => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

/**
 * Writes code that computes on words. What is known already is computed here and leaves no code behind.
 * Local 0 is the function's parameter.
 */
export class WordWriter {
  readonly #machine: Machine;
  readonly #written: number[] = [];
  #locals = 0;

  constructor(lanes: Lanes) {
    this.#machine = machines[lanes];
  }

  get localType(): ValueType {
    return this.#machine.type;
  }

  get localCount(): number {
    return this.#locals;
  }

  /** The code written since the last call. */
  take(): Code {
    return this.#written.splice(0);
  }

  newLocal(): number {
    this.#locals += 1;
    return this.#locals;
  }

  /** Computes the word here, once; the result costs nothing to use again. */
  keep(word: Word): Word {
    if ('constant' in word) return word;
    const local = this.newLocal();
    this.set([local], [word]);
    return { code: localGet(local) };
  }

  /** Computes all the words, then assigns them. */
  set(locals: readonly number[], words: readonly Word[]): void {
    for (const word of words) this.#written.push(...this.#codeOf(word));
    for (const local of locals.toReversed()) this.#written.push(...localSet(local));
  }

  load(local: number, position: number): void {
    const { load, wordSize } = this.#machine;
    this.#written.push(...i32Const(0), ...load(position * wordSize), ...localSet(local));
  }

  store(position: number, local: number): void {
    const { store, wordSize } = this.#machine;
    this.#written.push(...i32Const(0), ...localGet(local), ...store(position * wordSize));
  }

  xor(...words: readonly Word[]): Word {
    return this.#fold(words, this.#machine.xor, (a, b) => a ^ b);
  }

  add(...words: readonly Word[]): Word {
    return this.#fold(words, this.#machine.add, (a, b) => (a + b) | 0);
  }

  and(a: Word, b: Word): Word {
    if ('constant' in a && 'constant' in b) return { constant: a.constant & b.constant };
    return { code: [...this.#codeOf(a), ...this.#codeOf(b), ...this.#machine.and] };
  }

  rotateLeft(word: Word, bits: number): Word {
    if ('constant' in word) return { constant: (word.constant << bits) | (word.constant >>> (32 - bits)) };
    const { rotateLeft, rotationReads } = this.#machine;
    const operand = rotationReads === 1 ? word : this.keep(word);
    return { code: rotateLeft(this.#codeOf(operand), bits) };
  }

  /** Joins words with an operation of which 0 is the neutral element; all constants become one. */
  #fold(words: readonly Word[], instruction: Code, compute: (a: number, b: number) => number): Word {
    const [first, ...rest] = words.flatMap((word) => ('code' in word ? [word.code] : []));
    const constant = words.reduce((sum, word) => ('constant' in word ? compute(sum, word.constant) : sum), 0);
    if (first === undefined) return { constant };
    // The constant goes in second, so that the last operand, which is ready last, is waited for last.
    const others = constant === 0 ? rest : [this.#machine.constant(constant), ...rest];
    return { code: [...first, ...others.flatMap((code) => code.concat(instruction))] };
  }

  #codeOf(word: Word): Code {
    return 'code' in word ? word.code : this.#machine.constant(word.constant);
  }
}
