/** A block of 16 bytes as four words of 32 bits, the lowest byte first. */
export type Words = readonly [number, number, number, number];

export function readWords(block: Uint8Array): Words {
  const view = new DataView(block.buffer, block.byteOffset, 16);
  return [view.getInt32(0, true), view.getInt32(4, true), view.getInt32(8, true), view.getInt32(12, true)];
}

export function writeWords(words: Words): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  words.forEach((word, index) => view.setInt32(4 * index, word, true));
  return new Uint8Array(view.buffer);
}
