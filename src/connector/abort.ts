import { setTimeout as sleep } from 'node:timers/promises';
import { SapcertError } from '../errors.js';

/** What everything that waits throws when its signal fires. */
export function interruption(): SapcertError {
  return new SapcertError('interrupted', 'interrupted');
}

/** Our own reason where the signal has one, else that it was interrupted. */
export function reasonOf(signal: AbortSignal): SapcertError {
  const reason: unknown = signal.reason;
  return reason instanceof SapcertError ? reason : interruption();
}

/** @throws SapcertError {@link reasonOf} */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw reasonOf(signal);
}

/** Many may wait with one signal; Node warns of a leak when more than ten listen to it. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal fires, or at once when it has fired.
 *
 * @returns takes it back
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) {
    callback();
    return () => undefined;
  }
  const callbacks = waiting.get(signal) ?? listenTo(signal);
  // One function may be given twice.
  const own = (): void => callback();
  callbacks.add(own);
  return () => void callbacks.delete(own);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(signal, callbacks);
  signal.addEventListener('abort', () => {
    for (const callback of callbacks) callback();
  });
  return callbacks;
}

/** @throws SapcertError {@link reasonOf} */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    throw reasonOf(signal);
  }
}

/**
 * What the promise brings, unless the signal fires first.
 *
 * @throws SapcertError {@link reasonOf}, or what the promise rejects with
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const forget = onAbort(signal, () => reject(reasonOf(signal)));
    promise.then(resolve, reject).finally(forget);
  });
}
