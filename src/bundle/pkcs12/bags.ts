import { X509Certificate } from 'node:crypto';
import { type Place, SapcertError } from '../../errors.js';
import { type Element, type Fields, type Refuse, Tag } from '../asn1/index.js';
import { type Encryption, readPbe } from '../keys/encryption/index.js';
import { kindsOf } from '../keys/plain.js';
import { oid } from './oids.js';

interface Named {
  readonly friendlyName: string | undefined;
}

/** One SafeBag (RFC 7292 section 4.2). */
export type Bag =
  | (Named & { readonly kind: 'key'; readonly key: Element })
  | (Named & {
      readonly kind: 'encrypted-key';
      readonly encryption: Encryption;
      readonly ciphertext: Uint8Array;
    })
  | (Named & { readonly kind: 'certificate'; readonly der: Uint8Array })
  /** Something that is neither key nor certificate, by name. */
  | (Named & { readonly kind: 'other'; readonly what: string });

/** All bags of a SafeContents, those nested in others too. */
export function readBags(safeContents: Element, refuse: Refuse): readonly Bag[] {
  return safeContents.sequenceOf('the bags').flatMap((element) => readBag(element, refuse));
}

function readBag(element: Element, refuse: Refuse): readonly Bag[] {
  const fields = element.sequence('a bag');
  const type = fields.next('its type').oid('the type of a bag');
  const value = fields.next('its content').explicit('the content of a bag');
  const friendlyName = readFriendlyName(fields.optional(Tag.set));
  fields.end();
  switch (type) {
    case oid.keyBag:
      return [{ kind: 'key', friendlyName, key: value }];
    case oid.shroudedKeyBag: {
      // certtool of GnuTLS calls it so without encrypting it, when it is told to use no cipher.
      if (kindsOf(value).startsWith('integer sequence octets'))
        return [{ kind: 'key', friendlyName, key: value }];
      const info = value.sequence('an encrypted key');
      const encryption = readPbe(info.next('the encryption algorithm'), true);
      const ciphertext = info.next('the encrypted key').octets('the encrypted key');
      return [{ kind: 'encrypted-key', friendlyName, encryption, ciphertext }];
    }
    case oid.certBag:
      return [readCertificateBag(value.sequence('a certificate bag'), friendlyName)];
    case oid.safeContentsBag:
      return readBags(value, refuse);
    default:
      return [{ kind: 'other', friendlyName, what: otherBags[type] ?? `a bag of the unknown type ${type}` }];
  }
}

const otherBags: Readonly<Record<string, string>> = {
  [oid.crlBag]: 'a certificate revocation list',
  [oid.secretBag]: 'a secret that is no private key',
};

function readCertificateBag(fields: Fields, friendlyName: string | undefined): Bag {
  const type = fields.next('its type').oid('the type of a certificate');
  if (type !== oid.x509Certificate)
    return { kind: 'other', friendlyName, what: `a certificate of type ${type}` };
  const der = fields.next('the certificate').explicit('the certificate').octets('the certificate');
  return { kind: 'certificate', friendlyName, der };
}

function readFriendlyName(attributes: Element | undefined): string | undefined {
  for (const attribute of attributes?.setOf('the attributes of a bag') ?? []) {
    const fields = attribute.sequence('an attribute');
    const type = fields.next('its type').oid('the type of an attribute');
    const [value] = fields.next('its value').setOf('the value of an attribute');
    if (type === oid.friendlyName && value !== undefined) return textOf(value);
  }
  return undefined;
}

function textOf(value: Element): string {
  const bytes = Buffer.from(value.content);
  if (!value.is(Tag.bmpString)) return bytes.toString('utf8');
  return bytes
    .subarray(0, bytes.length - (bytes.length % 2))
    .swap16()
    .toString('utf16le');
}

/** @throws SapcertError `file.not-a-certificate` */
export function readCertificate(der: Uint8Array, place: Place): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    const message = 'a certificate bag of the PKCS#12 file holds no certificate';
    throw new SapcertError('file.not-a-certificate', message, { place, cause });
  }
}
