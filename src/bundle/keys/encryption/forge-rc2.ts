import forge from 'node-forge';
import type { BlockCipher } from './block-cipher.js';

/** RC2 (RFC 2268) with `effectiveBits` of key. */
export function rc2(key: Uint8Array, effectiveBits: number): BlockCipher {
  const keyString = Buffer.from(key).toString('latin1');
  return {
    blockBytes: 8,
    encrypt: (block) => run(forge.rc2.createEncryptionCipher(keyString, effectiveBits), block),
    decrypt: (block) => run(forge.rc2.createDecryptionCipher(keyString, effectiveBits), block),
  };
}

/** One block in ECB; a finish that neither pads nor strips. */
function run(cipher: forge.rc2.cipher, block: Uint8Array): Uint8Array {
  cipher.start(null);
  cipher.update(forge.util.createBuffer(Buffer.from(block).toString('latin1')));
  cipher.finish(() => true);
  return Buffer.from(cipher.output.getBytes(), 'latin1');
}
