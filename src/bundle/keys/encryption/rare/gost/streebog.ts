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
  const total = new Int32Array(16);
  const whole = message.length - (message.length % blockBytes);
  for (let start = 0; start < whole; start += blockBytes) {
    const block = toBlock(message.subarray(start, start + blockBytes));
    compress(state, length, block);
    add(length, bits(blockBytes));
    add(total, block);
  }
  const rest = message.subarray(whole);
  const last = Buffer.alloc(blockBytes);
  rest.copy(last);
  last[rest.length] = 1;
  const block = toBlock(last);
  compress(state, length, block);
  add(length, bits(rest.length));
  add(total, block);
  compress(state, new Int32Array(16), length);
  compress(state, new Int32Array(16), total);
  return fromBlock(state);
}

const lowTable = makeTable(0);
const highTable = makeTable(1);
const constants = Array.from({ length: 12 }, (_, index) => constant(index));

/** Used again for each block: key derivation asks for millions. */
const text = new Int32Array(16);
const next = new Int32Array(16);
const key = new Int32Array(16);
const nextKey = new Int32Array(16);

/** Section 8, the function g_N: the block under a key schedule that grows out of the state, in place. */
function compress(state: Block, count: Block, message: Block): void {
  mix(key, state, count);
  text.set(message);
  for (const value of constants) {
    mix(next, text, key);
    text.set(next);
    mix(nextKey, key, value);
    key.set(nextKey);
  }
  for (let at = 0; at < 16; at += 1) {
    state[at] = half(state, at) ^ half(text, at) ^ half(key, at) ^ half(message, at);
  }
}

/**
 * Section 7, L, P and S in one, of a sum: byte `row` of each word goes through the table to the word of that number. Written
 * out, because it takes half the time so.
 */
function mix(mixed: Block, a: Block, b: Block): void {
  for (let from = 0; from < 2; from += 1) {
    const word = (index: number): number => half(a, 2 * index + from) ^ half(b, 2 * index + from);
    const [w0, w1, w2, w3] = [word(0), word(1), word(2), word(3)];
    const [w4, w5, w6, w7] = [word(4), word(5), word(6), word(7)];
    for (let row = 0; row < 4; row += 1) {
      const shift = 8 * row;
      const e0 = (w0 >>> shift) & 0xff;
      const e1 = 0x100 | ((w1 >>> shift) & 0xff);
      const e2 = 0x200 | ((w2 >>> shift) & 0xff);
      const e3 = 0x300 | ((w3 >>> shift) & 0xff);
      const e4 = 0x400 | ((w4 >>> shift) & 0xff);
      const e5 = 0x500 | ((w5 >>> shift) & 0xff);
      const e6 = 0x600 | ((w6 >>> shift) & 0xff);
      const e7 = 0x700 | ((w7 >>> shift) & 0xff);
      const to = 2 * (4 * from + row);
      mixed[to] = lookUp(lowTable, e0, e1, e2, e3) ^ lookUp(lowTable, e4, e5, e6, e7);
      mixed[to + 1] = lookUp(highTable, e0, e1, e2, e3) ^ lookUp(highTable, e4, e5, e6, e7);
    }
  }
}

function lookUp(table: Int32Array, a: number, b: number, c: number, d: number): number {
  return half(table, a) ^ half(table, b) ^ half(table, c) ^ half(table, d);
}

/** What a byte of a word does to one half of the mixed word, for each place of the byte and each value. */
function makeTable(side: 0 | 1): Int32Array {
  const words = halves(linear);
  const permuted = Buffer.from(substitution, 'hex');
  return Int32Array.from({ length: 8 * 256 }, (_, entry) => {
    const byte = permuted[entry & 0xff] ?? 0;
    let made = 0;
    for (let bit = 0; bit < 8; bit += 1) {
      if (((byte >> bit) & 1) === 1) made ^= half(words, 2 * (8 * (entry >> 8) + bit) + side);
    }
    return made;
  });
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
  const block = new Int32Array(16);
  block[0] = 8 * bytes;
  return block;
}

/** Modulo 2^512, in place. */
function add(total: Block, addend: Block): void {
  let carry = 0;
  for (let at = 0; at < 16; at += 1) {
    const word = (half(total, at) >>> 0) + (half(addend, at) >>> 0) + carry;
    total[at] = word | 0;
    carry = word > 0xffff_ffff ? 1 : 0;
  }
}

function half(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

function toBlock(bytes: Buffer): Block {
  const block = new Int32Array(16);
  for (let at = 0; at < 16; at += 1) block[at] = bytes.readInt32LE(4 * at);
  return block;
}

function fromBlock(block: Block): Buffer {
  const bytes = Buffer.alloc(blockBytes);
  for (let at = 0; at < 16; at += 1) bytes.writeInt32LE(half(block, at), 4 * at);
  return bytes;
}
