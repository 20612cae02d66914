import type { Refuse } from '../../asn1/index.js';
import type { KeyEncryption, KeyType } from '../../types.js';
import { SshReader } from './wire.js';

/** An OpenSSH key as far as it can be read without a passphrase (PROTOCOL.key of OpenSSH). */
export interface OpenSshContainer {
  /** As OpenSSH spells it: `aes256-ctr`, `none`. */
  readonly cipher: string;
  /** `bcrypt`, or `none`. */
  readonly kdf: string;
  readonly salt: Uint8Array;
  readonly rounds: number;
  /** The public half, which is never encrypted. */
  readonly publicKey: Uint8Array;
  readonly encrypted: Uint8Array;
  /** What the ciphers with a tag put behind it. */
  readonly tag: Uint8Array;
}

const magic = 'openssh-key-v1\0';

/** @throws what `refuse` makes of a broken structure */
export function readContainer(bytes: Uint8Array, refuse: Refuse): OpenSshContainer {
  const start = Buffer.from(bytes.subarray(0, magic.length)).toString('latin1');
  if (start !== magic) throw refuse('what is labelled OPENSSH PRIVATE KEY does not begin as one');
  const reader = new SshReader(bytes.subarray(magic.length), refuse);
  const cipher = reader.text('the name of the cipher');
  const kdf = reader.text('the name of the key derivation');
  const { salt, rounds } = readKdfOptions(reader.string('the options of the key derivation'), kdf, refuse);
  const keys = reader.uint32('the number of keys');
  if (keys !== 1) throw refuse(`an OpenSSH file of ${keys} keys, where there is always one`);
  const publicKey = reader.string('the public key');
  const encrypted = reader.string('the private key');
  return { cipher, kdf, salt, rounds, publicKey, encrypted, tag: reader.rest() };
}

function readKdfOptions(
  options: Uint8Array,
  kdf: string,
  refuse: Refuse,
): { readonly salt: Uint8Array; readonly rounds: number } {
  if (kdf !== 'bcrypt') return { salt: new Uint8Array(), rounds: 0 };
  const reader = new SshReader(options, refuse);
  const salt = reader.string('the salt');
  const rounds = reader.uint32('the number of rounds');
  if (rounds < 1) throw refuse('the key derivation has no rounds');
  return { salt, rounds };
}

/** @returns `undefined` where nothing is encrypted */
export function encryptionFacts({ cipher, kdf, rounds }: OpenSshContainer): KeyEncryption | undefined {
  if (cipher === 'none') return undefined;
  return { scheme: 'OpenSSH', cipher, kdf, iterations: kdf === 'bcrypt' ? rounds : undefined };
}

/** The kind of key, as the public half names it; nobody has vouched for it yet. */
export function keyKind({ publicKey }: OpenSshContainer, refuse: Refuse): string {
  return new SshReader(publicKey, refuse).text('the kind of the public key');
}

export function keyType(kind: string): KeyType | undefined {
  if (kind.startsWith('ecdsa-sha2-')) return 'ec';
  return types[kind];
}

const types: Readonly<Partial<Record<string, KeyType>>> = {
  'ssh-rsa': 'rsa',
  'ssh-dss': 'dsa',
  'ssh-ed25519': 'ed25519',
  'ssh-ed448': 'ed448',
};
