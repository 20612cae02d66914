import type { KeyObject, X509Certificate } from 'node:crypto';
import { SapcertError } from '../../errors.js';
import { fitForTls, keyNotes, type OpenedKey, typeOf, unfitForTls, UnknownKey } from '../keys/index.js';
import type { LockedKey, OpenKeyOptions } from '../types.js';
import type { Finding, InspectedKey } from './types.js';
import { encryptionWeakness } from './weakness.js';

export interface KeyInspection {
  readonly keys: readonly InspectedKey[];
  /** The numbers of the certificates that belong to a key that was opened. */
  readonly matched: readonly number[];
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
}

interface Numbered {
  readonly number: number;
  readonly x509: X509Certificate;
}

/**
 * Tries to open every key: without a secret this costs nothing, and shows what could never be opened. Says of each
 * open one which certificates belong to it.
 */
export async function inspectKeys(
  locked: readonly LockedKey[],
  certificates: readonly Numbered[],
  options: OpenKeyOptions,
): Promise<KeyInspection> {
  const keys: InspectedKey[] = [];
  const problems: Finding[] = [];
  const warnings: Finding[] = [];
  for (const key of locked) {
    const { place, label, encryption, type } = key;
    const outcome = await tryOpen(key, options);
    const base = { place, label, encryption, type };
    if (outcome.kind === 'open') {
      keys.push({ ...base, ...describeOpen(outcome.key, certificates) });
      warnings.push(...keyNotes(outcome.key, place));
      if (!fitForTls(outcome.key)) problems.push(findingOf(unfitForTls(outcome.key, place)));
    } else keys.push({ ...base, state: outcome.kind });
    if (outcome.kind === 'refused') problems.push(findingOf(outcome.error));
  }
  const matched = [...new Set(keys.flatMap((key) => key.certificates ?? []))];
  // Whose key a certificate is can be told of what was opened and Node knows.
  const told = problems.length === 0 ? mismatch(keys, certificates) : [];
  return { keys, matched, problems: [...problems, ...told], warnings };
}

/** What is weak about the encryption of keys, opened or not. */
export function keyWarnings(keys: readonly InspectedKey[]): Finding[] {
  return keys.flatMap(({ encryption, place }): Finding[] => {
    const message = encryptionWeakness(encryption);
    return message === undefined ? [] : [{ code: 'key.weak-encryption', message, place }];
  });
}

type Opening =
  | { readonly kind: 'open'; readonly key: OpenedKey }
  | { readonly kind: 'locked' }
  | { readonly kind: 'refused'; readonly error: SapcertError };

async function tryOpen(key: LockedKey, options: OpenKeyOptions): Promise<Opening> {
  try {
    return { kind: 'open', key: await key.open(options) };
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
    return error.code === 'key.passphrase-missing' ? { kind: 'locked' } : { kind: 'refused', error };
  }
}

export function findingOf({ hint, defects: [defect], code, message }: SapcertError): Finding {
  return { code, message: defect?.message ?? message, hint, place: defect?.place };
}

function describeOpen(
  key: OpenedKey,
  certificates: readonly Numbered[],
): Pick<InspectedKey, 'state' | 'type' | 'size' | 'certificates'> {
  const type = typeOf(key);
  if (key instanceof UnknownKey) return { state: 'open', type };
  const details = key.asymmetricKeyDetails;
  return {
    state: 'open',
    type,
    size: details?.modulusLength ?? details?.namedCurve,
    certificates: certificates.filter(({ x509 }) => belongsTo(x509, key)).map(({ number }) => number),
  };
}

function belongsTo(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    return false; // a public key of a kind that OpenSSL does not know
  }
}

/** A key that stands alone, and certificates that stand alone, are no mismatch. */
function mismatch(keys: readonly InspectedKey[], certificates: readonly Numbered[]): Finding[] {
  const open = keys.filter(({ state }) => state === 'open');
  if (open.length === 0 || open.length < keys.length || certificates.length === 0) return [];
  if (open.some((key) => (key.certificates ?? []).length > 0)) return [];
  const certificate = certificates.length === 1 ? 'the certificate' : 'any certificate';
  const one = `the private key does not belong to ${certificate} here`;
  const several = `none of the ${open.length} private keys belongs to a certificate here`;
  return [
    {
      code: 'key.certificate-mismatch',
      message: open.length === 1 ? one : several,
      hint:
        'a new key is made each time a certificate is issued: take key and certificate from the same download, ' +
        'or let SAP issue a new one',
      place: open[0]?.place,
    },
  ];
}
