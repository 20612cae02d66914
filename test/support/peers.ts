import { describe, test } from '@jest/globals';
import { hasPeer, packagesOf, type Peer } from './programs.js';

export { hasPeer, peerEnv, type Peer } from './programs.js';

/**
 * A `describe` that needs real programs. Where one is missing its tests are skipped and say what to install;
 * with CI=true a missing program fails.
 */
export function describeWithPeer(needed: Peer | readonly Peer[], title: string, body: () => void): void {
  const missing = (typeof needed === 'string' ? [needed] : needed).filter((peer) => !hasPeer(peer));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const reason = skipReason(title, missing);
  if (process.env['CI'] === 'true') {
    test(reason, () => {
      throw new Error(reason);
    });
  } else {
    test.skip(reason, () => undefined);
  }
}

/** What a skipped test is called; closing-reporter.mjs reads it. */
export function skipReason(title: string, missing: readonly Peer[]): string {
  const packages = missing.map((peer) => packagesOf(peer)).join(' ');
  return `${title}: needs ${missing.join(', ')} (apt-get install ${packages})`;
}
