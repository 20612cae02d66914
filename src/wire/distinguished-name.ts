import { type Element, attributeNames, parseAsn1, readString } from '../bundle/asn1/index.js';
import { escapeReserved } from '../bundle/x509/index.js';
import { SapcertError } from '../errors.js';
import { harmless, hex } from './bytes.js';

/**
 * A DER-encoded Name as RFC 4514 text, most specific part first: `CN=Device CA,O=Example,C=DE`. What is not a
 * Name comes back as `#` and its bytes in hex.
 */
export function nameToString(der: Uint8Array): string {
  return attempt(() => nameText(parse(der))) ?? `#${hex(der)}`;
}

/**
 * Whose certificate it is and who issued it, both as RFC 4514 text. Undefined for bytes that are no certificate.
 * Nothing else of the certificate is looked at.
 */
export function certificateNames(
  der: Uint8Array,
): { readonly subject: string; readonly issuer: string } | undefined {
  return attempt(() => {
    const body = parse(der).sequence('the certificate').next('its body').sequence('its body');
    // RFC 5280 section 4.1; version 1 has no version.
    body.optional(0, 'context');
    body.next('the serial number');
    body.next('the signature algorithm');
    const issuer = body.next('the issuer');
    body.next('the validity');
    const subject = body.next('the subject');
    return { subject: nameToString(subject.bytes), issuer: nameToString(issuer.bytes) };
  });
}

function parse(der: Uint8Array): Element {
  return parseAsn1(der, (message) => new SapcertError('file.not-a-certificate', message));
}

/** What a peer sent need not be what it should be. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SapcertError) return undefined;
    throw error;
  }
}

function nameText(name: Element): string {
  return name.sequenceOf('a name').map(relativeName).toReversed().join(',');
}

function relativeName(set: Element): string {
  // Their order means nothing; OpenSSL turns it round with the rest.
  return set.setOf('a part of a name').map(attribute).toReversed().join('+');
}

function attribute(element: Element): string {
  const fields = element.sequence('an attribute of a name');
  const oid = fields.next('its type').oid('the type of an attribute');
  const value = fields.next('its value');
  fields.end();
  const name = attributeNames[oid];
  const text = name === undefined ? undefined : readString(value);
  return text === undefined
    ? `${name ?? oid}=#${hex(value.bytes)}`
    : `${name}=${escapeReserved(harmless(text))}`;
}
