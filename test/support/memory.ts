import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Bytes that this process still refers to, its heap and its buffers together: garbage is collected first, because how much of
 * that lies about is V8's affair and changes from run to run.
 */
export function liveMemory(): number {
  collect ??= collector();
  collect();
  // Buffers are swept beside the program; a second collection waits for that.
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A context made after the flag was set has `gc`; the one that the tests run in was made before. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
