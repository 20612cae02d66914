import type { BlockCipher } from '../../block-cipher.js';
import type { ParameterSet } from '../../gost-parameters.js';
import { parameterSets } from './parameter-sets.js';

const blockBytes = 8;
/** RFC 4357 section 2.3.2: after as many bytes the key is another one. */
const meshBytes = 1024;
const meshConstant = Buffer.from('6900722264c904238d3adb9646e92ac418feac9400ed0712c086dcc2ef4ca92b', 'hex');

/** GOST 28147-89 (RFC 5830) with the substitution of a parameter set. */
export function gost28147(key: Uint8Array, set: ParameterSet | 'CryptoPro hash'): BlockCipher {
  const words = wordsOf(key);
  const tables = tablesOf(set);
  return {
    blockBytes,
    encrypt: (block) => crypt(block, words, encryptionOrder, tables),
    decrypt: (block) => crypt(block, words, decryptionOrder, tables),
  };
}

/**
 * The same with CryptoPro's key meshing (RFC 4357 section 2.3.2), for a feedback mode, where each block that is encrypted
 * follows the one before: every 1024 bytes key and feedback are renewed.
 */
export function meshedGost28147(key: Uint8Array, set: ParameterSet): BlockCipher {
  let current = gost28147(key, set);
  let done = 0;
  const encrypt = (block: Uint8Array): Uint8Array => {
    let input = block;
    if (done === meshBytes) {
      current = gost28147(mesh(current), set);
      input = current.encrypt(block);
      done = 0;
    }
    done += blockBytes;
    return current.encrypt(input);
  };
  return { blockBytes, encrypt, decrypt: (block) => current.decrypt(block) };
}

function mesh(cipher: BlockCipher): Uint8Array {
  const parts = [0, 8, 16, 24].map((start) => cipher.decrypt(meshConstant.subarray(start, start + 8)));
  return Buffer.concat(parts);
}

const forwards = [0, 1, 2, 3, 4, 5, 6, 7];
const backwards = forwards.toReversed();
const encryptionOrder = [...forwards, ...forwards, ...forwards, ...backwards];
const decryptionOrder = encryptionOrder.toReversed();

/** 32 rounds of a Feistel network over two words; the last does not swap them (RFC 5830 section 5). */
function crypt(
  block: Uint8Array,
  key: readonly number[],
  order: readonly number[],
  tables: Int32Array,
): Uint8Array {
  const bytes = Buffer.from(block);
  let a = bytes.readInt32LE(0);
  let b = bytes.readInt32LE(4);
  for (const index of order) {
    const mixed = b ^ substitute((a + (key[index] ?? 0)) | 0, tables);
    b = a;
    a = mixed;
  }
  bytes.writeInt32LE(b, 0);
  bytes.writeInt32LE(a, 4);
  return bytes;
}

/** Each nibble through its own row, then 11 bits to the left; a byte at a time. */
function substitute(word: number, tables: Int32Array): number {
  const at = (place: number): number => tables[256 * place + ((word >>> (8 * place)) & 0xff)] ?? 0;
  return at(0) ^ at(1) ^ at(2) ^ at(3);
}

const made = new Map<string, Int32Array>();

function tablesOf(set: ParameterSet | 'CryptoPro hash'): Int32Array {
  const known = made.get(set);
  if (known !== undefined) return known;
  const rows = parameterSets[set].map((row) => [...row].map((digit) => Number.parseInt(digit, 16)));
  const tables = Int32Array.from({ length: 4 * 256 }, (_, index) => {
    const [place, byte] = [index >> 8, index & 0xff];
    const low = rows[2 * place]?.[byte & 0xf] ?? 0;
    const high = rows[2 * place + 1]?.[byte >> 4] ?? 0;
    const word = ((high << 4) | low) << (8 * place);
    return (word << 11) | (word >>> 21);
  });
  made.set(set, tables);
  return tables;
}

function wordsOf(key: Uint8Array): readonly number[] {
  const bytes = Buffer.from(key);
  return forwards.map((index) => bytes.readInt32LE(4 * index));
}
