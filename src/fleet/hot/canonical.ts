import type { PemBlock } from '../../bundle/types.js';

/** A bundle whose text is, byte for byte, what openssl would write: one key, then one certificate. */
export interface CanonicalBundle {
  readonly key: Pick<PemBlock, 'label' | 'headers' | 'der'>;
  /** The certificate's block, which can be written as it stands. */
  readonly certificateText: string;
  readonly certificate: Uint8Array;
}

/** Lines of 64 columns, the last one perhaps shorter. */
const body = String.raw`((?:[A-Za-z0-9+/=]{64}\n)*(?:[A-Za-z0-9+/=]{1,63}\n)?)`;
const dek = String.raw`(?:Proc-Type: 4,ENCRYPTED\nDEK-Info: ([A-Z0-9,-]+)\n\n)?`;
const certificate = String.raw`-----BEGIN CERTIFICATE-----\n${body}-----END CERTIFICATE-----\n`;
const shape = new RegExp(
  String.raw`^-----BEGIN ((?:ENCRYPTED |RSA )?PRIVATE KEY)-----\n${dek}${body}-----END \1-----\n(${certificate})$`,
);

/** A device bundle has a few thousand bytes. */
const largest = 64 * 1024;

/**
 * Reads the text that SAP, openssl and sapcert itself write, and nothing else: encoding what was read again
 * must give the same text. Then there is nothing to mend and nothing to warn of.
 */
export function readCanonical(input: Uint8Array): CanonicalBundle | undefined {
  if (input.length > largest) return undefined;
  const text = Buffer.from(input.buffer, input.byteOffset, input.length).toString('latin1');
  const [whole, label, dekInfo, keyBase64, certificateText, certificateBase64] = shape.exec(text) ?? [];
  if (whole === undefined || label === undefined || certificateText === undefined) return undefined;
  const key = strictBytes(keyBase64);
  const leaf = strictBytes(certificateBase64);
  if (key === undefined || leaf === undefined) return undefined;
  const headers = dekInfo === undefined ? [] : dekHeaders(dekInfo);
  return { key: { label, headers, der: key }, certificateText, certificate: leaf };
}

const dekHeaders = (dekInfo: string): PemBlock['headers'] => [
  ['Proc-Type', '4,ENCRYPTED'],
  ['DEK-Info', dekInfo],
];

/** What encodes to the same base64 again: no foreign character, no stray bits (RFC 4648 section 3). */
function strictBytes(lines: string | undefined): Uint8Array | undefined {
  const base64 = lines?.replaceAll('\n', '') ?? '';
  const bytes = Buffer.from(base64, 'base64');
  return bytes.length > 0 && bytes.toString('base64') === base64 ? bytes : undefined;
}
