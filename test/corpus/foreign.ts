import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SapcertError } from '../../src/errors.js';
import { describePkcs12, isPkcs12 } from '../../src/bundle/pkcs12/index.js';
import type { KeyEncryption } from '../../src/bundle/types.js';
import type { Container } from './corpus-file.js';
import { isPem, readKeys } from './open-file.js';

/** A file that somebody else made, with the passphrases that may belong to it. */
export interface ForeignFile {
  readonly path: string;
  readonly container: Container | 'broken';
  readonly bytes: Buffer;
  readonly passphrases: readonly (string | undefined)[];
}

const largest = 1024 * 1024;

/**
 * All keys and PKCS#12 files under a folder, each content once. Passphrases come from `passphrases.txt` in it,
 * one a line.
 */
export async function findForeignFiles(folder: string): Promise<readonly ForeignFile[]> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const passphrases = names.includes('passphrases.txt')
    ? readFileSync(join(folder, 'passphrases.txt'), 'utf8').split('\n')
    : [''];
  const seen = new Set<string>();
  const found: ForeignFile[] = [];
  for (const path of names.map((name) => join(folder, name))) {
    const { size, mode } = statSync(path);
    if ((mode & 0o170000) !== 0o100000 || size === 0 || size > largest) continue;
    const bytes = readFileSync(path);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const container = seen.has(digest) ? undefined : await containerOf(bytes);
    if (container !== undefined)
      found.push({ path, container, bytes, passphrases: [undefined, ...passphrases] });
    seen.add(digest);
  }
  return found;
}

/** @returns `undefined` where the file holds no private key */
async function containerOf(bytes: Buffer): Promise<Container | 'broken' | undefined> {
  try {
    if (!isPem(bytes) && isPkcs12(bytes)) {
      describePkcs12(bytes, {});
      return 'PKCS#12';
    }
    const [key] = await readKeys(bytes, {});
    return key && name(key.encryption);
  } catch (error) {
    if (error instanceof SapcertError) return 'broken';
    throw error;
  }
}

function name(encryption: KeyEncryption | undefined): Container {
  if (encryption === undefined) return 'not encrypted';
  const { scheme } = encryption;
  if (scheme === 'DEK-Info' || scheme === 'OpenSSH' || scheme === 'PuTTY') return scheme;
  return scheme === 'PBES2' ? 'PKCS#8 PBES2' : 'PKCS#8 PBES1';
}
