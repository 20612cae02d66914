import { Blowfish } from 'egoroof-blowfish';
import type { BlockCipher } from './block-cipher.js';

const blockBytes = 8;

export function blowfish(key: Uint8Array): BlockCipher {
  const cipher = new Blowfish(key, Blowfish.MODE.ECB, Blowfish.PADDING.NULL);
  return {
    blockBytes,
    encrypt: (block) => cipher.encode(block),
    decrypt: (block) => withZeros(cipher.decode(block, Blowfish.TYPE.UINT8_ARRAY)),
  };
}

/** The library takes zero bytes at the end of a plaintext for padding and drops them. */
function withZeros(plain: Uint8Array): Uint8Array {
  const block = new Uint8Array(blockBytes);
  block.set(plain);
  return block;
}
