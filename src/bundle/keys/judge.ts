import { type Place, SapcertError } from '../../errors.js';
import { type Refuse, parsePadded } from '../asn1/index.js';
import type { Decrypted, Verdict } from './encryption/index.js';
import { noteTrailing } from './notes.js';
import { readPlainKey } from './plain.js';
import type { OpenedKey } from './unknown-key.js';

/**
 * What a decrypted text is, as a private key: the key, noise, or a key that is broken or of no use. The text is
 * overwritten: what is of use is in the key.
 */
export function judgeKey(decrypted: Decrypted, place: Place): Verdict<OpenedKey> {
  try {
    return judge(decrypted, place);
  } finally {
    decrypted.bytes.fill(0);
  }
}

function judge({ bytes, sound }: Decrypted, place: Place): Verdict<OpenedKey> {
  const refuse = damagedKey(place);
  if (!sound)
    return beginsLikeKey(bytes) ? { kind: 'unusable', error: changedInside(place) } : { kind: 'wrong' };
  try {
    const { element, trailing } = parsePadded(bytes, refuse);
    const plain = readPlainKey(element, element.sequence('the private key'));
    if (plain !== undefined) {
      const key = plain.create();
      noteTrailing(key, trailing);
      return { kind: 'right', value: key };
    }
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
    if (beginsLikeKey(bytes)) return { kind: 'unusable', error };
  }
  return { kind: 'wrong' };
}

export function damagedKey(place: Place): Refuse {
  return (message) =>
    new SapcertError('key.damaged', message, {
      place,
      hint: 'the key was cut or changed after it was issued: download the file again',
    });
}

function changedInside(place: Place): SapcertError {
  return damagedKey(place)(
    'the passphrase is right, but the encrypted key was cut or changed: it begins well and ends wrong',
  );
}

/**
 * Whether a text begins as all private keys do: SEQUENCE, a length, INTEGER 0 or 1, and then one of the three
 * fields that can follow. Noise does so once in 2^35 cases.
 */
function beginsLikeKey(bytes: Uint8Array): boolean {
  const hex = Buffer.from(bytes.subarray(0, 12)).toString('hex');
  return /^30(?:[0-7].|81[89a-f].|82(?!00)....|80)02010[01](?:30|04|02)/.test(hex);
}
