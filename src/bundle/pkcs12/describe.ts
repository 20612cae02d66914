import type { Place } from '../../errors.js';
import { readKeyElement } from '../keys/read.js';
import type { KeyEncryption } from '../types.js';
import { type Bag, readBags } from './bags.js';
import type { MacFacts } from './mac.js';
import { type Content, type Pfx, readPfx } from './structure.js';

/** What can be told of a PKCS#12 file without a passphrase. */
export interface Pkcs12Description {
  readonly mac: MacFacts | undefined;
  readonly contents: readonly ContentDescription[];
}

/** One part of the file. What is in an encrypted part cannot be told. */
export interface ContentDescription {
  readonly encryption: KeyEncryption | undefined;
  readonly bags: readonly BagDescription[] | undefined;
}

export interface BagDescription {
  readonly kind: 'key' | 'certificate' | 'other';
  readonly friendlyName: string | undefined;
  /** A key's own; `undefined` where it is not encrypted, or no key. */
  readonly encryption: KeyEncryption | undefined;
  /** What it is, where it is neither key nor certificate. */
  readonly what: string | undefined;
}

/** @throws SapcertError `key.damaged`, `key.unsupported-encryption` (files protected by public keys) */
export function describePkcs12(der: Uint8Array, place: Place): Pkcs12Description {
  const pfx = readPfx(der, place);
  return { mac: pfx.mac?.facts, contents: pfx.contents.map((content) => describeContent(content, pfx)) };
}

function describeContent(content: Content, pfx: Pfx): ContentDescription {
  if (content.encrypted) return { encryption: content.encryption.facts, bags: undefined };
  const bags = readBags(content.safeContents, pfx.refuse);
  return { encryption: undefined, bags: bags.map((bag) => describeBag(bag, pfx)) };
}

function describeBag(bag: Bag, { place }: Pfx): BagDescription {
  const { friendlyName } = bag;
  const nothing = { friendlyName, encryption: undefined, what: undefined };
  switch (bag.kind) {
    case 'encrypted-key':
      return { ...nothing, kind: 'key', encryption: bag.encryption.facts };
    case 'key':
      return { ...nothing, kind: 'key', encryption: readKeyElement(bag.key, place)?.encryption };
    case 'certificate':
      return { ...nothing, kind: 'certificate' };
    case 'other':
      return { ...nothing, kind: 'other', what: bag.what };
    default:
      return bag satisfies never;
  }
}
