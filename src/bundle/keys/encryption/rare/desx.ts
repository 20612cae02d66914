import { type BlockCipher, xor } from '../block-cipher.js';
import { nodeBlock } from './node-block.js';

/** DESX: DES between two whitenings (Kilian and Rogaway, 1996), with the key as OpenSSL cuts it. */
export function desx(key: Uint8Array): BlockCipher {
  const [inner, before, after] = [key.subarray(0, 8), key.subarray(8, 16), key.subarray(16, 24)];
  const des = nodeBlock('des-ede3', 8, Buffer.concat([inner, inner, inner]));
  return {
    blockBytes: 8,
    encrypt: (block) => xor(des.encrypt(xor(block, before)), after),
    decrypt: (block) => xor(des.decrypt(xor(block, after)), before),
  };
}
