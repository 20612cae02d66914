/** Kinds of files that the tables count. */
export const containers = [
  'not encrypted',
  'DEK-Info',
  'PKCS#8 PBES1',
  'PKCS#8 PBES2',
  'PKCS#12',
  'OpenSSH',
  'PuTTY',
] as const;

export type Container = (typeof containers)[number];

/** One file of the corpus, with what is known about it from outside. */
export interface CorpusFile {
  readonly madeBy: string;
  readonly name: string;
  readonly container: Container;
  /** As sapcert names them; `undefined` where nothing is encrypted. */
  readonly kdf: string | undefined;
  readonly cipher: string | undefined;
  readonly key: string;
  readonly passphrase: string | undefined;
  /** PEM text or DER. */
  readonly bytes: Uint8Array;
  /** SubjectPublicKeyInfo of the private key, PEM. */
  readonly publicKey: string;
}

export function title({ container, kdf, cipher, key, madeBy, name }: CorpusFile): string {
  const encryption = [kdf, cipher].filter((part) => part !== undefined).join(' ');
  return [container, encryption, key, `${madeBy}: ${name}`].filter((part) => part !== '').join(' | ');
}
