import type { ErrorCode } from './codes.js';

/** Where in an input something stands. All counts start at 1. */
export interface Place {
  /** The name under which the caller knows the input: usually a path, `-` for standard input. */
  readonly file?: string | undefined;
  /** The PEM block, counted from the top of the input. */
  readonly block?: number | undefined;
  readonly line?: number | undefined;
}

/** One thing that is wrong with an input. An input can have several. */
export interface Defect {
  readonly code: ErrorCode;
  /** Lower case, no full stop, no secret. */
  readonly message: string;
  readonly place?: Place | undefined;
}

export interface SapcertErrorOptions {
  /** What to do about it, in one or two sentences of plain words. */
  readonly hint?: string | undefined;
  readonly place?: Place | undefined;
  /** All defects of the input, where more than one was found. */
  readonly defects?: readonly Defect[] | undefined;
  readonly cause?: unknown;
}

/** The class is built into several files, each with a copy of it; what all copies have in common is this. */
const brand = Symbol.for('sapcert.SapcertError');

/**
 * The only error class that sapcert throws on purpose. `message` says what is wrong and where, `hint` what to
 * do. Neither ever holds a secret, a passphrase or key material.
 */
export class SapcertError extends Error {
  override readonly name = 'SapcertError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly place: Place | undefined;
  /** Never empty: the error itself is the first where it stands alone. */
  readonly defects: readonly Defect[];

  /** @internal */
  get [brand](): true {
    return true;
  }

  /** @internal */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }

  constructor(code: ErrorCode, message: string, options: SapcertErrorOptions = {}) {
    const { hint, place, defects, cause } = options;
    super(atPlace(message, place), cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.place = place;
    this.defects = defects ?? [{ code, message, place }];
  }

  /** One error that reports every defect; its code and place are the first one's. */
  static of(defects: readonly [Defect, ...Defect[]], hint?: string): SapcertError {
    const [first] = defects;
    const more = defects.length === 1 ? '' : ` (and ${defects.length - 1} more)`;
    // `this`: a class that names itself inside is called _SapcertError in the built package
    return new this(first.code, first.message + more, { place: first.place, defects, hint });
  }
}

/** `device.pem, block 2, line 31: message` with whatever of the place is known. */
export function atPlace(message: string, place: Place | undefined): string {
  const where = [
    place?.file,
    place?.block === undefined ? undefined : `block ${place.block}`,
    place?.line === undefined ? undefined : `line ${place.line}`,
  ].filter((part) => part !== undefined);
  return where.length === 0 ? message : `${where.join(', ')}: ${message}`;
}
