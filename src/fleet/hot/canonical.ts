import { pem } from '../../bundle/keys/pem-text.js';
import type { PemBlock } from '../../bundle/types.js';

/** A bundle whose text is, byte for byte, what openssl would write: one key, then one certificate. */
export interface CanonicalBundle {
  readonly key: Pick<PemBlock, 'label' | 'headers' | 'der'>;
  /** The certificate's block, which can be written as it stands. */
  readonly certificateText: string;
  readonly certificate: Uint8Array;
}

const shape =
  /^-----BEGIN ((?:ENCRYPTED |RSA )?PRIVATE KEY)-----\n(?:Proc-Type: 4,ENCRYPTED\nDEK-Info: ([A-Z0-9,-]+)\n\n)?([A-Za-z0-9+/=\n]+)-----END \1-----\n(-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)-----END CERTIFICATE-----\n)$/;

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
  const certificate = strictBytes(certificateBase64);
  if (key === undefined || certificate === undefined) return undefined;
  const headers = dekInfo === undefined ? [] : dekHeaders(dekInfo);
  return { key: { label, headers, der: key }, certificateText, certificate };
}

const dekHeaders = (dekInfo: string): PemBlock['headers'] => [
  ['Proc-Type', '4,ENCRYPTED'],
  ['DEK-Info', dekInfo],
];

/** Lines of 64 columns, no stray bits: RFC 7468 section 3, "strict". */
function strictBytes(base64: string | undefined): Uint8Array | undefined {
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return pem('', bytes) === `-----BEGIN -----\n${base64}-----END -----\n` ? bytes : undefined;
}
