import { type CipherGCMTypes, createDecipheriv } from 'node:crypto';
import { blockModes } from './block-cipher.js';
import { type Cipher, hasTag, type OpenSealed } from './ciphers.js';
import type { ParameterSet } from './gost-parameters.js';
import { rc4 } from './rc4.js';

/** What stands beside the key: the vector, and what single ciphers need more. */
export interface CipherParameters {
  readonly iv: Uint8Array;
  /** RC2's effective key length, where it is not that of the key. */
  readonly effectiveBits?: number | undefined;
  /** The length of the key, where the parameters of the cipher give it. */
  readonly keyBytes?: number | undefined;
  /** RC5's rounds, where they stand in the file. */
  readonly rounds?: number | undefined;
  /** GOST 28147's substitution. */
  readonly parameterSet?: ParameterSet | undefined;
  /** Bytes of the authentication tag at the end of the ciphertext (GCM, CCM, Poly1305). */
  readonly tagBytes?: number | undefined;
  /** The plaintext fills its last block by itself, in a way of its own. */
  readonly ownPadding?: boolean | undefined;
}

export interface Decrypted {
  /** Without its padding where that is sound, otherwise with it. */
  readonly bytes: Uint8Array;
  /** Padding or tag are sound. Says nothing in a stream mode, where there is neither. */
  readonly sound: boolean;
}

export function isAuthenticated({ mode }: Cipher): boolean {
  return hasTag(mode);
}

/** ECB and CBC fill the last block (RFC 8018 section 6.1.1). */
export function isPadded({ mode }: Cipher): boolean {
  return mode === 'ecb' || mode === 'cbc';
}

/**
 * Decrypts without ever throwing over what the ciphertext holds: that a key is wrong shows in the result.
 *
 * @param ciphertext whole blocks where the mode is padded, at least `tagBytes` where it is authenticated
 */
export async function decrypt(
  cipher: Cipher,
  key: Uint8Array,
  parameters: CipherParameters,
  ciphertext: Uint8Array,
): Promise<Decrypted> {
  if (isAuthenticated(cipher)) return decryptAuthenticated(cipher, key, parameters, ciphertext);
  const bytes = await decryptRaw(cipher, key, parameters, ciphertext);
  return isPadded(cipher) && parameters.ownPadding !== true
    ? withoutPadding(bytes, cipher.blockBytes)
    : { bytes, sound: true };
}

async function decryptRaw(
  { engine, mode, name }: Cipher,
  key: Uint8Array,
  parameters: CipherParameters,
  ciphertext: Uint8Array,
): Promise<Uint8Array> {
  switch (engine.kind) {
    case 'node': {
      const vector = mode === 'ecb' ? null : parameters.iv;
      const decipher = createDecipheriv(`${engine.name}-${mode}`, engine.expandKey?.(key) ?? key, vector);
      decipher.setAutoPadding(false);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    }
    case 'block': {
      const run = blockModes[mode];
      if (run === undefined) throw new Error(`${name} has no such mode here`);
      return run(await engine.load(key, parameters), parameters.iv, ciphertext);
    }
    case 'rc4':
      return rc4(key, ciphertext);
    case 'aead':
    case 'unsupported':
      throw new Error(`${name} cannot be run`);
    default:
      return engine satisfies never;
  }
}

async function decryptAuthenticated(
  cipher: Cipher,
  key: Uint8Array,
  parameters: CipherParameters,
  sealed: Uint8Array,
): Promise<Decrypted> {
  const { tagBytes = 16, iv } = parameters;
  const end = sealed.length - tagBytes;
  // SIV alone begins with the tag.
  const [ciphertext, tag] =
    cipher.mode === 'siv'
      ? [sealed.subarray(tagBytes), sealed.subarray(0, tagBytes)]
      : [sealed.subarray(0, end), sealed.subarray(end)];
  const open = await sealedOpener(cipher, parameters);
  const bytes = await open(key, iv, ciphertext, tag);
  return bytes === undefined ? { bytes: new Uint8Array(), sound: false } : { bytes, sound: true };
}

async function sealedOpener({ name, engine }: Cipher, parameters: CipherParameters): Promise<OpenSealed> {
  if (engine.kind === 'aead') return engine.load();
  if (engine.kind !== 'block') return byNode(name);
  const { openGcm } = await import('./rare/index.js');
  return async (key, iv, ciphertext, tag) => openGcm(await engine.load(key, parameters), iv, ciphertext, tag);
}

function byNode(name: string): OpenSealed {
  return (key, iv, ciphertext, tag) => {
    if (!takesTag(name)) throw new Error(`${name} has no tag`);
    const decipher = createDecipheriv(name, key, iv, { authTagLength: tag.length });
    decipher.setAuthTag(tag);
    try {
      const bytes = decipher.update(ciphertext);
      decipher.final();
      return bytes;
    } catch {
      return undefined;
    }
  };
}

function withoutPadding(bytes: Uint8Array, blockBytes: number): Decrypted {
  const count = bytes.at(-1) ?? 0;
  const padding = bytes.subarray(bytes.length - count);
  const sound = count >= 1 && count <= blockBytes && padding.every((byte) => byte === count);
  return { bytes: sound ? bytes.subarray(0, bytes.length - count) : bytes, sound };
}

/** Node takes ARIA and ChaCha20 by the same rules; its types list AES only. */
function takesTag(name: string): name is CipherGCMTypes {
  return /-(?:[gc]cm|poly1305)$/.test(name);
}
