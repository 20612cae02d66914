import type { Place } from '../../../errors.js';
import type { LockedKey } from '../../types.js';
import { damagedKey } from '../judge.js';
import { encryptionFacts, keyKind, keyType, readContainer } from './container.js';

/**
 * Understands an OpenSSH key. What opens it is loaded when it is opened.
 *
 * @throws SapcertError `key.damaged` where the structure is broken
 */
export function readOpenSshKey(bytes: Uint8Array, place: Place): LockedKey {
  const refuse = damagedKey(place);
  const container = readContainer(bytes, refuse);
  return {
    place,
    label: 'OPENSSH PRIVATE KEY',
    encryption: encryptionFacts(container),
    type: keyType(keyKind(container, refuse)),
    open: async (options) => (await import('./open.js')).openContainer(container, options, place),
  };
}
