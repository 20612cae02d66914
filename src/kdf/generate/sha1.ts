import { countDown, localGet, moduleOf } from './assembler.js';
import { type Lanes, type Word, WordWriter } from './words.js';

/**
 * Generates a WebAssembly module that hashes 20-byte digests again and again with SHA-1 (FIPS 180-4 section
 * 6.1), all 80 rounds unrolled. A digest is always one block: 5 words, then the padding, which never changes,
 * so that what depends on it alone is computed here (section 5.1.1).
 *
 * The module exports `memory`, where word `w` (0 to 4) of lane `l` stands at byte `4 * (lanes * w + l)`, and
 * `run(times)`, which replaces each digest by its `times`-th hash; `times` is at least 1.
 *
 * @param lanes 1 works on i32, 4 on v128
 */
export function generateSha1(lanes: Lanes): Uint8Array {
  const writer = new WordWriter(lanes);
  const state = initialState.map(() => writer.newLocal());
  for (const [position, local] of state.entries()) writer.load(local, position);
  const before = writer.take();
  writer.set(
    state,
    hashOfDigest(
      writer,
      state.map((local) => ({ code: localGet(local) })),
    ),
  );
  const body = writer.take();
  for (const [position, local] of state.entries()) writer.store(position, local);
  const after = writer.take();
  const { localType, localCount } = writer;
  return moduleOf({ localType, localCount, code: [...before, ...countDown(0, body), ...after] });
}

const initialState = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0] as const;
const roundConstants = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6] as const;

/** Section 5.1.1: a set bit, zeros, the length of 160 bits in two words. */
const paddingOfDigest = [0x80000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 160] as const;

/** Section 6.1.2, with its names. */
function hashOfDigest(on: WordWriter, digest: readonly Word[]): readonly Word[] {
  const W = [...digest, ...paddingOfDigest.map((constant) => ({ constant }))];
  const at = (index: number): Word => W[index] ?? { constant: 0 };
  let [a, b, c, d, e]: readonly [Word, Word, Word, Word, Word] = [
    { constant: initialState[0] },
    { constant: initialState[1] },
    { constant: initialState[2] },
    { constant: initialState[3] },
    { constant: initialState[4] },
  ];
  for (let t = 0; t < 80; t++) {
    if (t >= 16) W[t] = on.keep(on.rotateLeft(on.xor(at(t - 16), at(t - 14), at(t - 8), at(t - 3)), 1));
    const quarter = quarters[Math.floor(t / 20) % 4] ?? quarters[0];
    const f = quarter.f(on, b, c, d);
    const T = on.keep(on.add(at(t), e, { constant: quarter.K }, f, on.rotateLeft(a, 5)));
    [a, b, c, d, e] = [T, a, on.keep(on.rotateLeft(b, 30)), c, d];
  }
  return [a, b, c, d, e].map((word, index) => on.add(word, { constant: initialState[index] ?? 0 }));
}

type RoundFunction = (on: WordWriter, b: Word, c: Word, d: Word) => Word;

/** Section 4.1.1, in forms that take one operation fewer. */
const choose: RoundFunction = (on, b, c, d) => on.xor(on.and(on.xor(c, d), b), d);
const parity: RoundFunction = (on, b, c, d) => on.xor(c, d, b);
const majority: RoundFunction = (on, b, c, d) => on.xor(on.and(on.xor(b, c), on.xor(c, d)), c);

/** Sections 4.1.1 and 4.2.1: each serves 20 rounds. */
const quarters = [
  { f: choose, K: roundConstants[0] },
  { f: parity, K: roundConstants[1] },
  { f: majority, K: roundConstants[2] },
  { f: parity, K: roundConstants[3] },
] as const;
