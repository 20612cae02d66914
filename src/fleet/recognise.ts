import { closeSync, openSync, readSync } from 'node:fs';

/** What a run takes out of a folder: what holds a private key, or also certificates alone. */
export type Wanted = 'keys' | 'keys-and-certificates';

/**
 * Whether a file looks, by its beginning, as if it held what is wanted. One that cannot be looked at does:
 * nobody else would say so.
 */
export function looksWanted(path: string, wanted: Wanted): boolean {
  const start = beginningOf(path);
  if (start === undefined) return true;
  if (start.length === 0) return /\.(?:pem|p12|pfx)$/i.test(path); // a download that failed
  if (start[0] === sequence) return wanted === 'keys-and-certificates' || mayHoldKey(start);
  const text = start.toString('latin1').replaceAll('\0', '');
  if (/PRIVATE KEY-----|-----BEGIN (?:PKCS ?#?12|PFX)-----|^PuTTY-User-Key-File-/.test(text)) return true;
  if (wanted === 'keys-and-certificates' && /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(text)) return true;
  return /^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(text) && download.test(text);
}

/** `certificate` is a word of other JSON too: in a download PEM follows it, or PKCS#12 in base64. */
const download = /"(?:pem|p12)"|"certificate"\s*:\s*"(?:\\[nr]|\s)*(?:-----BEGIN|MI)/;

/** Read into again and again: a folder may hold many files. */
const beginning = Buffer.alloc(64 * 1024);

/** @returns valid until the next call; `undefined` for a file that cannot be read */
export function beginningOf(path: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return beginning.subarray(0, readSync(descriptor, beginning, 0, beginning.length, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const [integer, identifier, sequence] = [0x02, 0x06, 0x30];

/**
 * Tells keys and PKCS#12, which begin with a version or (encrypted) with an algorithm, from certificates, lists and
 * requests: PrivateKeyInfo and EncryptedPrivateKeyInfo (RFC 5208), PFX (RFC 7292), Certificate (RFC 5280). X.690,
 * section 8.1.
 */
function mayHoldKey(der: Buffer): boolean {
  const inner = contentAt(der, 0);
  const tag = der[inner];
  if (tag === integer) return true;
  if (tag !== sequence) return tag === undefined; // cut off: somebody should say so
  const next = der[contentAt(der, inner)];
  return next === identifier || next === undefined;
}

/** Where the content of the element at an offset begins: behind its tag and its length. */
function contentAt(der: Buffer, offset: number): number {
  const length = der[offset + 1] ?? 0;
  return offset + 2 + (length > 0x80 ? length - 0x80 : 0);
}
