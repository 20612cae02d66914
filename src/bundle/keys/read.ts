import { type Place, SapcertError } from '../../errors.js';
import { type Element, type Refuse, parseAsn1 } from '../asn1/index.js';
import type { LockedKey, OpenKeyOptions, PemBlock } from '../types.js';
import { unsupportedType } from './create.js';
import {
  checkCost,
  type Encryption,
  missingPassphrase,
  readDekInfo,
  readPbe,
  requireSupported,
  unlock,
} from './encryption/index.js';
import { damagedKey, judgeKey } from './judge.js';
import { readOpenSshKey } from './openssh/index.js';
import { kindsOf, type PlainKey, readPlainKey } from './plain.js';
import { openSapForm } from './sap-form.js';
import type { OpenedKey } from './unknown-key.js';

/** A block as far as a key needs it. */
export interface KeyBlock extends Pick<PemBlock, 'label' | 'headers' | 'der'> {
  readonly place: Place;
}

/** Labels of private keys, also of kinds that are only recognised to be refused by name. */
export function isPrivateKeyLabel(label: string): boolean {
  return /(?:^| )PRIVATE KEY$/.test(label);
}

/**
 * Understands the container of a private key before any passphrase is tried. What cannot be opened is described
 * all the same, and refused by `open`.
 *
 * @throws SapcertError `key.damaged` where the structure is broken, `key.not-private` for a public key
 */
export function readKey({ label, headers, der, place }: KeyBlock): LockedKey {
  if (label === 'OPENSSH PRIVATE KEY') return readOpenSshKey(der, place);
  const encryption = readDekInfo(headers, place);
  if (encryption !== undefined) return encryptedKey(label, encryption, der, traditionalType(label), place);
  const refuse = damagedKey(place);
  const key = readKeyElement(parseAsn1(der, refuse), place);
  if (key === undefined) throw noKey(label, parseAsn1(der, refuse), refuse);
  return { ...key, label };
}

/**
 * Reads a private key that stands alone as DER.
 *
 * @returns `undefined` where the bytes are something else, or no DER at all
 * @throws SapcertError `key.damaged` for what is a private key by its outer form, but broken inside
 */
export function readDerKey(der: Uint8Array, place: Place): LockedKey | undefined {
  let element: Element;
  try {
    element = parseAsn1(der, damagedKey(place));
  } catch (error) {
    if (error instanceof SapcertError) return undefined;
    throw error;
  }
  return readKeyElement(element, place);
}

/** @returns `undefined` where the element is no private key */
export function readKeyElement(element: Element, place: Place): LockedKey | undefined {
  if (kindsOf(element) === 'sequence octets') {
    const fields = element.sequence('the encrypted private key');
    const encryption = readPbe(fields.next('the encryption algorithm'), false);
    const ciphertext = fields.next('the encrypted content').octets('the encrypted content');
    return encryptedKey('ENCRYPTED PRIVATE KEY', encryption, ciphertext, undefined, place);
  }
  const fields = kindsOf(element).startsWith('integer') ? element.sequence('the private key') : undefined;
  const plain = fields && readPlainKey(element, fields);
  return plain && plainKey(plain, place);
}

function plainKey({ label, type, create }: PlainKey, place: Place): LockedKey {
  let key: OpenedKey | undefined;
  return { place, label, encryption: undefined, type, open: async () => (key ??= create()) };
}

/** A key under encryption, from a block of its own or out of a PKCS#12 file. */
export function encryptedKey(
  label: string,
  encryption: Encryption,
  ciphertext: Uint8Array,
  type: LockedKey['type'],
  place: Place,
): LockedKey {
  const locked = { place, what: 'private key' } as const;
  const open = async (options: OpenKeyOptions): Promise<OpenedKey> => {
    const supported = requireSupported(encryption, place);
    checkCost(supported, options.allowSlowKdf ?? false, place);
    if (options.passphrase === undefined) throw missingPassphrase(locked);
    const opened = await openSapForm(supported, ciphertext, options.passphrase, place);
    if (opened !== undefined) return opened;
    const judge = (decrypted: Parameters<typeof judgeKey>[0]) => judgeKey(decrypted, place);
    return (await unlock(supported, ciphertext, options, judge, locked)).value;
  };
  return { place, label, encryption: encryption.facts, type, open };
}

/** What these labels stand for, sapcert reads; other labels stand for other forms (`TSS2`: a key inside a TPM). */
const familiarLabels: ReadonlySet<string> = new Set([
  'PRIVATE KEY',
  'ENCRYPTED PRIVATE KEY',
  'RSA PRIVATE KEY',
  'EC PRIVATE KEY',
  'DSA PRIVATE KEY',
  'ANY PRIVATE KEY',
]);

function traditionalType(label: string): LockedKey['type'] {
  switch (label) {
    case 'RSA PRIVATE KEY':
      return 'rsa';
    case 'EC PRIVATE KEY':
      return 'ec';
    case 'DSA PRIVATE KEY':
      return 'dsa';
    default:
      return undefined;
  }
}

function noKey(label: string, element: Element, refuse: Refuse): SapcertError {
  const kinds = kindsOf(element);
  if (kinds === 'sequence bits' || kinds === 'integer integer') {
    const { place } = refuse('');
    return new SapcertError('key.not-private', `what is labelled ${label} is a public key`, {
      place,
      hint: 'find the file that holds the private key; it cannot be computed from the public one',
    });
  }
  if (familiarLabels.has(label)) return refuse(`what is labelled ${label} has the form of no private key`);
  return unsupportedType(`a ${label} is of a kind that sapcert does not know`, refuse);
}
