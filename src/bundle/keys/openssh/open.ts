import { type Place, SapcertError } from '../../../errors.js';
import type { OpenKeyOptions } from '../../types.js';
import { checkCost, requireSupported, unlock, type Verdict } from '../encryption/index.js';
import { damagedKey } from '../judge.js';
import { encryptionOf } from './ciphers.js';
import type { OpenSshContainer } from './container.js';
import { readPrivatePart } from './private-part.js';
import type { OpenedKey } from '../unknown-key.js';

/**
 * Opens an OpenSSH key.
 *
 * @throws SapcertError `key.passphrase-missing`, `key.passphrase-wrong`, `key.unsupported-encryption`,
 *   `key.unsupported-type`, `key.kdf-too-costly`, `key.damaged`
 */
export async function openContainer(
  container: OpenSshContainer,
  options: OpenKeyOptions,
  place: Place,
): Promise<OpenedKey> {
  const refuse = damagedKey(place);
  if (container.cipher === 'none') {
    if (container.tag.length > 0) throw refuse(`${container.tag.length} bytes follow the end of the key`);
    const key = readPrivatePart(container.encrypted, container.publicKey, refuse);
    if (key === undefined) throw refuse('the two equal numbers before the OpenSSH key are not equal');
    return key;
  }
  const encryption = requireSupported(encryptionOf(container), place);
  checkCost(encryption, options.allowSlowKdf ?? false, place);
  const tagBytes = encryption.parameters.tagBytes ?? 0;
  if (container.tag.length !== tagBytes) {
    throw refuse(`${container.tag.length} bytes follow the end of the key, not ${tagBytes}`);
  }
  const ciphertext = Buffer.concat([container.encrypted, container.tag]);
  const locked = { place, what: 'private key' } as const;
  const judge = ({ bytes }: { readonly bytes: Uint8Array }) => judgePrivatePart(bytes, container, place);
  return (await unlock(encryption, ciphertext, options, judge, locked)).value;
}

/** The text is overwritten: what is of use is in the key. */
function judgePrivatePart(
  bytes: Uint8Array,
  { publicKey }: OpenSshContainer,
  place: Place,
): Verdict<OpenedKey> {
  try {
    const key = readPrivatePart(bytes, publicKey, damagedKey(place));
    return key === undefined ? { kind: 'wrong' } : { kind: 'right', value: key };
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
    return { kind: 'unusable', error };
  } finally {
    bytes.fill(0);
  }
}
