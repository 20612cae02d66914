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

let last: Promise<void> = Promise.resolve();

/** Lets the events of this thread be heard, before each long piece of work anew. */
export function turn(): Promise<void> {
  last = last.then(() => new Promise<void>((resolve) => void setImmediate(resolve)));
  return last;
}
