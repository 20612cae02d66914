import { SapcertError } from '../errors.js';

/** Memory that all threads of a run share: not 0 once the run is to end. */
export type StopFlag = Int32Array<SharedArrayBuffer>;

/** A flag that is raised with the signal: a thread at work hears of no event. */
export function stopFlag(signal: AbortSignal | undefined): StopFlag | undefined {
  if (signal === undefined) return undefined;
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const raise = (): void => void Atomics.store(flag, 0, 1);
  if (signal.aborted) raise();
  else signal.addEventListener('abort', raise, { once: true });
  return flag;
}

/** @throws SapcertError `interrupted` once the flag is raised */
export function heed(flag: StopFlag | undefined): void {
  if (flag !== undefined && Atomics.load(flag, 0) !== 0) throw new SapcertError('interrupted', 'interrupted');
}

/** Milliseconds from one input to the next, from which on events are heard between two: for quick ones that costs too much. */
const slow = 10;

let last: Promise<void> = Promise.resolve();
let ended = performance.now();
let isSlow = false;

/** Before the work on an input: lets the events of this thread be heard, where its inputs are slow. */
export function turn(): Promise<void> {
  if (isSlow) last = last.then(() => new Promise<void>((resolve) => void setImmediate(resolve)));
  return last;
}

/** After it: notes how long this thread took. */
export function turnEnds(): void {
  const now = performance.now();
  isSlow = now - ended > slow;
  ended = now;
}
