import { X509Certificate } from 'node:crypto';
import { type Element, parseAsn1 } from '../bundle/asn1/index.js';
import { readPem } from '../bundle/pem.js';
import { SapcertError } from '../errors.js';

/** More than this no collection of one authority's certificates holds. */
const most = 100;

const signedData = '1.2.840.113549.1.7.2';

export type FoundInAnswer =
  | { readonly kind: 'certificates'; readonly certificates: readonly X509Certificate[] }
  | { readonly kind: 'none'; readonly reason: string };

/**
 * The certificates in what a caIssuers address answers: a certificate in DER, a certs-only CMS message in DER or
 * BER (`.p7c`; both RFC 5280 section 4.2.2.1), and PEM of either, which some servers send.
 */
export function certificatesIn(bytes: Uint8Array): FoundInAnswer {
  if (bytes.length === 0) return { kind: 'none', reason: 'the answer is empty' };
  try {
    const certificates = (bytes[0] === 0x30 ? fromDer(bytes) : fromPem(bytes)).slice(0, most);
    if (certificates.length > 0) return { kind: 'certificates', certificates };
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
  }
  const html = /<!doctype html|<html/i.test(Buffer.from(bytes.subarray(0, 512)).toString('latin1'));
  return {
    kind: 'none',
    reason: html
      ? 'the answer is a web page'
      : 'the answer is neither a certificate nor a collection of them',
  };
}

function fromPem(bytes: Uint8Array): X509Certificate[] {
  return readPem(bytes).blocks.flatMap(({ label, der }) => (pemLabels.has(label) ? fromDer(der) : []));
}

/** RFC 7468 sections 5, 8 and 9. */
const pemLabels: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'PKCS7', 'CMS']);

function fromDer(der: Uint8Array): X509Certificate[] {
  const single = certificate(der);
  return single === undefined ? fromCms(der) : [single];
}

/** ContentInfo around SignedData, whose field `[0]` holds the certificates (RFC 5652 sections 3 and 5.1). */
function fromCms(der: Uint8Array): X509Certificate[] {
  const info = parseAsn1(der, refuse).sequence('the content info');
  if (info.next('its type').oid('its type') !== signedData) throw refuse('no signed data');
  const fields = info.next('its content').explicit('its content').sequenceOf('the signed data');
  const choices: readonly Element[] = fields.find((field) => field.is(0, 'context'))?.children ?? [];
  return choices.map(({ bytes }) => certificate(bytes)).filter((found) => found !== undefined);
}

function certificate(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function refuse(message: string): SapcertError {
  return new SapcertError('file.not-a-certificate', message);
}
