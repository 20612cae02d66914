import { createHash } from 'node:crypto';
import { sha1Module } from './bytes.js';
import type { Lanes } from './generate/words.js';
import { type Sha1Exports, instantiate } from './webassembly.js';

export const digestLength = 20;

/** Hashes SHA-1 digests again and again, as many at once as it has lanes. */
export interface Engine {
  readonly lanes: number;
  /** Puts a digest into a lane. */
  readonly put: (lane: number, digest: Uint8Array) => void;
  /** Replaces the digest of every lane by its `times`-th hash. */
  readonly run: (times: number) => void;
  /** A copy of the lane's digest. */
  readonly get: (lane: number) => Uint8Array;
  /** Forgets all digests: they are key material. */
  readonly wipe: () => void;
}

export interface Engines {
  /** Fastest for one derivation; `undefined` where there is no WebAssembly. */
  readonly single: Engine | undefined;
  /** Fastest for many; `undefined` also where the processor has no SIMD that WebAssembly can use. */
  readonly wide: Engine | undefined;
}

/** SHA-1 by node:crypto, where there is no WebAssembly. About fifteen times slower. */
export function plainEngine(): Engine {
  let state = new Uint8Array(digestLength);
  return {
    lanes: 1,
    put: (_lane, digest) => {
      state = Uint8Array.from(digest);
    },
    run: (times) => {
      for (let done = 0; done < times; done++) state = createHash('sha1').update(state).digest();
    },
    get: () => Uint8Array.from(state),
    wipe: () => state.fill(0),
  };
}

/** SHA-1 in WebAssembly; `undefined` where that does not run. */
export function wasmEngine(lanes: Lanes): Engine | undefined {
  const exports = instantiate(sha1Module(lanes));
  return exports === undefined ? undefined : engineOf(exports, lanes);
}

/**
 * V8 starts a function in its baseline compiler's code and changes to optimised code only between calls: one
 * long call runs ten times slower than many short ones.
 */
const iterationsPerCall = 256;

const wordSize = 4;
const wordsPerDigest = digestLength / wordSize;

function engineOf({ memory, run }: Sha1Exports, lanes: Lanes): Engine {
  const view = new DataView(memory.buffer, 0, digestLength * lanes);
  const addressOf = (lane: number, word: number): number => wordSize * (lanes * word + lane);
  return {
    lanes,
    put: (lane, digest) => {
      const source = new DataView(digest.buffer, digest.byteOffset, digestLength);
      for (let word = 0; word < wordsPerDigest; word++) {
        view.setUint32(addressOf(lane, word), source.getUint32(wordSize * word), true);
      }
    },
    run: (times) => {
      for (let left = times; left > 0; left -= iterationsPerCall) run(Math.min(left, iterationsPerCall));
    },
    get: (lane) => {
      const target = new DataView(new ArrayBuffer(digestLength));
      for (let word = 0; word < wordsPerDigest; word++) {
        target.setUint32(wordSize * word, view.getUint32(addressOf(lane, word), true));
      }
      return new Uint8Array(target.buffer);
    },
    wipe: () => new Uint8Array(memory.buffer, 0, digestLength * lanes).fill(0),
  };
}

/** This process's engines, each compiled when it is first asked for. */
export const engines: Engines = {
  get single() {
    return compiled(1);
  },
  get wide() {
    return compiled(4);
  },
};

/**
 * Has V8 begin to optimise the code for one derivation, which it does beside the main thread: a program that will
 * derive a key calls this first, and reads its input meanwhile. Without it the first milliseconds of a derivation
 * run in the baseline compiler's code.
 */
export function warmUp(): void {
  engines.single?.run(iterationsPerCall);
}

const known = new Map<Lanes, Engine | undefined>();

function compiled(lanes: Lanes): Engine | undefined {
  if (!known.has(lanes)) known.set(lanes, wasmEngine(lanes));
  return known.get(lanes);
}
