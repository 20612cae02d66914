import { SapcertError } from '../../errors.js';
import { type Element, parsePadded } from '../asn1/index.js';
import { type Decrypted, requireSupported, unlock, type Verdict } from '../keys/encryption/index.js';
import { encryptedKey } from '../keys/read.js';
import type { OpenKeyOptions } from '../types.js';
import { readBags } from './bags.js';
import type { Content, Pfx } from './structure.js';

/**
 * The bags of one part of the file, decrypted where needed.
 *
 * @throws SapcertError as `unlock` does, `key.unsupported-encryption`
 */
export async function openContent(content: Content, options: OpenKeyOptions, pfx: Pfx): Promise<Element> {
  if (!content.encrypted) return content.safeContents;
  const encryption = requireSupported(content.encryption, pfx.place);
  const locked = { place: pfx.place, what: 'PKCS#12 file' } as const;
  const judge = (decrypted: Decrypted) => judgeSafeContents(decrypted, pfx);
  return (await unlock(encryption, content.ciphertext, options, judge, locked)).value;
}

/** Whether the passphrase opens the first thing that is encrypted; `undefined` where nothing is. */
export async function opensAnything(pfx: Pfx, options: OpenKeyOptions): Promise<boolean | undefined> {
  for (const content of pfx.contents) {
    if (content.encrypted) return opens(openContent(content, options, pfx));
    for (const bag of readBags(content.safeContents, pfx.refuse)) {
      if (bag.kind !== 'encrypted-key') continue;
      const key = encryptedKey('', bag.encryption, bag.ciphertext, undefined, pfx.place);
      return opens(key.open(options));
    }
  }
  return undefined;
}

/** Damage inside shows as plainly as success that the passphrase is right. */
async function opens(attempt: Promise<unknown>): Promise<boolean> {
  try {
    await attempt;
    return true;
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
    return error.code === 'key.damaged' || error.code === 'key.unsupported-type';
  }
}

function judgeSafeContents({ bytes, sound }: Decrypted, { refuse }: Pfx): Verdict<Element> {
  const changed = refuse('the passphrase is right, but the encrypted content was cut or changed');
  const damaged = { kind: 'unusable', error: changed } as const;
  if (!sound) return beginsLikeBags(bytes) ? damaged : { kind: 'wrong' };
  try {
    const { element } = parsePadded(bytes, refuse);
    readBags(element, refuse);
    return { kind: 'right', value: element };
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
    return beginsLikeBags(bytes) ? damaged : { kind: 'wrong' };
  }
}

/** SEQUENCE { SEQUENCE { an identifier of a bag type of RFC 7292 */
function beginsLikeBags(bytes: Uint8Array): boolean {
  const hex = Buffer.from(bytes.subarray(0, 32)).toString('hex');
  return /^30(?:[0-7].|80|81..|82.{4}|83.{6})30(?:[0-7].|80|81..|82.{4}|83.{6})060b2a864886f70d010c0a01/.test(
    hex,
  );
}
