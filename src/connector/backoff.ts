/** Delays between attempts to connect, in milliseconds. */
export interface BackoffLimits {
  readonly minimumDelay: number;
  readonly maximumDelay: number;
}

/**
 * How long to wait before an attempt: doubling from the minimum to the maximum, the second half of it random, so
 * that devices that lost the same broker do not come back at the same moment.
 *
 * @param attempt 1 for the first
 * @param random as `Math.random`
 */
export function backoffDelay(
  attempt: number,
  limits: BackoffLimits,
  random: () => number = Math.random,
): number {
  const doubled = limits.minimumDelay * 2 ** Math.min(attempt - 1, 30);
  const full = Math.min(doubled, limits.maximumDelay);
  return full / 2 + (full / 2) * random();
}
