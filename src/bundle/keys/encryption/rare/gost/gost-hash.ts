import { xor } from '../../block-cipher.js';
import { gost28147 } from './gost28147.js';

const blockBytes = 32;
/** RFC 5831 section 5.1: C3, as bytes with the lowest first; C2 and C4 are zero. */
const third = Buffer.from('00ff00ff00ff00ffff00ff00ff00ff0000ffff00ff0000ffff000000ffff00ff', 'hex');

/** GOST R 34.11-94 (RFC 5831) with CryptoPro's parameters (RFC 4357 section 11.2). */
export function gost341194(...parts: readonly Uint8Array[]): Buffer {
  const message = Buffer.concat(parts);
  const sum = Buffer.alloc(blockBytes);
  let state: Buffer = Buffer.alloc(blockBytes);
  for (let start = 0; start < message.length; start += blockBytes) {
    const block = Buffer.alloc(blockBytes);
    message.copy(block, 0, start, start + blockBytes);
    state = step(state, block);
    add(sum, block);
  }
  const length = Buffer.alloc(blockBytes);
  length.writeBigUInt64LE(8n * BigInt(message.length));
  return step(step(state, length), sum);
}

/** Section 5: the state is encrypted under keys made of both, then everything is mixed. */
function step(state: Buffer, message: Buffer): Buffer {
  const encrypted = keys(state, message).map((key, index) =>
    gost28147(key, 'CryptoPro hash').encrypt(state.subarray(8 * index, 8 * index + 8)),
  );
  const mixed = xor(message, shuffle(Buffer.concat(encrypted), 12));
  return shuffle(xor(state, shuffle(mixed, 1)), 61);
}

/** Section 5.1 */
function keys(state: Buffer, message: Buffer): readonly Uint8Array[] {
  let u = state;
  let v = message;
  const made = [permute(xor(u, v))];
  for (let index = 2; index <= 4; index += 1) {
    u = turn(u);
    if (index === 3) u = xor(u, third);
    v = turn(turn(v));
    made.push(permute(xor(u, v)));
  }
  return made;
}

/** A: four parts of 64 bits move down by one, and the sum of the lowest two comes in on top. */
function turn(block: Buffer): Buffer {
  const top = xor(block.subarray(0, 8), block.subarray(8, 16));
  return Buffer.concat([block.subarray(8), top]);
}

/** P: byte 8 i + k comes to 4 k + i. */
function permute(block: Buffer): Buffer {
  const permuted = Buffer.alloc(blockBytes);
  for (let i = 0; i < 4; i += 1) {
    for (let k = 0; k < 8; k += 1) permuted[i + 4 * k] = block[8 * i + k] ?? 0;
  }
  return permuted;
}

/** psi, `times` times: 16 words of 16 bits move down by one, and a sum of six of them comes in on top (section 5.3). */
function shuffle(block: Buffer, times: number): Buffer {
  const words = new Uint16Array(16 + times);
  const at = (index: number): number => words[index] ?? 0;
  for (let n = 0; n < 16; n += 1) words[n] = block.readUInt16LE(2 * n);
  for (let n = 0; n < times; n += 1) {
    words[16 + n] = at(n) ^ at(n + 1) ^ at(n + 2) ^ at(n + 3) ^ at(n + 12) ^ at(n + 15);
  }
  const shuffled = Buffer.alloc(blockBytes);
  for (let n = 0; n < 16; n += 1) shuffled.writeUInt16LE(at(times + n), 2 * n);
  return shuffled;
}

/** Modulo 2^256, in place. */
function add(sum: Buffer, addend: Buffer): void {
  let carry = 0;
  for (let at = 0; at < blockBytes; at += 1) {
    const total = (sum[at] ?? 0) + (addend[at] ?? 0) + carry;
    sum[at] = total & 0xff;
    carry = total >> 8;
  }
}
