import { createHash } from 'node:crypto';
import type { Hash } from './hashes.js';

/** Hashes its arguments as one message. */
export type Digest = (...parts: readonly Uint8Array[]) => Buffer;

/** The hash function itself, by Node where it has it. */
export async function digestOf({ name, byHand }: Hash): Promise<Digest> {
  return byHand === undefined ? nodeDigest(name) : byHand();
}

export function nodeDigest(name: string): Digest {
  return (...parts) => {
    const hash = createHash(name);
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
}
