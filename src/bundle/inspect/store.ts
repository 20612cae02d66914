import { type Place, SapcertError } from '../../errors.js';
import type { Pkcs12Description } from '../pkcs12/index.js';
import { readWrapped } from '../wrapped.js';

/** What can be told of a PKCS#12 file (RFC 7292) without a secret. */
export interface InspectedStore extends Pkcs12Description {
  readonly place: Place;
  /** What is encrypted in it could not be read: `keys` and `certificates` lack what it holds. */
  readonly sealed: boolean;
}

export interface StoreBytes {
  readonly der: Uint8Array;
  readonly place: Place;
}

/** The PKCS#12 files of an input: itself, as base64, or what a JSON download wraps. Empty for a broken input. */
export async function findStores(
  input: string | Uint8Array,
  file: string | undefined,
): Promise<readonly StoreBytes[]> {
  const { isPkcs12 } = await import('../pkcs12/index.js');
  return partsOf(input, file)
    .map(({ content, file }) => ({ der: bytesOf(content), place: { file } }))
    .filter(({ der }) => isPkcs12(der));
}

interface Part {
  readonly content: string | Uint8Array;
  readonly file: string | undefined;
}

function partsOf(input: string | Uint8Array, file: string | undefined): readonly Part[] {
  const text = textOf(input);
  if (!/^\ufeff?\s*\{/.test(text)) return [{ content: input, file }];
  try {
    const { parts } = readWrapped(text, file);
    return parts.map(({ path, content }) => ({
      content,
      file: file === undefined ? path : `${file} (${path})`,
    }));
  } catch (error) {
    if (error instanceof SapcertError) return [];
    throw error;
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  if (typeof content !== 'string' && content[0] === 0x30) return content;
  const text = textOf(content);
  return Buffer.from(/-----BEGIN (?:PKCS ?#?12|PFX)-----([^-]*)-----END/.exec(text)?.[1] ?? text, 'base64');
}

function textOf(input: string | Uint8Array): string {
  return typeof input === 'string'
    ? input
    : Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('utf8');
}
