import type { DiagnosisCode } from '../../codes.js';

interface Known {
  /** Who prints it. */
  readonly program: string;
  readonly pattern: RegExp;
  /** As it was seen printed; the pattern matches each. */
  readonly examples: readonly [string, ...string[]];
  /** What the program means by it: a sentence or two. */
  readonly explanation: string;
  /** What only users of this program need to do. */
  readonly remedy?: readonly string[];
}

interface Diagnosed extends Known {
  /** What it can be, the likeliest first; `check` finds out which. */
  readonly means: readonly [DiagnosisCode, ...DiagnosisCode[]];
  readonly own?: undefined;
}

/** What no check can find: it lies in the program, or in the machine that it runs on. */
interface OfItsOwn extends Known {
  readonly means: readonly [];
  readonly own: { readonly title: string; readonly causes: readonly string[] };
}

/** An error message that programs print, and what it comes from. */
export type KnownMessage = Diagnosed | OfItsOwn;
