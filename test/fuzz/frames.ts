/** One piece of a conversation: a byte that says what it is, and its bytes. */
export interface Frame {
  readonly kind: number;
  readonly bytes: Buffer;
}

/** Several pieces as one input: for each its kind, its length in two bytes, and itself. */
export function joinFrames(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.flatMap(({ kind, bytes }) => [Buffer.of(kind, bytes.length >> 8, bytes.length & 0xff), bytes]),
  );
}

/** Whatever the bytes are, they are some frames. */
export function splitFrames(input: Uint8Array): readonly Frame[] {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length && frames.length < 200;) {
    const [kind = 0, high = 0, low = 0] = bytes.subarray(at, at + 3);
    const end = Math.min(at + 3 + high * 256 + low, bytes.length);
    frames.push({ kind, bytes: bytes.subarray(Math.min(at + 3, end), end) });
    at = end;
  }
  return frames;
}
