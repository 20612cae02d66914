/** Arcs longer than this occur in no key file; a limit keeps a hostile identifier from becoming a huge number. */
const longestOid = 64;

/** Dotted form of an encoded OBJECT IDENTIFIER (X.690 clause 8.19), `undefined` where the encoding is broken. */
export function decodeOid(content: Uint8Array): string | undefined {
  const last = content.at(-1);
  if (last === undefined || last >= 0x80 || content.length > longestOid) return undefined;
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const byte of content) {
    if (arc === 0n && byte === 0x80) return undefined;
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [joint = 0n, ...rest] = arcs;
  const root = joint < 40n ? 0n : joint < 80n ? 1n : 2n;
  return [root, joint - root * 40n, ...rest].join('.');
}

/** The content octets of an OBJECT IDENTIFIER. The dotted form must be a valid one. */
export function encodeOid(oid: string): Uint8Array {
  const [root = 0n, second = 0n, ...rest] = oid.split('.').map(BigInt);
  return Uint8Array.from([root * 40n + second, ...rest].flatMap(base128));
}

function base128(arc: bigint): number[] {
  const bytes = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80);
  return bytes;
}
