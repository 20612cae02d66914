import { createHmac } from 'node:crypto';
import { type Digest, digestOf } from './digest.js';
import type { Hash } from './hashes.js';

/** The HMAC (RFC 2104) of a message under one key, by Node where it has the hash. */
export async function hmacOf(hash: Hash, key: Uint8Array): Promise<Digest> {
  if (hash.byHand === undefined) return (...parts) => joined(createHmac(hash.name, key), parts);
  const digest = await digestOf(hash);
  const block = Buffer.alloc(hash.blockBytes);
  block.set(key.length > hash.blockBytes ? digest(key) : key);
  const inner = block.map((byte) => byte ^ 0x36);
  const outer = block.map((byte) => byte ^ 0x5c);
  return (...parts) => digest(outer, digest(inner, ...parts));
}

function joined(hmac: ReturnType<typeof createHmac>, parts: readonly Uint8Array[]): Buffer {
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
