import type { Refuse } from '../../asn1/index.js';
import type { KeyEncryption } from '../../types.js';
import type { Argon2Cost, Argon2Variant } from '../encryption/argon2.js';

/** A PuTTY key file (PPK) as far as it can be read without a passphrase: appendix C of PuTTY's manual. */
export interface PuttyFile {
  readonly version: 2 | 3;
  /** As SSH names it. */
  readonly kind: string;
  readonly cipher: 'none' | 'aes256-cbc';
  readonly comment: string;
  readonly publicKey: Uint8Array;
  readonly privatePart: Uint8Array;
  readonly mac: Uint8Array;
  /** Of version 3, where it is encrypted. */
  readonly argon2: PuttyArgon2 | undefined;
}

export interface PuttyArgon2 extends Argon2Cost {
  readonly variant: Argon2Variant;
  readonly salt: Uint8Array;
}

/** @throws what `refuse` makes of a broken file */
export function readPuttyFile(text: string, refuse: Refuse): PuttyFile {
  const fields = new PuttyFields(text, refuse);
  const [, digit, kind = ''] = /^PuTTY-User-Key-File-(\d+): *(\S+)$/.exec(fields.line()) ?? [];
  const version = digit === '2' ? 2 : digit === '3' ? 3 : undefined;
  if (version === undefined) throw refuse(`a PuTTY key of version ${digit ?? 'unknown'}; there are 2 and 3`);
  const cipher = fields.value('Encryption');
  if (cipher !== 'none' && cipher !== 'aes256-cbc')
    throw refuse('a PuTTY key with a cipher that PuTTY does not have');
  const comment = fields.value('Comment');
  const publicKey = fields.base64('Public-Lines');
  const argon2 = version === 3 && cipher !== 'none' ? readArgon2(fields, refuse) : undefined;
  const privatePart = fields.base64('Private-Lines');
  const mac = fields.hex('Private-MAC');
  return { version, kind, cipher, comment, publicKey, privatePart, mac, argon2 };
}

function readArgon2(fields: PuttyFields, refuse: Refuse): PuttyArgon2 {
  const name = fields.value('Key-Derivation').toLowerCase();
  const variant = (['argon2d', 'argon2i', 'argon2id'] as const).find((known) => known === name);
  if (variant === undefined) throw refuse('a PuTTY key with a derivation that PuTTY does not have');
  const memory = fields.count('Argon2-Memory');
  const passes = fields.count('Argon2-Passes');
  const parallelism = fields.count('Argon2-Parallelism');
  const salt = fields.hex('Argon2-Salt');
  if (memory < 8 * parallelism || salt.length < 8) throw refuse('costs that Argon2 does not have (RFC 9106)');
  return { variant, memory, passes, parallelism, salt };
}

export function encryptionFacts({ cipher, argon2 }: PuttyFile): KeyEncryption | undefined {
  if (cipher === 'none') return undefined;
  if (argon2 === undefined) return { scheme: 'PuTTY', cipher, kdf: 'sha1', iterations: 1 };
  const { variant, memory, passes, parallelism } = argon2;
  return { scheme: 'PuTTY', cipher, kdf: variant, argon2: { memory, passes, parallelism } };
}

/** The lines of a file, each with the name that is expected there. */
class PuttyFields {
  private readonly lines: readonly string[];
  private next = 0;

  constructor(
    text: string,
    private readonly refuse: Refuse,
  ) {
    this.lines = text.trim().split(/\r\n|\r|\n/);
  }

  line(): string {
    const line = this.lines[this.next];
    if (line === undefined) throw this.refuse('the PuTTY key is cut');
    this.next += 1;
    return line;
  }

  value(name: string): string {
    const line = this.line();
    if (!line.startsWith(`${name}:`))
      throw this.refuse(`the PuTTY key has something else where ${name} belongs`);
    return line.slice(name.length + 1).replace(/^ /, '');
  }

  count(name: string): number {
    const text = this.value(name);
    if (!/^[1-9]\d{0,9}$/.test(text)) throw this.refuse(`${name} of the PuTTY key is no number`);
    return Number(text);
  }

  hex(name: string): Uint8Array {
    const text = this.value(name);
    if (!/^(?:[0-9a-f]{2})+$/i.test(text)) throw this.refuse(`${name} of the PuTTY key is not hexadecimal`);
    return Buffer.from(text, 'hex');
  }

  base64(name: string): Uint8Array {
    const count = this.count(name);
    if (count > this.lines.length) throw this.refuse('the PuTTY key is cut');
    const text = Array.from({ length: count }, () => this.line()).join('');
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) {
      throw this.refuse(`what follows ${name} of the PuTTY key is not base64`);
    }
    return Buffer.from(text, 'base64');
  }
}
