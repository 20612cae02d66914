import type { Place } from '../../../errors.js';
import type { LockedKey } from '../../types.js';
import { damagedKey } from '../judge.js';
import { keyType } from '../openssh/container.js';
import { encryptionFacts, readPuttyFile } from './format.js';
import { openPutty } from './open.js';

/**
 * Understands a PuTTY key.
 *
 * @param text a character for each byte
 *
 * @throws SapcertError `key.damaged` where the structure is broken
 */
export function readPuttyKey(text: string, place: Place): LockedKey {
  const file = readPuttyFile(text, damagedKey(place));
  return {
    place,
    label: `PuTTY-User-Key-File-${file.version}`,
    encryption: encryptionFacts(file),
    type: keyType(file.kind),
    open: (options) => openPutty(file, options, place),
  };
}
