import { generateSha1 } from './generate/sha1.js';
import type { Lanes } from './generate/words.js';

/**
 * The WebAssembly module that hashes digests with SHA-1 in so many lanes. The build puts the finished bytes in
 * this file's place (generate/built.ts); from source they are generated.
 */
export const sha1Module = (lanes: Lanes): Uint8Array => generateSha1(lanes);
