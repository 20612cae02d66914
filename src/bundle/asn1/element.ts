import type { SapcertError } from '../../errors.js';
import { decodeOid } from './oid.js';

/** Turns "what is wrong with these bytes" into the error that fits the file they came from. */
export type Refuse = (message: string) => SapcertError;

/** Universal tag numbers (X.680 clause 8.6) that key files use. */
export const Tag = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  utf8String: 12,
  sequence: 16,
  set: 17,
  bmpString: 30,
} as const;

export type TagClass = 'universal' | 'application' | 'context' | 'private';

/**
 * One decoded element. The accessors say what a reader expects to find and throw the file's own error, with the
 * expectation in words, when something else is there.
 */
export class Element {
  constructor(
    readonly tagClass: TagClass,
    readonly tag: number,
    /** The whole encoding: identifier, length, content and, for an indefinite length, its end mark. */
    readonly bytes: Uint8Array,
    readonly content: Uint8Array,
    /** `undefined` for a primitive element. */
    readonly children: readonly Element[] | undefined,
    private readonly refuse: Refuse,
  ) {}

  is(tag: number, tagClass: TagClass = 'universal'): boolean {
    return this.tag === tag && this.tagClass === tagClass;
  }

  /** The fields of a SEQUENCE, to be taken in order. */
  sequence(what: string): Fields {
    return new Fields(this.constructedChildren(Tag.sequence, what), what, this.refuse);
  }

  /** The elements of a SEQUENCE OF. */
  sequenceOf(what: string): readonly Element[] {
    return this.constructedChildren(Tag.sequence, what);
  }

  /** The elements of a SET OF. */
  setOf(what: string): readonly Element[] {
    return this.constructedChildren(Tag.set, what);
  }

  /** The one element inside an explicit context tag. */
  explicit(what: string): Element {
    const [inner, ...rest] = this.children ?? [];
    if (inner === undefined || rest.length > 0)
      throw this.refuse(`${what} does not hold exactly one element`);
    return inner;
  }

  /** The fields of an implicitly tagged SEQUENCE or SET. */
  implicit(what: string): Fields {
    if (this.children === undefined) throw this.refuse(`${what} is not constructed`);
    return new Fields(this.children, what, this.refuse);
  }

  integer(what: string): bigint {
    if (!this.is(Tag.integer) || this.children !== undefined || this.content.length === 0) {
      throw this.refuse(`${what} is not an INTEGER`);
    }
    const magnitude = BigInt(`0x${Buffer.from(this.content).toString('hex')}`);
    const negative = (this.content[0] ?? 0) >= 0x80;
    return negative ? magnitude - (1n << BigInt(this.content.length * 8)) : magnitude;
  }

  /** An INTEGER that counts something. What is too large for a number comes back as `Infinity`. */
  count(what: string): number {
    if (this.content.length > 8) this.integerSign(what);
    const value = this.content.length > 8 ? BigInt(Number.MAX_SAFE_INTEGER) + 1n : this.integer(what);
    if (value < 0n) throw this.refuse(`${what} is negative`);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(value);
  }

  oid(what: string): string {
    const oid = this.is(Tag.oid) && this.children === undefined ? decodeOid(this.content) : undefined;
    if (oid === undefined) throw this.refuse(`${what} is not an OBJECT IDENTIFIER`);
    return oid;
  }

  /** An OCTET STRING; the parts of a constructed one (BER) are joined. */
  octets(what: string): Uint8Array {
    if (!this.is(Tag.octetString)) throw this.refuse(`${what} is not an OCTET STRING`);
    return this.implicitOctets(what);
  }

  /** The content of an implicitly tagged OCTET STRING, primitive or constructed. */
  implicitOctets(what: string): Uint8Array {
    if (this.children === undefined) return this.content;
    return Buffer.concat(this.children.map((part) => part.octets(what)));
  }

  /** The bytes of a BIT STRING that has no unused bits. */
  bits(what: string): Uint8Array {
    if (!this.is(Tag.bitString)) throw this.refuse(`${what} is not a BIT STRING`);
    return this.implicitBits(what);
  }

  /** The same for an implicitly tagged BIT STRING. */
  implicitBits(what: string): Uint8Array {
    if (this.children !== undefined || this.content[0] !== 0) {
      throw this.refuse(`${what} is not a BIT STRING of whole bytes`);
    }
    return this.content.subarray(1);
  }

  private constructedChildren(tag: number, what: string): readonly Element[] {
    if (!this.is(tag) || this.children === undefined) {
      throw this.refuse(`${what} is not a ${tag === Tag.set ? 'SET' : 'SEQUENCE'}`);
    }
    return this.children;
  }

  private integerSign(what: string): void {
    if (!this.is(Tag.integer)) throw this.refuse(`${what} is not an INTEGER`);
    if ((this.content[0] ?? 0) >= 0x80) throw this.refuse(`${what} is negative`);
  }
}

/** The fields of a SEQUENCE, taken one after the other; none may be left over. */
export class Fields {
  private position = 0;

  constructor(
    private readonly elements: readonly Element[],
    private readonly owner: string,
    readonly refuse: Refuse,
  ) {}

  next(what: string): Element {
    const element = this.elements[this.position];
    if (element === undefined) throw this.refuse(`${this.owner} ends before ${what}`);
    this.position += 1;
    return element;
  }

  /** The next field if it carries this tag. */
  optional(tag: number, tagClass: TagClass = 'universal'): Element | undefined {
    const element = this.peek();
    if (element === undefined || !element.is(tag, tagClass)) return undefined;
    this.position += 1;
    return element;
  }

  peek(): Element | undefined {
    return this.elements[this.position];
  }

  end(): void {
    if (this.position < this.elements.length)
      throw this.refuse(`${this.owner} holds more fields than it should`);
  }
}
