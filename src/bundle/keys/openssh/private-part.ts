import type { Refuse } from '../../asn1/index.js';
import { type KeyKind, kindNamed, unknownKind } from './kinds.js';
import { SshReader } from './wire.js';
import type { OpenedKey } from '../unknown-key.js';

/**
 * The key of the part that a passphrase protects: the same number twice, the key, a comment, and the bytes 1, 2, 3 ...
 * up to the end of the block.
 *
 * @param publicKey the public half that stands outside
 * @returns `undefined` where the two numbers differ: by them a wrong passphrase is told
 * @throws SapcertError `key.damaged`, `key.unsupported-type`
 */
export function readPrivatePart(
  bytes: Uint8Array,
  publicKey: Uint8Array,
  refuse: Refuse,
): OpenedKey | undefined {
  if (bytes.length < 8) return undefined;
  const reader = new SshReader(bytes, refuse);
  if (reader.uint32('the first number') !== reader.uint32('the second number')) return undefined;
  const name = reader.text('the kind of the key');
  const kind = kindNamed(name);
  if (kind === undefined) throw unknownKind(name, refuse);
  const fields = Object.fromEntries(kind.fields.map((field) => [field, reader.string(field)]));
  reader.string('the comment');
  checkPadding(reader.rest(), refuse);
  checkPublicHalf(publicKey, name, kind, fields, refuse);
  return kind.create(fields, refuse);
}

function checkPadding(padding: Uint8Array, refuse: Refuse): void {
  if (!padding.every((byte, index) => byte === ((index + 1) & 0xff))) {
    throw refuse('the OpenSSH key does not end as it should: it was cut or changed');
  }
}

function checkPublicHalf(
  publicKey: Uint8Array,
  name: string,
  { publicFields }: KeyKind,
  fields: Readonly<Record<string, Uint8Array>>,
  refuse: Refuse,
): void {
  const reader = new SshReader(publicKey, refuse);
  const outside = [reader.string('the kind'), ...publicFields.map((field) => reader.string(field))];
  const inside = [Buffer.from(name, 'latin1'), ...publicFields.map((field) => fields[field])];
  const same = outside.every((field, index) => sameField(field, inside[index] ?? Buffer.of()));
  if (!same || reader.rest().length > 0) {
    throw refuse('the public key outside the encrypted part is another key: one of them was changed');
  }
}

/** Not every program writes numbers without zeros before them. */
function sameField(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(withoutZeros(a), withoutZeros(b)) === 0;
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  return bytes.subarray(start < 0 ? bytes.length : start);
}
