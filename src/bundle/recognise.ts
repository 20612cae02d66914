import { SapcertError } from '../errors.js';
import { trailingBytes } from './der-end.js';
import { decode } from './text.js';

// What an input is, told by its content and never by its name.

/** Nothing, or nothing but white space; looked for only where the input is short enough to be a mistake. */
export function isBlank(input: string | Uint8Array): boolean {
  return input.length === 0 || (input.length < 4096 && textOf(input).trim() === '');
}

/** A JSON document whose root is an object. */
export function looksLikeJson(input: string | Uint8Array): boolean {
  const start = decode(typeof input === 'string' ? input.slice(0, 64) : input.subarray(0, 64)).text;
  return /^\s*\{/.test(start);
}

/** A key file of PuTTY, by its first line. */
export function looksLikePutty(input: string | Uint8Array): boolean {
  const start = decode(typeof input === 'string' ? input.slice(0, 64) : input.subarray(0, 64)).text;
  return /^\s*PuTTY-User-Key-File-\d/.test(start);
}

/** X.690: every container that can stand alone is a SEQUENCE. Text can begin with the same byte, the digit 0. */
export function isDer(bytes: Uint8Array): boolean {
  const [tag, length = 0] = bytes;
  if (tag !== 0x30 || bytes.length < 3) return false;
  return length < 0x80 ? trailingBytes(bytes) === 0 : length <= 0x84;
}

/** Bare base64 of DER: what stays when only the boundaries were lost. */
export function bareBase64(input: string | Uint8Array): Uint8Array | undefined {
  const text = textOf(input).replace(/\s+/g, '');
  if (!/^M[A-P][A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  return Buffer.from(text, 'base64');
}

/** The input as text, for looking at it. */
export function textOf(input: string | Uint8Array): string {
  return typeof input === 'string'
    ? input
    : Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('utf8');
}

/** A name in the place of what it names: a library's user passed a path. */
function looksLikePath(input: string | Uint8Array): boolean {
  return (
    typeof input === 'string' && /^[^\r\n]{1,300}\.(?:pem|crt|cer|key|der|p12|pfx|json|txt)$/i.test(input)
  );
}

/** What to say about an input that is nothing sapcert knows. */
export function unrecognised(input: string | Uint8Array, file: string | undefined): SapcertError {
  const start = textOf(typeof input === 'string' ? input.slice(0, 256) : input.subarray(0, 256));
  const html = /<!doctype html|<html/i.test(start);
  return new SapcertError(
    'file.unrecognised',
    html
      ? 'this is a web page, not a bundle'
      : 'neither PEM, DER, PKCS#12 nor a JSON download with a bundle in it',
    {
      place: { file },
      hint: looksLikePath(input)
        ? 'this looks like the name of a file: read the file, and give what it holds'
        : html
          ? 'the download was answered with a page, perhaps a log-in: log in and download the bundle again'
          : 'give the file that SAP showed or sent for the device; a PEM file has -----BEGIN lines',
    },
  );
}
