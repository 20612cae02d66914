import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Container, CorpusFile } from './corpus-file.js';

/** Files that other programs made, kept here because not every machine has these programs. */
interface VectorFile {
  readonly madeBy: string;
  /** The public key of all its files, where they do not say their own. */
  readonly publicKey?: string;
  readonly files: readonly {
    readonly name: string;
    readonly container: Container;
    readonly kdf?: string;
    readonly cipher?: string;
    readonly key: string;
    readonly passphrase?: string;
    readonly pem?: string;
    /** Base64 */
    readonly der?: string;
    readonly publicKey?: string;
  }[];
}

const sources = ['rfc', 'bouncy-castle', 'rare-ciphers', 'botan', 'nss', 'gnutls', 'java'] as const;

export function readVectors(): readonly CorpusFile[] {
  return sources.flatMap((source) => {
    const path = join(process.cwd(), 'test/corpus/vectors', `${source}.json`);
    const { madeBy, publicKey, files } = JSON.parse(readFileSync(path, 'utf8')) as VectorFile;
    return files.map((file) => ({
      madeBy,
      name: file.name,
      container: file.container,
      kdf: file.kdf,
      cipher: file.cipher,
      key: file.key,
      passphrase: file.passphrase,
      bytes: file.pem === undefined ? Buffer.from(file.der ?? '', 'base64') : Buffer.from(file.pem),
      publicKey: file.publicKey ?? publicKey ?? '',
    }));
  });
}
