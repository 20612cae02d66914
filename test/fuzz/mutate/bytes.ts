import type { Random } from '../random.js';

/** Lengths, tags and numbers that lie in wait in binary formats. */
const nasty = [
  '00',
  'ff',
  '7f',
  '80',
  '0000',
  'ffff',
  '3080',
  '2480',
  'a080',
  '0280',
  '020100',
  '84ffffffff',
  '847fffffff',
  'ffffff7f',
  'ffffffff',
  '8000',
  'efbfbd',
  'eda080',
  'c0af',
  'f4908080',
  'e280ae',
].map((hex) => Buffer.from(hex, 'hex'));

/** No input grows beyond this; what is large is another test's concern. */
export const longestInput = 64 * 1024;

/** One change of a few bytes; where to take some from, `other` says. */
export function mutateBytes(
  bytes: Buffer,
  random: Random,
  other: Uint8Array,
  tokens: readonly Uint8Array[] = [],
): Buffer {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(random.chance(0.8) ? 8 : 400);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (random.below(9)) {
    case 0:
      return changed(bytes, at, (byte) => byte ^ (1 << random.below(8)));
    case 1:
      return changed(bytes, at, () => random.below(256));
    case 2:
      return changed(bytes, at, (byte) => byte + (random.chance(0.5) ? 1 : 255));
    case 3:
      return Buffer.concat([before, random.pick([...nasty, ...tokens]), after]);
    case 4:
      return Buffer.concat([before, after.subarray(length)]);
    case 5:
      return Buffer.concat([before, bytes.subarray(at, at + length), after]);
    case 6: {
      const from = random.below(other.length);
      return Buffer.concat([
        before,
        other.subarray(from, from + length),
        after.subarray(random.below(length)),
      ]);
    }
    case 7: {
      const piece = random.pick([...nasty, ...tokens]);
      return Buffer.concat([before, piece, after.subarray(piece.length)]);
    }
    default:
      return random.chance(0.3) ? Buffer.from(before) : repeated(before, after, length, random);
  }
}

function changed(bytes: Buffer, at: number, change: (byte: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] = change(copy[at] ?? 0) & 0xff;
  return copy;
}

function repeated(before: Buffer, after: Buffer, length: number, random: Random): Buffer {
  const piece = after.subarray(0, Math.min(length, 40));
  const times = random.chance(0.9) ? 3 : 200;
  return Buffer.concat([before, ...Array.from({ length: times }, () => piece), after]);
}
