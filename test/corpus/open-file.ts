import type { KeyObject } from 'node:crypto';
import { readPem } from '../../src/bundle/pem.js';
import {
  isPrivateKeyLabel,
  type OpenedKey,
  readDerKey,
  readKey,
  unfitForTls,
  UnknownKey,
} from '../../src/bundle/keys/index.js';
import { readPuttyKey } from '../../src/bundle/keys/putty/index.js';
import { looksLikePutty } from '../../src/bundle/recognise.js';
import { isPkcs12, readPkcs12 } from '../../src/bundle/pkcs12/index.js';
import type { LockedKey, OpenKeyOptions } from '../../src/bundle/types.js';

export function isPem(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4096)).includes('-----BEGIN ');
}

/** The keys of a file of any kind, as sapcert reads them. */
export async function readKeys(bytes: Uint8Array, options: OpenKeyOptions): Promise<readonly LockedKey[]> {
  const place = { file: 'corpus' };
  if (isPem(bytes)) {
    const { blocks } = readPem(bytes, place.file);
    const [first] = blocks;
    if (first !== undefined && isPkcs12(first.der)) return (await readPkcs12(first.der, options, place)).keys;
    return blocks.filter(({ label }) => isPrivateKeyLabel(label)).map((block) => readKey(block));
  }
  if (looksLikePutty(bytes)) return [readPuttyKey(Buffer.from(bytes).toString('latin1'), place)];
  if (isPkcs12(bytes)) return (await readPkcs12(bytes, options, place)).keys;
  const key = readDerKey(bytes, place);
  return key === undefined ? [] : [key];
}

/** Opened, also of kinds that Node does not have. */
export async function openAny(bytes: Uint8Array, options: OpenKeyOptions): Promise<readonly OpenedKey[]> {
  const opened: OpenedKey[] = [];
  for (const key of await readKeys(bytes, options)) opened.push(await key.open(options));
  return opened;
}

/** @throws also where one is of a kind that Node does not have */
export async function openFile(bytes: Uint8Array, options: OpenKeyOptions): Promise<readonly KeyObject[]> {
  return (await openAny(bytes, options)).map((key) => {
    if (key instanceof UnknownKey) throw unfitForTls(key, {});
    return key;
  });
}
