import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { BlockCipher } from '../block-cipher.js';

/** A block cipher that Node has, for modes that Node has not. */
export function nodeBlock(name: string, blockBytes: number, key: Uint8Array): BlockCipher {
  const encryption = createCipheriv(`${name}-ecb`, key, null).setAutoPadding(false);
  const decryption = createDecipheriv(`${name}-ecb`, key, null).setAutoPadding(false);
  return {
    blockBytes,
    encrypt: (block) => encryption.update(block),
    decrypt: (block) => decryption.update(block),
  };
}
