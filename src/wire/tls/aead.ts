import { createDecipheriv, type Decipher, type DecipherGCM } from 'node:crypto';
import type { TransformOptions } from 'node:stream';
import type { RecordCipher } from '../registry/cipher-suites.js';

export interface Sealed {
  readonly nonce: Uint8Array;
  readonly additional: Uint8Array;
  /** Ciphertext and tag. */
  readonly body: Uint8Array;
}

/** Undefined where the tag does not fit, or this machine's OpenSSL does not have the cipher. */
export function openAead(cipher: RecordCipher, key: Uint8Array, sealed: Sealed): Buffer | undefined {
  const length = sealed.body.length - cipher.tagBytes;
  if (length < 0) return undefined;
  const options: TransformOptions & { authTagLength: number } = { authTagLength: cipher.tagBytes };
  try {
    const decipher = createDecipheriv(cipher.cipher, key, sealed.nonce, options);
    if (!isAead(decipher)) return undefined;
    decipher.setAuthTag(sealed.body.subarray(length));
    decipher.setAAD(sealed.additional, { plaintextLength: length });
    const content = decipher.update(sealed.body.subarray(0, length));
    return Buffer.concat([content, decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The cipher's name is only known at run time, so the types of node:crypto cannot tell. */
function isAead(decipher: Decipher): decipher is DecipherGCM {
  return 'setAAD' in decipher;
}
