import { type Frame, joinFrames, splitFrames } from '../frames.js';
import type { Random } from '../random.js';
import { mutateBytes } from './bytes.js';

/** Changes one piece of a conversation, or their order, and leaves the others whole. */
export function mutateFrames(bytes: Buffer, random: Random, other: Buffer): Buffer {
  const frames = [...splitFrames(bytes)];
  const strange = splitFrames(other);
  if (frames.length === 0 || strange.length === 0) return mutateBytes(bytes, random, other);
  const at = random.below(frames.length);
  const frame: Frame = frames[at] ?? random.pick(frames);
  switch (random.below(8)) {
    case 0:
      frames.splice(at, 1);
      break;
    case 1:
      frames.splice(random.below(frames.length), 0, frame);
      break;
    case 2:
      frames.splice(at, 0, random.pick(strange));
      break;
    case 3: {
      const cut = random.below(frame.bytes.length + 1);
      const parts = [frame.bytes.subarray(0, cut), frame.bytes.subarray(cut)];
      frames.splice(at, 1, ...parts.map((part) => ({ ...frame, bytes: part })));
      break;
    }
    case 4:
      frames[at] = { ...frame, kind: random.pick([frame.kind ^ 0x80, frame.kind ^ 1, random.below(256)]) };
      break;
    default:
      frames[at] = {
        ...frame,
        bytes: mutateBytes(frame.bytes, random, random.pick(strange).bytes).subarray(0, 0xffff),
      };
  }
  return joinFrames(frames);
}
