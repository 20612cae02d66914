import type { Random } from './random.js';

/** Changes an input a little. `other` is one more input of the same reader, to take pieces from. */
export type Mutate = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

/** A reader of foreign bytes, and what its contract says. */
export interface Reader {
  readonly name: string;
  readonly seeds: () => readonly Uint8Array[];
  readonly mutate: readonly Mutate[];
  /** How much of the inputs it gets, where one takes long; 1 where it is not said. */
  readonly share?: number;
  /** The codes of the SapcertErrors that it may throw; `undefined`: it never throws. */
  readonly refuses: RegExp | undefined;
  /**
   * Reads the input and uses what came out as the program does. Throws a plain Error for a result that breaks a
   * promise. A code that is handed out instead of thrown may be returned, for the table.
   */
  readonly read: (input: Uint8Array) => unknown;
}
