import { count } from '../../count.js';
import { Element, type Refuse, Tag, type TagClass } from './element.js';

/** More than any key or key store needs; a hostile file must not make a reader recurse or allocate without end. */
export const asn1Limits = {
  depth: 32,
  elements: 100_000,
  bytes: 32 * 1024 * 1024,
} as const;

const tagClasses: readonly TagClass[] = ['universal', 'application', 'context', 'private'];

/**
 * Decodes exactly one element that fills `bytes`: DER (X.690 clause 10), and of BER what key files really hold,
 * namely indefinite lengths, constructed strings and lengths that are longer than they need be.
 *
 * @throws what `refuse` makes of the reason, for anything truncated, trailing, too deep or too large
 */
export function parseAsn1(bytes: Uint8Array, refuse: Refuse): Element {
  const element = parseLeading(bytes, refuse);
  const trailing = bytes.length - element.bytes.length;
  if (trailing > 0) throw refuse(`the ASN.1 is followed by ${count(trailing, 'byte')} too many`);
  return element;
}

/**
 * Decodes the element that `bytes` begin with, whatever follows it.
 *
 * @throws what `refuse` makes of the reason, for anything truncated, too deep or too large
 */
export function parseLeading(bytes: Uint8Array, refuse: Refuse): Element {
  if (bytes.length > asn1Limits.bytes)
    throw refuse(`ASN.1 of ${bytes.length} bytes is more than sapcert reads`);
  return new Parser(bytes, refuse).element(0, bytes.length, 0);
}

/**
 * Decodes the element that something decrypted begins with. Zeros and ends of lines behind it are of no account, as
 * for openssl; anything else shows that it was changed.
 *
 * @throws as `parseAsn1`
 */
export function parsePadded(bytes: Uint8Array, refuse: Refuse): { element: Element; trailing: number } {
  const element = parseLeading(bytes, refuse);
  const rest = bytes.subarray(element.bytes.length);
  const harmless = rest.every((byte) => byte === 0 || byte === 0x0a || byte === 0x0d);
  return { element: harmless ? element : parseAsn1(bytes, refuse), trailing: rest.length };
}

interface Header {
  readonly tagClass: TagClass;
  readonly tag: number;
  readonly constructed: boolean;
  /** Where the content starts. */
  readonly start: number;
  /** `undefined`: indefinite. */
  readonly length: number | undefined;
}

class Parser {
  private elements = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly refuse: Refuse,
  ) {}

  element(offset: number, end: number, depth: number): Element {
    this.elements += 1;
    if (this.elements > asn1Limits.elements) throw this.refuse('ASN.1 with too many elements');
    if (depth > asn1Limits.depth) throw this.refuse('ASN.1 nested too deeply');
    const header = this.header(offset, end);
    if (header.length === undefined) return this.indefinite(header, offset, end, depth);
    const contentEnd = header.start + header.length;
    if (contentEnd > end) {
      const missing = contentEnd - end;
      throw this.refuse(`ASN.1 cut short by ${count(missing, 'byte')}`);
    }
    const children = header.constructed ? this.children(header.start, contentEnd, depth) : undefined;
    return this.make(header, offset, contentEnd, contentEnd, children);
  }

  private children(start: number, end: number, depth: number): Element[] {
    const children: Element[] = [];
    for (let offset = start; offset < end;) {
      const child = this.emptyParameters(offset, end, children) ?? this.element(offset, end, depth + 1);
      children.push(child);
      offset += child.bytes.length;
    }
    return children;
  }

  /** Go writes parameters that nobody gave as 00 00, and programs (older releases of step) let it: they mean NULL. */
  private emptyParameters(offset: number, end: number, before: readonly Element[]): Element | undefined {
    const zeros = offset + 2 === end && this.bytes[offset] === 0 && this.bytes[offset + 1] === 0;
    if (!zeros || before.length !== 1 || before[0]?.is(Tag.oid) !== true) return undefined;
    const header: Header = {
      tagClass: 'universal',
      tag: Tag.null,
      constructed: false,
      start: end,
      length: 0,
    };
    return this.make(header, offset, end, end, undefined);
  }

  /** Content up to the end-of-contents octets 00 00 (X.690 clause 8.1.5). */
  private indefinite(header: Header, offset: number, end: number, depth: number): Element {
    const children: Element[] = [];
    let at = header.start;
    while (!(this.byte(at, end) === 0 && this.byte(at + 1, end) === 0)) {
      const child = this.element(at, end, depth + 1);
      children.push(child);
      at += child.bytes.length;
    }
    return this.make(header, offset, at, at + 2, children);
  }

  private make(
    header: Header,
    offset: number,
    contentEnd: number,
    end: number,
    children: Element[] | undefined,
  ) {
    const content = this.bytes.subarray(header.start, contentEnd);
    return new Element(
      header.tagClass,
      header.tag,
      this.bytes.subarray(offset, end),
      content,
      children,
      this.refuse,
    );
  }

  private header(offset: number, end: number): Header {
    const identifier = this.byte(offset, end);
    const low = identifier & 0x1f;
    const { tag, next } = low < 0x1f ? { tag: low, next: offset + 1 } : this.highTag(offset + 1, end);
    const tagClass = tagClasses[identifier >> 6] ?? 'universal';
    if (tag === 0 && tagClass === 'universal') throw this.refuse('ASN.1 with an end mark where none belongs');
    const constructed = (identifier & 0x20) !== 0;
    const first = this.byte(next, end);
    if (first < 0x80) return { tagClass, tag, constructed, start: next + 1, length: first };
    const lengthBytes = first & 0x7f;
    if (lengthBytes === 0) {
      if (!constructed) throw this.refuse('ASN.1 with an indefinite length on a primitive element');
      return { tagClass, tag, constructed, start: next + 1, length: undefined };
    }
    const length = this.longLength(next + 1, lengthBytes, end);
    return { tagClass, tag, constructed, start: next + 1 + lengthBytes, length };
  }

  /** X.690 clause 8.1.2.4: attributes of somebody's own may use any number; nothing here reads them. */
  private highTag(offset: number, end: number): { readonly tag: number; readonly next: number } {
    let tag = 0;
    for (let at = offset; at < offset + 4; at += 1) {
      const byte = this.byte(at, end);
      tag = tag * 128 + (byte & 0x7f);
      if (byte < 0x80) return { tag, next: at + 1 };
    }
    throw this.refuse('ASN.1 with a tag number that no file uses');
  }

  private longLength(offset: number, count: number, end: number): number {
    let length = 0;
    for (let at = offset; at < offset + count; at += 1) {
      length = length * 256 + this.byte(at, end);
      if (length > 0xffff_ffff) throw this.refuse('ASN.1 with an impossible length');
    }
    return length;
  }

  private byte(offset: number, end: number): number {
    const byte = offset < end ? this.bytes[offset] : undefined;
    if (byte === undefined) throw this.refuse('ASN.1 cut short');
    return byte;
  }
}
