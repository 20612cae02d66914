/** Where one element of DER stands: its identifier, and its content from `start` up to, not including, `end`. */
export interface DerElement {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** Tags that the strict readers meet (X.680 clause 8.6), with the bit for constructed ones. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * The element at a position, in DER alone: a definite length in as few digits as can be, at most two (X.690
 * clauses 8.1 and 10.1).
 *
 * @param end where what surrounds the element ends
 */
export function elementAt(bytes: Uint8Array, at: number, end: number): DerElement | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || first === 0x80) return undefined;
  const digits = first < 0x80 ? 0 : first - 0x80;
  const start = at + 2 + digits;
  if (digits > 2 || start > end) return undefined;
  let length = digits === 0 ? first : 0;
  for (let index = at + 2; index < start; index++) length = length * 256 + (bytes[index] ?? 0);
  const shortest = length < 0x80 ? 0 : length < 0x100 ? 1 : 2;
  return digits === shortest && start + length <= end ? { tag, start, end: start + length } : undefined;
}

/** The elements that fill a range, or nothing if anything in it is not DER. */
export function elementsIn(
  bytes: Uint8Array,
  { start, end }: Pick<DerElement, 'start' | 'end'>,
): readonly DerElement[] | undefined {
  const elements: DerElement[] = [];
  for (let at = start; at < end;) {
    const element = elementAt(bytes, at, end);
    if (element === undefined) return undefined;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

/** X.690 clause 8.3.2, of numbers that are not negative. */
export function isShortestPositive([first, second]: Uint8Array): boolean {
  if (first === undefined || first >= 0x80) return false;
  return first !== 0 || second === undefined || second >= 0x80;
}

/** The magnitude of an INTEGER that is not negative. */
export const withoutSign = (integer: Uint8Array): Uint8Array =>
  integer[0] === 0 && integer.length > 1 ? integer.subarray(1) : integer;

/** X.690 clause 8.19: no digit too many, none cut off. */
export function isOid(content: Uint8Array): boolean {
  const last = content.at(-1);
  if (last === undefined || last >= 0x80) return false;
  return content.every((byte, index) => byte !== 0x80 || (content[index - 1] ?? 0) >= 0x80);
}
