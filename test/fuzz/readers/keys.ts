import { exportKey, readDerKey, readKey } from '../../../src/bundle/keys/index.js';
import { readPuttyKey } from '../../../src/bundle/keys/putty/index.js';
import { describePkcs12, isPkcs12, readPkcs12 } from '../../../src/bundle/pkcs12/index.js';
import { readMaterial } from '../../../src/bundle/material.js';
import type { LockedKey } from '../../../src/bundle/types.js';
import { mutateBytes } from '../mutate/bytes.js';
import { mutateDer } from '../mutate/der.js';
import { mutatePem } from '../mutate/text.js';
import type { Mutate, Reader } from '../reader.js';
import { blocksOf, fixture, isCheap, keySeeds, splitPassphrase, withPassphrase } from './material.js';

const isPem = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 4096)).includes('-----BEGIN ');

/** The passphrase is chosen by the first byte, which stays. */
const behind =
  (mutate: Mutate): Mutate =>
  (bytes, random, other) =>
    Buffer.concat([bytes.subarray(0, 1), mutate(bytes.subarray(1), random, other.subarray(1))]);

async function openCheap(keys: readonly LockedKey[], passphrase: string | undefined): Promise<unknown> {
  let opened = 'described';
  for (const key of keys.slice(0, 4)) {
    if (!isCheap(key.encryption)) continue;
    const found = await key.open({ passphrase });
    exportKey(found, 'pkcs8');
    opened = 'opened';
  }
  return opened;
}

export const der: Reader = {
  name: 'der-key',
  seeds: () =>
    keySeeds().flatMap(({ container, bytes, passphrase }) =>
      /^(?:DEK-Info|OpenSSH|PuTTY)$/.test(container) || isPkcs12(bytes)
        ? []
        : (isPem(bytes) ? blocksOf(bytes) : [bytes]).map((block) => withPassphrase(block, passphrase)),
    ),
  mutate: [behind(mutateDer), behind(mutateDer), behind(mutateBytes)],
  refuses: /^key\./,
  read: async (input) => {
    const { bytes, passphrase } = splitPassphrase(input);
    const key = readDerKey(bytes, { file: 'fuzz' });
    return key === undefined ? 'something else' : openCheap([key], passphrase);
  },
};

/** Keys in PEM, among them the traditional encryption by headers. */
export const pemKeys: Reader = {
  name: 'pem-key',
  share: 0.2,
  seeds: () =>
    keySeeds().flatMap(({ bytes, passphrase }) => (isPem(bytes) ? [withPassphrase(bytes, passphrase)] : [])),
  mutate: [behind(mutatePem)],
  refuses: /^(?:key|file)\./,
  read: async (input) => {
    const { bytes, passphrase } = splitPassphrase(input);
    // What a PEM text was changed into may be PKCS#12, whose cost another reader looks at.
    if (isPkcs12(bytes)) return 'something else';
    const { keys } = await readMaterial(bytes, { file: 'fuzz', keysOnly: true });
    return openCheap(keys, passphrase);
  },
};

/** What stands inside of OpenSSH's keys, encrypted or not. */
export const openSsh: Reader = {
  name: 'openssh-key',
  share: 0.3,
  seeds: () =>
    keySeeds().flatMap(({ container, bytes, passphrase }) =>
      container === 'OpenSSH' ? blocksOf(bytes).map((block) => withPassphrase(block, passphrase)) : [],
    ),
  mutate: [behind(mutateBytes)],
  refuses: /^key\./,
  read: async (input) => {
    const { bytes, passphrase } = splitPassphrase(input);
    const place = { file: 'fuzz' };
    const key = readKey({ label: 'OPENSSH PRIVATE KEY', headers: [], der: bytes, place });
    return openCheap([key], passphrase);
  },
};

/** PuTTY's key files: lines of text around what OpenSSH has inside. */
export const putty: Reader = {
  name: 'putty-key',
  share: 0.3,
  seeds: () =>
    keySeeds().flatMap(({ container, bytes, passphrase }) =>
      container === 'PuTTY' ? [withPassphrase(bytes, passphrase)] : [],
    ),
  mutate: [behind(mutateBytes)],
  refuses: /^key\./,
  read: async (input) => {
    const { bytes, passphrase } = splitPassphrase(input);
    const key = readPuttyKey(bytes.toString('latin1'), { file: 'fuzz' });
    return openCheap([key], passphrase);
  },
};

export const pkcs12: Reader = {
  name: 'pkcs12',
  share: 0.3,
  seeds: () => [
    ...keySeeds().flatMap(({ bytes, passphrase }) =>
      isPkcs12(bytes) ? [withPassphrase(bytes, passphrase)] : [],
    ),
    withPassphrase(Buffer.concat(blocksOf(fixture('device.pem'))), undefined),
  ],
  mutate: [behind(mutateDer), behind(mutateDer), behind(mutateBytes)],
  refuses: /^(?:key\.|file\.not-a-certificate$)/,
  read: async (input) => {
    const { bytes, passphrase } = splitPassphrase(input);
    if (!isPkcs12(bytes)) return 'something else';
    const { mac, contents } = describePkcs12(bytes, { file: 'fuzz' });
    const encryptions = contents.flatMap(({ encryption, bags }) => [
      encryption,
      ...(bags ?? []).map((bag) => bag.encryption),
    ]);
    if ((mac?.iterations ?? 1) > 5000 || !encryptions.every(isCheap)) return 'costly';
    const { keys } = await readPkcs12(bytes, { passphrase }, { file: 'fuzz' });
    return openCheap(keys, passphrase);
  },
};
