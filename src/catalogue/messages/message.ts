import type { DiagnosisCode } from '../../codes.js';

/** An error message that programs print, and what it comes from. */
export interface KnownMessage {
  /** Who prints it. */
  readonly program: string;
  readonly pattern: RegExp;
  /** As it was seen printed; the pattern matches each. */
  readonly examples: readonly [string, ...string[]];
  /** What the program means by it: a sentence or two. */
  readonly explanation: string;
  /** What it can be, the likeliest first; `check` finds out which. */
  readonly means: readonly [DiagnosisCode, ...DiagnosisCode[]];
  /** What only users of this program need to do. */
  readonly remedy?: readonly string[];
}
