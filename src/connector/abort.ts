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
    const onAbort = (): void => reject(reasonOf(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
