import { count } from '../count.js';
import { type InspectedCertificate, type InspectedKey, nameOf } from '../bundle/inspect/index.js';
import type { KeyEncryption } from '../bundle/types.js';
import { field, onOneLine } from './layout.js';
import { type InspectReport, type Page, keyWords, placeWords } from './render-inspect-page.js';

/** One private key: where it stands, how it is protected, and what belongs to it. */
export function renderKey(
  key: InspectedKey,
  { keys, certificates, input }: InspectReport,
  index: number,
  { paint, width }: Page,
): string[] {
  const title = keys.length === 1 ? 'private key' : `private key ${index + 1}`;
  const encryption =
    key.encryption === undefined ? 'none: whoever has the file has the key' : encryptionWords(key.encryption);
  return [
    paint('bold', title) + onOneLine(quoted(key.friendlyName)),
    ...field(
      'stands in',
      onOneLine([key.label, placeWords(key.place, input)].filter((part) => part !== '').join(', ')),
      width,
    ),
    ...field('encryption', encryption, width),
    ...(key.type === undefined ? [] : field('key', keyWords(key.type, key.size), width)),
    ...stateOf(key, certificates).flatMap(([label, value]) => field(label, value, width)),
  ];
}

function stateOf(
  key: InspectedKey,
  certificates: readonly InspectedCertificate[],
): [label: string, value: string][] {
  switch (key.state) {
    case 'locked':
      return [['opened', 'no: it needs its secret, --passin file:PATH']];
    case 'refused':
      return [['opened', 'no: see problems']];
    case 'open': {
      const opened: [string, string][] =
        key.encryption === undefined ? [] : [['opened', 'yes, with the secret']];
      if (certificates.length === 0 || key.certificates === undefined) return opened;
      const own = certificates.filter(({ number }) => key.certificates?.includes(number));
      const names = own.map((certificate) => `certificate ${certificate.number} (${nameOf(certificate)})`);
      return [
        ...opened,
        ['belongs to', names.length === 0 ? 'no certificate here' : onOneLine(names.join(', '))],
      ];
    }
  }
}

const schemes: Readonly<Record<KeyEncryption['scheme'], string>> = {
  PBES1: 'PBES1',
  PBES2: 'PBES2',
  'PKCS#12': 'PBE of PKCS#12',
  'DEK-Info': 'DEK-Info',
  OpenSSH: 'OpenSSH',
  PuTTY: 'PuTTY',
  unknown: 'unknown scheme',
};

/** How something is encrypted, in one line. */
export function encryptionWords(encryption: KeyEncryption): string {
  const { scheme, cipher, kdf } = encryption;
  const parts = [cipher, kdf, costWords(encryption)].filter((part) => part !== '').join(', ');
  return onOneLine(`${parts} (${schemes[scheme]})`);
}

function costWords({ iterations, scrypt, argon2 }: KeyEncryption): string {
  if (scrypt !== undefined) return `N=${scrypt.N} r=${scrypt.r} p=${scrypt.p}`;
  if (argon2 === undefined) return rounds(iterations);
  return `${argon2.memory} KiB, ${argon2.passes === 1 ? '1 pass' : `${argon2.passes} passes`}`;
}

export function rounds(iterations: number | undefined): string {
  return iterations === undefined ? '' : count(iterations, 'iteration');
}

export function quoted(name: string | undefined): string {
  return name === undefined ? '' : ` ${JSON.stringify(name)}`;
}
