import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One key or PKCS#12 file for each container, derivation and cipher of the corpus (test/corpus). */
export interface KeySeed {
  readonly container: string;
  readonly passphrase?: string;
  /** PEM text or DER. */
  readonly bytes: Buffer;
}

export function keySeeds(): readonly KeySeed[] {
  const path = join(process.cwd(), 'test/fuzz/seeds/keys.jsonl.gz');
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
  return lines.map((line) => {
    const { bytes, ...known } = JSON.parse(line) as Omit<KeySeed, 'bytes'> & { bytes: string };
    return { ...known, bytes: Buffer.from(bytes, 'base64') };
  });
}

export function fixture(name: string): Buffer {
  return readFileSync(join(process.cwd(), 'fixtures', name));
}

export const secretOf = (name: string): string => fixture(name).toString().trim();

/** The DER in a PEM text, block by block. */
export function blocksOf(pem: Buffer): readonly Buffer[] {
  return [...pem.toString().matchAll(/-----BEGIN [^-]+-----([^-]*)-----END/g)].map(([, body = '']) =>
    Buffer.from(body, 'base64'),
  );
}

/** The first byte of an input chooses one: an input that changes keeps its passphrase, mostly. */
export const passphrases = ['grün', 'jJ3fF7dD0rR2rR3wW0eE2tT', 'grün7 !#?', '1234', '', undefined] as const;

export function withPassphrase(bytes: Buffer, passphrase: string | undefined): Buffer {
  const at = passphrases.findIndex((known) => known === passphrase);
  return Buffer.concat([Buffer.of(at < 0 ? passphrases.length - 1 : at), bytes]);
}

export function splitPassphrase(input: Uint8Array): { bytes: Buffer; passphrase: string | undefined } {
  const [first = 0] = input;
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength).subarray(1);
  return { bytes, passphrase: passphrases[first % passphrases.length] };
}

interface Costs {
  readonly argon2?: { readonly memory: number; readonly passes: number } | undefined;
  readonly kdf?: string | undefined;
  readonly iterations?: number | undefined;
  readonly scrypt?: { readonly N: number; readonly r: number; readonly p: number } | undefined;
}

/** A changed count can be a large one that is still allowed: too slow to try by the thousand. */
export function isCheap(encryption: Costs | undefined): boolean {
  if (encryption?.argon2 !== undefined) return encryption.argon2.memory * encryption.argon2.passes <= 256;
  if (encryption?.kdf === 'bcrypt') return (encryption.iterations ?? 1) <= 2;
  const { N, r, p } = encryption?.scrypt ?? { N: 1, r: 1, p: 1 };
  return (encryption?.iterations ?? 1) <= 5000 && N * r * p <= 2 ** 17;
}
