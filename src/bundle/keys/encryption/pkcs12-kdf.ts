import { createHash } from 'node:crypto';
import type { Hash } from './hashes.js';
import { repeatHash } from './repeat-hash.js';

const purposes = { key: 1, iv: 2, mac: 3 } as const;

export type Pkcs12Purpose = keyof typeof purposes;

/** Below this loading the faster SHA-1 costs more than it saves. */
const worthLoading = 4096;

/**
 * The key derivation of PKCS#12 (RFC 7292 appendix B.2).
 *
 * @param password already a BMPString with its two zero bytes, or empty
 */
export async function derivePkcs12(
  hash: Hash,
  { salt, iterations }: { readonly salt: Uint8Array; readonly iterations: number },
  purpose: Pkcs12Purpose,
  password: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  if (hash.name === 'sha1' && iterations > worthLoading) {
    const { pkcs12KeySha1 } = await import('../../../kdf/index.js');
    return pkcs12KeySha1({ password, salt, iterations, purpose: purposes[purpose], length });
  }
  return deriveInPlace(hash, salt, iterations, purpose, password, length);
}

function deriveInPlace(
  hash: Hash,
  salt: Uint8Array,
  iterations: number,
  purpose: Pkcs12Purpose,
  password: Uint8Array,
  length: number,
): Uint8Array {
  const diversifier = Buffer.alloc(hash.blockBytes, purposes[purpose]);
  const input = Buffer.concat([fillBlocks(salt, hash.blockBytes), fillBlocks(password, hash.blockBytes)]);
  const output: Buffer[] = [];
  for (let produced = 0; produced < length; produced += hash.digestBytes) {
    const first = createHash(hash.name).update(diversifier).update(input).digest();
    const digest = repeatHash(hash.name, first, iterations - 1);
    output.push(digest);
    addToEachBlock(input, Buffer.alloc(hash.blockBytes, digest));
  }
  return Buffer.concat(output).subarray(0, length);
}

/** Repeats `bytes` until it fills whole blocks; nothing stays nothing. */
function fillBlocks(bytes: Uint8Array, blockBytes: number): Buffer {
  const length = Math.ceil(bytes.length / blockBytes) * blockBytes;
  return bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(length, bytes);
}

/** I_j = (I_j + B + 1) mod 2^v, in place. */
function addToEachBlock(input: Buffer, addend: Uint8Array): void {
  for (let start = 0; start < input.length; start += addend.length) {
    let carry = 1;
    for (let at = addend.length - 1; at >= 0; at -= 1) {
      const sum = (input[start + at] ?? 0) + (addend[at] ?? 0) + carry;
      input[start + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
