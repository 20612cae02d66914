import type { Side, WireEntry, WireRecording } from '../../src/wire/index.js';

/** A recording of chunks, 1 ms apart, made by hand. */
export function recorded(
  chunks: readonly (readonly [from: Side, bytes: Uint8Array])[],
  elapsed?: number,
): WireRecording {
  const entries: WireEntry[] = [
    { kind: 'connect', at: 0 },
    ...chunks.map(([from, bytes], index) => ({ kind: 'data' as const, at: index + 1, from, bytes })),
  ];
  return {
    startedAt: 1_700_000_000_000,
    elapsed: elapsed ?? entries.length,
    entries,
    cut: false,
    seen: { client: 0, server: 0 },
    local: undefined,
    remote: undefined,
  };
}

export function fromHex(...hex: readonly string[]): Buffer {
  return Buffer.from(hex.join('').replaceAll(/\s/g, ''), 'hex');
}
