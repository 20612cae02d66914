import type { Place } from '../../errors.js';
import { encryptedKey, readKeyElement } from '../keys/read.js';
import type { FoundCertificate, LockedKey, OpenKeyOptions } from '../types.js';
import { type Bag, readBags, readCertificate } from './bags.js';
import { Budget } from './budget.js';
import { checkIntegrity, type Integrity } from './integrity.js';
import { openContent } from './open.js';
import { type Pfx, readPfx } from './structure.js';

export interface Pkcs12Key extends LockedKey {
  readonly friendlyName: string | undefined;
}

export interface Pkcs12Options extends OpenKeyOptions {
  /** Certificates are passed over: one that is broken takes no key away. */
  readonly keysOnly?: boolean | undefined;
}

/** What a PKCS#12 file holds. */
export interface Pkcs12 {
  /** Usually opened by the passphrase of the file; a Java key store may give each key its own. */
  readonly keys: readonly Pkcs12Key[];
  /** In the order of the file. */
  readonly certificates: readonly FoundCertificate[];
  /** What else is in it, in words. */
  readonly others: readonly string[];
  readonly integrity: Integrity;
}

/**
 * Reads a PKCS#12 file (RFC 7292), DER or BER. The passphrase may be missing where nothing is encrypted but the
 * keys.
 *
 * @throws SapcertError `key.passphrase-missing`, `key.passphrase-wrong`, `key.unsupported-encryption`,
 *   `key.kdf-too-costly`, `key.damaged`, `file.not-a-certificate`
 */
export async function readPkcs12(der: Uint8Array, options: Pkcs12Options, place: Place): Promise<Pkcs12> {
  const pfx = readPfx(der, place);
  const budget = new Budget(options.allowSlowKdf ?? false, place);
  budget.spend(pfx.contents.flatMap((content) => (content.encrypted ? [content.encryption] : [])));
  if (pfx.mac?.supported === true) budget.spend([pfx.mac]);
  const integrity = await checkIntegrity(pfx, options);
  const bags: Bag[] = [];
  for (const content of pfx.contents) {
    bags.push(...readBags(await openContent(content, options, pfx), pfx.refuse));
  }
  budget.spend(bags.flatMap((bag) => (bag.kind === 'encrypted-key' ? [bag.encryption] : [])));
  return {
    keys: bags.flatMap((bag) => keyOf(bag, pfx)),
    certificates: options.keysOnly === true ? [] : bags.flatMap((bag) => certificateOf(bag, place)),
    others: bags.flatMap((bag) => (bag.kind === 'other' ? [bag.what] : [])),
    integrity,
  };
}

function keyOf(bag: Bag, { place, refuse }: Pfx): readonly Pkcs12Key[] {
  if (bag.kind === 'encrypted-key') {
    const { encryption, ciphertext, friendlyName } = bag;
    const key = encryptedKey('ENCRYPTED PRIVATE KEY', encryption, ciphertext, undefined, place);
    return [{ ...key, friendlyName }];
  }
  if (bag.kind !== 'key') return [];
  const key = readKeyElement(bag.key, place);
  if (key === undefined) throw refuse('a key bag holds no private key');
  return [{ ...key, friendlyName: bag.friendlyName }];
}

function certificateOf(bag: Bag, place: Place): readonly FoundCertificate[] {
  if (bag.kind !== 'certificate') return [];
  return [{ x509: readCertificate(bag.der, place), place, friendlyName: bag.friendlyName }];
}
