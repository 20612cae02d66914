/** A block cipher under one key: one block in, one block out. */
export interface BlockCipher {
  readonly blockBytes: number;
  readonly encrypt: (block: Uint8Array) => Uint8Array;
  readonly decrypt: (block: Uint8Array) => Uint8Array;
}

type Decrypt = (cipher: BlockCipher, iv: Uint8Array, data: Uint8Array) => Uint8Array;

/** Modes of operation (NIST SP 800-38A) over a block cipher, padding left as it is. */
export const blockModes: Partial<Record<string, Decrypt>> = {
  ecb: (cipher, _iv, data) => eachBlock(cipher, data, (block) => cipher.decrypt(block)),

  cbc: (cipher, iv, data) => {
    let previous = iv;
    return eachBlock(cipher, data, (block) => {
      const plain = xor(cipher.decrypt(block), previous);
      previous = block;
      return plain;
    });
  },

  cfb: (cipher, iv, data) => {
    let previous = iv;
    return eachBlock(cipher, data, (block) => {
      const plain = xor(block, cipher.encrypt(previous));
      previous = block;
      return plain;
    });
  },

  ofb: (cipher, iv, data) => {
    let stream = iv;
    return eachBlock(cipher, data, (block) => {
      stream = cipher.encrypt(stream);
      return xor(block, stream);
    });
  },
};

function eachBlock(
  { blockBytes }: BlockCipher,
  data: Uint8Array,
  transform: (block: Uint8Array) => Uint8Array,
): Uint8Array {
  const output = new Uint8Array(data.length);
  for (let start = 0; start < data.length; start += blockBytes) {
    output.set(transform(data.subarray(start, start + blockBytes)), start);
  }
  return output;
}

/** As long as the first operand: the last block of a feedback mode may be short. */
export function xor(a: Uint8Array, b: Uint8Array): Buffer {
  const sum = Buffer.alloc(a.length);
  for (let at = 0; at < sum.length; at += 1) sum[at] = (a[at] ?? 0) ^ (b[at] ?? 0);
  return sum;
}
