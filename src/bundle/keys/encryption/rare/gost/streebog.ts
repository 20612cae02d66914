import { linear, roundConstants, substitution } from './streebog-constants.js';

const blockBytes = 64;
/** A block as 16 halves of 32 bits, the lowest first. */
type Block = Int32Array;

/** GOST R 34.11-2012, "Streebog", with 256 bits (RFC 6986). */
export const streebog256 = (...parts: readonly Uint8Array[]): Buffer => hash(0x01, parts).subarray(32);

/** The same with 512 bits. */
export const streebog512 = (...parts: readonly Uint8Array[]): Buffer => hash(0x00, parts);

/** Section 9: the count of bits and the sum of all blocks go in last. */
function hash(initial: number, parts: readonly Uint8Array[]): Buffer {
  const message = Buffer.concat(parts);
  const state = toBlock(Buffer.alloc(blockBytes, initial));
  const length = new Int32Array(16);
  const sum = new Int32Array(16);
  const whole = message.length - (message.length % blockBytes);
  for (let start = 0; start < whole; start += blockBytes) {
    const block = toBlock(message.subarray(start, start + blockBytes));
    compress(state, length, block);
    add(length, bits(blockBytes));
    add(sum, block);
  }
  const rest = message.subarray(whole);
  const last = Buffer.alloc(blockBytes);
  rest.copy(last);
  last[rest.length] = 1;
  const block = toBlock(last);
  compress(state, length, block);
  add(length, bits(rest.length));
  add(sum, block);
  compress(state, new Int32Array(16), length);
  compress(state, new Int32Array(16), sum);
  return fromBlock(state);
}

const table = makeTable();
const constants = Array.from({ length: 12 }, (_, index) => constant(index));

/** Section 8, the function g_N: the block under a key schedule that grows out of the state, in place. */
function compress(state: Block, count: Block, message: Block): void {
  const key = mix(xor(state, count));
  let text = message;
  let roundKey = key;
  for (const value of constants) {
    text = mix(xor(text, roundKey));
    roundKey = mix(xor(roundKey, value));
  }
  for (let at = 0; at < 16; at += 1) {
    state[at] = half(state, at) ^ half(text, at) ^ half(roundKey, at) ^ half(message, at);
  }
}

/** Section 7, L, P and S in one: byte `row` of each word goes through the table to the word of that number. */
function mix(block: Block): Block {
  const mixed = new Int32Array(16);
  for (let row = 0; row < 8; row += 1) {
    const shift = 8 * (row % 4);
    const from = row >> 2;
    let low = 0;
    let high = 0;
    for (let word = 0; word < 8; word += 1) {
      const entry = 2 * (256 * word + ((half(block, 2 * word + from) >>> shift) & 0xff));
      low ^= half(table, entry);
      high ^= half(table, entry + 1);
    }
    mixed[2 * row] = low;
    mixed[2 * row + 1] = high;
  }
  return mixed;
}

/** What a byte of a word does to the mixed word, as two halves, for each place of the byte and each value. */
function makeTable(): Int32Array {
  const words = halves(linear);
  const permuted = Buffer.from(substitution, 'hex');
  const made = new Int32Array(2 * 8 * 256);
  for (let place = 0; place < 8; place += 1) {
    for (const [value, byte] of permuted.entries()) {
      for (let bit = 0; bit < 8; bit += 1) {
        if (((byte >> bit) & 1) === 0) continue;
        const entry = 2 * (256 * place + value);
        made[entry] = half(made, entry) ^ half(words, 2 * (8 * place + bit));
        made[entry + 1] = half(made, entry + 1) ^ half(words, 2 * (8 * place + bit) + 1);
      }
    }
  }
  return made;
}

function constant(index: number): Block {
  return halves(roundConstants.slice(128 * index, 128 * (index + 1)));
}

/** Words of 64 bits in hexadecimal as halves, the lower one first. */
function halves(hex: string): Int32Array {
  const bytes = Buffer.from(hex, 'hex');
  return Int32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readInt32BE(4 * (index ^ 1)));
}

function bits(bytes: number): Block {
  return Int32Array.from({ length: 16 }, (_, index) => (index === 0 ? 8 * bytes : 0));
}

/** Modulo 2^512, in place. */
function add(sum: Block, addend: Block): void {
  let carry = 0;
  for (let at = 0; at < 16; at += 1) {
    const total = (half(sum, at) >>> 0) + (half(addend, at) >>> 0) + carry;
    sum[at] = total | 0;
    carry = total > 0xffff_ffff ? 1 : 0;
  }
}

function xor(a: Block, b: Block): Block {
  const result = new Int32Array(16);
  for (let at = 0; at < 16; at += 1) result[at] = half(a, at) ^ half(b, at);
  return result;
}

function half(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function toBlock(bytes: Buffer): Block {
  return Int32Array.from({ length: 16 }, (_, index) => bytes.readInt32LE(4 * index));
}

function fromBlock(block: Block): Buffer {
  const bytes = Buffer.alloc(blockBytes);
  block.forEach((word, index) => bytes.writeInt32LE(word, 4 * index));
  return bytes;
}
