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
  const packages = missing.map((peer) => packagesOf(peer)).join(' ');
  const reason = `${title}: needs ${missing.join(', ')} (apt-get install ${packages})`;
  if (process.env['CI'] === 'true') {
    test(reason, () => {
      throw new Error(`missing on this machine: ${missing.join(', ')}; install ${packages}`);
    });
  } else {
    test.skip(reason, () => undefined);
  }
}
