import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Place } from '../../../errors.js';
import type { Refuse } from '../../asn1/index.js';
import type { OpenKeyOptions } from '../../types.js';
import {
  deriveKey,
  type Kdf,
  missingPassphrase,
  orUnsupported,
  passwordCandidates,
  refuseCostly,
  wrongPassphrase,
} from '../encryption/index.js';
import { damagedKey } from '../judge.js';
import { kindNamed, type KeyKind, unknownKind } from '../openssh/kinds.js';
import { SshReader } from '../openssh/wire.js';
import type { PuttyFile } from './format.js';
import type { OpenedKey } from '../unknown-key.js';

/** What a passphrase stands for. */
interface Secrets {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
  readonly macKey: Uint8Array;
}

/**
 * Opens a PuTTY key. By its MAC, which covers all of the file that counts, a wrong passphrase is told.
 *
 * @throws SapcertError `key.passphrase-missing`, `key.passphrase-wrong`, `key.unsupported-type`,
 *   `key.kdf-too-costly`, `key.damaged`
 */
export async function openPutty(file: PuttyFile, options: OpenKeyOptions, place: Place): Promise<OpenedKey> {
  const refuse = damagedKey(place);
  if (file.cipher === 'none') {
    const macKey = file.version === 3 ? Buffer.alloc(0) : sha1(macPrefix);
    if (!macFits(file, file.privatePart, macKey))
      throw refuse('the MAC of the PuTTY key does not fit: it was changed');
    return keyOf(file, file.privatePart, refuse);
  }
  if (file.privatePart.length % 16 !== 0)
    throw refuse('the encrypted part of the PuTTY key is not whole blocks');
  const kdf = kdfOf(file);
  refuseCostly(kdf === undefined ? [] : [kdf], options.allowSlowKdf ?? false, place);
  const what = file.argon2?.variant ?? 'sha1';
  const locked = { place, what: 'private key' } as const;
  if (options.passphrase === undefined) throw missingPassphrase(locked);
  for (const password of passwordCandidates('octets', options.passphrase)) {
    const { key, iv, macKey } = await orUnsupported(what, place, () => derive(kdf, password));
    const decipher = createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
    const plain = Buffer.concat([decipher.update(file.privatePart), decipher.final()]);
    try {
      if (macFits(file, plain, macKey)) return keyOf(file, plain, refuse);
    } finally {
      plain.fill(0);
    }
  }
  throw wrongPassphrase(locked);
}

const macPrefix = Buffer.from('putty-private-key-file-mac-key');

function kdfOf({ argon2 }: PuttyFile): Kdf | undefined {
  return argon2 && { kind: 'argon2', ...argon2 };
}

async function derive(kdf: Kdf | undefined, password: Uint8Array): Promise<Secrets> {
  if (kdf === undefined) {
    const halves = [0, 1].map((number) => sha1(Buffer.of(0, 0, 0, number), password));
    return {
      key: Buffer.concat(halves).subarray(0, 32),
      iv: Buffer.alloc(16),
      macKey: sha1(macPrefix, password),
    };
  }
  const { key: derived } = await deriveKey(kdf, password, 80, 0);
  return { key: derived.subarray(0, 32), iv: derived.subarray(32, 48), macKey: derived.subarray(48) };
}

function macFits(file: PuttyFile, plain: Uint8Array, macKey: Uint8Array): boolean {
  const { version, kind, cipher, comment, publicKey, mac } = file;
  const hmac = createHmac(version === 3 ? 'sha256' : 'sha1', macKey);
  for (const part of [kind, cipher, comment, publicKey, plain]) hmac.update(sshString(part));
  const own = hmac.digest();
  return own.length === mac.length && timingSafeEqual(own, mac);
}

/** The private part has those fields that the public one has not. */
function keyOf({ kind: name, publicKey }: PuttyFile, plain: Uint8Array, refuse: Refuse): OpenedKey {
  const kind = kindNamed(name);
  if (kind === undefined) throw unknownKind(name, refuse);
  const outside = new SshReader(publicKey, refuse);
  if (outside.text('the kind of the public key') !== name) {
    throw refuse('the PuTTY key and its public half are of different kinds');
  }
  const open = readFields(outside, kind.publicFields);
  const secret = readFields(new SshReader(plain, refuse), privateFields(kind));
  const { public: point, private: seed } = { ...open, ...secret };
  // Of Ed25519 and Ed448 the seed alone stands here.
  const pair = point !== undefined && seed !== undefined ? { private: Buffer.concat([seed, point]) } : {};
  return kind.create({ ...open, ...secret, ...pair }, refuse);
}

/** PuTTY writes RSA's as d, p, q and the coefficient. */
function privateFields({ fields, publicFields }: KeyKind): readonly string[] {
  const order = ['d', 'p', 'q', 'iqmp'];
  const own = fields.filter((field) => !publicFields.includes(field));
  return own.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
}

function readFields(reader: SshReader, names: readonly string[]): Record<string, Uint8Array | undefined> {
  return Object.fromEntries(names.map((name) => [name, reader.string(name)]));
}

function sshString(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function sha1(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
