import { type Element, type Fields, Tag } from '../asn1/index.js';
import type { KeyType } from '../types.js';
import { keyAlgorithm } from './algorithms.js';
import { createDsaKey } from './dsa.js';
import { createEcKey } from './ec.js';
import { type Pkcs8, createPkcs8Key, readPkcs8 } from './pkcs8.js';
import { createRsaKey } from './rsa.js';
import type { OpenedKey } from './unknown-key.js';

/** A private key that lies open: its structure was read, its numbers were not looked at yet. */
export interface PlainKey {
  /** The PEM label that belongs to the structure, whatever the block said. */
  readonly label: 'PRIVATE KEY' | 'RSA PRIVATE KEY' | 'EC PRIVATE KEY' | 'DSA PRIVATE KEY';
  readonly type: KeyType | undefined;
  /** @throws SapcertError `key.damaged`, `key.unsupported-type` */
  readonly create: () => OpenedKey;
}

/**
 * Tells the four ASN.1 forms of private keys apart by their fields, not by a label: a PKCS#8 key labelled
 * `RSA PRIVATE KEY`, or the other way round, is a common mistake.
 *
 * @returns `undefined` where it is none of them
 */
export function readPlainKey(element: Element, fields: Fields): PlainKey | undefined {
  const kinds = kindsOf(element);
  if (kinds.startsWith('integer sequence octets')) return pkcs8(readPkcs8(fields));
  if (kinds.startsWith('integer octets')) {
    return { label: 'EC PRIVATE KEY', type: 'ec', create: () => createEcKey(fields, undefined) };
  }
  if (kinds === integers(6)) {
    return { label: 'DSA PRIVATE KEY', type: 'dsa', create: () => createDsaKey(fields) };
  }
  if (kinds.startsWith(integers(9))) {
    return { label: 'RSA PRIVATE KEY', type: 'rsa', create: () => createRsaKey(element) };
  }
  return undefined;
}

function pkcs8(info: Pkcs8): PlainKey {
  const type = keyAlgorithm(info.oid)?.type;
  return { label: 'PRIVATE KEY', type, create: () => createPkcs8Key(info) };
}

const integers = (count: number): string => Array.from({ length: count }, () => 'integer').join(' ');

const kindNames: Readonly<Record<number, string>> = {
  [Tag.integer]: 'integer',
  [Tag.sequence]: 'sequence',
  [Tag.octetString]: 'octets',
  [Tag.bitString]: 'bits',
};

/** The universal types of the fields of a SEQUENCE, in words. */
export function kindsOf(element: Element): string {
  if (!element.is(Tag.sequence) || element.children === undefined) return '';
  const kinds = element.children.map((child) =>
    child.tagClass === 'universal' ? kindNames[child.tag] : undefined,
  );
  return kinds.map((kind) => kind ?? 'other').join(' ');
}
