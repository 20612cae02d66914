import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { sha1Module } from '../../src/kdf/bytes.js';
import { wasmEngine } from '../../src/kdf/engine.js';
import { signed, unsigned } from '../../src/kdf/generate/assembler.js';
import { builtBytesModule } from '../../src/kdf/generate/built.js';
import { WordWriter } from '../../src/kdf/generate/words.js';

describe('the assembler', () => {
  // The examples of the DWARF standard (section 7.6), from which WebAssembly has its numbers.
  test.each([
    [2, [2]],
    [127, [127]],
    [128, [0x80, 1]],
    [12_857, [0xb9, 0x64]],
  ])('%i unsigned', (value, code) => expect(unsigned(value)).toEqual(code));
  test.each([
    [2, [2]],
    [-2, [0x7e]],
    [127, [0xff, 0]],
    [-127, [0x81, 0x7f]],
    [128, [0x80, 1]],
    [-128, [0x80, 0x7f]],
    [-129, [0xff, 0x7e]],
    [-2_147_483_648, [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('%i signed', (value, code) => expect(signed(value)).toEqual(code));
});

describe('what is known while generating leaves no code', () => {
  const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

  test('constants are computed', () => {
    fc.assert(
      fc.property(int32, int32, fc.integer({ min: 1, max: 31 }), (x, y, bits) => {
        const on = new WordWriter(1);
        const [a, b] = [{ constant: x }, { constant: y }];
        expect([on.add(a, b), on.xor(a, b), on.and(a, b)]).toEqual([
          { constant: (x + y) | 0 },
          { constant: x ^ y },
          { constant: x & y },
        ]);
        expect(on.rotateLeft(a, bits)).toEqual({ constant: (x << bits) | (x >>> (32 - bits)) });
        expect(on.take()).toEqual([]);
      }),
    );
  });

  test('zero is neutral', () => {
    const on = new WordWriter(4);
    const word = { code: [0x20, 1] };
    expect(on.add(word, { constant: 5 }, { constant: -5 })).toEqual(word);
    expect(on.xor({ constant: 9 }, word, { constant: 9 })).toEqual(word);
  });
});

test('the build puts the same bytes in place', async () => {
  const source = Buffer.from(builtBytesModule()).toString('base64');
  const file = `data:text/javascript;base64,${source}`;
  const built: { sha1Module: typeof sha1Module } = await import(file);
  for (const lanes of [1, 4] as const) {
    expect(Buffer.from(built.sha1Module(lanes))).toEqual(Buffer.from(sha1Module(lanes)));
  }
});

test.each([1, 4] as const)('%i lanes hash independently, for every number of rounds', (lanes) => {
  const engine = wasmEngine(lanes);
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 20, maxLength: 20 }), { minLength: 4, maxLength: 4 }),
      (digests) => {
        const hashes = digests.slice(0, lanes).map((digest) => createHash('sha1').update(digest).digest());
        for (const [lane, digest] of digests.slice(0, lanes).entries()) engine?.put(lane, digest);
        engine?.run(1);
        expect(hashes.map((_, lane) => Buffer.from(engine?.get(lane) ?? []))).toEqual(hashes);
      },
    ),
    { numRuns: 300 },
  );
});
