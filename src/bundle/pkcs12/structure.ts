import { type Place, SapcertError } from '../../errors.js';
import { type Element, type Refuse, Tag, parseAsn1 } from '../asn1/index.js';
import { type Encryption, readPbe } from '../keys/encryption/index.js';
import { type Mac, readMac } from './mac.js';
import { oid } from './oids.js';

/** A PKCS#12 file (RFC 7292 section 4) as far as it can be read without a passphrase. */
export interface Pfx {
  readonly contents: readonly Content[];
  /** Absent: the file says nothing about its integrity. */
  readonly mac: Mac | undefined;
  /** What the MAC is about. */
  readonly authenticated: Uint8Array;
  readonly place: Place;
  readonly refuse: Refuse;
}

/** One part of the file: bags, open or encrypted together. */
export type Content =
  | { readonly encrypted: false; readonly safeContents: Element }
  | { readonly encrypted: true; readonly encryption: Encryption; readonly ciphertext: Uint8Array };

/**
 * Whether the bytes are PKCS#12 by the way they begin, whole or not: SEQUENCE { version, SEQUENCE { a CMS content type.
 * The version is 3; no other was ever in use, and programs do not look at it.
 */
export function isPkcs12(der: Uint8Array): boolean {
  const hex = Buffer.from(der.subarray(0, 32)).toString('hex');
  return /^30(?:[0-7].|80|81..|82.{4}|83.{6}|84.{8})0201..30(?:[0-7].|80|81..|82.{4}|83.{6}|84.{8})06092a864886f70d0107/.test(
    hex,
  );
}

/** @throws SapcertError `key.damaged` where the structure is broken, `key.unsupported-encryption` for public keys */
export function readPfx(der: Uint8Array, place: Place): Pfx {
  const refuse = damagedFile(place);
  const pfx = parseAsn1(der, refuse).sequence('the PKCS#12 file');
  pfx.next('the version').count('the version');
  const authSafe = pfx.next('the contents').sequence('the contents');
  const type = authSafe.next('their type').oid('the type of the contents');
  if (type !== oid.data) throw protectedByPublicKey(type, place);
  const authenticated = authSafe.next('the contents').explicit('the contents').octets('the contents');
  const mac = pfx.optional(Tag.sequence);
  pfx.end();
  const contents = parseAsn1(authenticated, refuse).sequenceOf('the contents');
  return {
    contents: contents.map((content) => readContent(content, place, refuse)),
    mac: mac && readMac(mac),
    authenticated,
    place,
    refuse,
  };
}

function readContent(element: Element, place: Place, refuse: Refuse): Content {
  const info = element.sequence('a part of the contents');
  const type = info.next('its type').oid('the type of a part');
  if (type !== oid.data && type !== oid.encryptedData) throw protectedByPublicKey(type, place);
  const content = info.next('its content').explicit('the content of a part');
  if (type === oid.data) {
    return { encrypted: false, safeContents: parseAsn1(content.octets('the content of a part'), refuse) };
  }
  const encryptedData = content.sequence('the encrypted data');
  encryptedData.next('the version').count('the version of the encrypted data');
  const encryptedContent = encryptedData.next('the encrypted content').sequence('the encrypted content');
  encryptedContent.next('its type').oid('the type of the encrypted content');
  const encryption = readPbe(encryptedContent.next('the encryption algorithm'), true);
  const ciphertext = encryptedContent.optional(0, 'context')?.implicitOctets('the encrypted content');
  if (ciphertext === undefined) throw refuse('the encrypted content is missing');
  return { encrypted: true, encryption, ciphertext };
}

export function damagedFile(place: Place): Refuse {
  return (message) =>
    new SapcertError('key.damaged', `damaged PKCS#12: ${message}`, {
      place,
      hint: 'the file was cut or changed after it was issued: download it again',
    });
}

function protectedByPublicKey(type: string, place: Place): SapcertError {
  const names: Record<string, string> = { [oid.signedData]: 'signed', [oid.envelopedData]: 'enveloped' };
  const message = `PKCS#12 with ${names[type] ?? type} content, which a private key protects, not a passphrase`;
  return new SapcertError('key.unsupported-encryption', message, {
    place,
    hint: 'export it again from the program that made it, protected by a password',
  });
}
