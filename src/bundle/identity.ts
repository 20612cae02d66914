import type { KeyObject, X509Certificate } from 'node:crypto';
import { SapcertError } from '../errors.js';
import { orderChain } from './chain.js';
import { keyNotes, openForTls } from './keys/index.js';
import type { FoundCertificate, LockedKey, OpenKeyOptions, Warning } from './types.js';

/** What a device presents: its opened key, the certificate that belongs to that key, and its issuers. */
export interface Identity {
  readonly key: KeyObject;
  readonly lockedKey: LockedKey;
  readonly leaf: FoundCertificate;
  /** The issuers of the leaf that the input holds, the leaf's own issuer first. */
  readonly chain: readonly FoundCertificate[];
  readonly warnings: readonly Warning[];
}

interface Opened {
  readonly locked: LockedKey;
  readonly key: KeyObject;
}

/**
 * Opens the private key and finds the certificate that belongs to it. The leaf is told by its public key,
 * not by its place in the file: `openssl x509` takes the first certificate, which may be the root.
 *
 * @throws SapcertError `file.no-private-key`, `file.no-certificate`, `file.several-keys`,
 *   `key.certificate-mismatch`, and what {@link LockedKey.open} throws
 */
export async function findIdentity(
  keys: readonly LockedKey[],
  certificates: readonly FoundCertificate[],
  options: OpenKeyOptions & { readonly file?: string | undefined },
): Promise<Identity> {
  requireBoth(keys, certificates, options.file);
  const { opened, failure } = await openKeys(keys, options);
  const pairs = opened.flatMap((candidate) =>
    certificates
      .filter((certificate) => certificate.x509.checkPrivateKey(candidate.key))
      .map((leaf) => ({ ...candidate, leaf })),
  );
  const [first] = pairs;
  if (first === undefined) throw failure ?? mismatch(opened, certificates, options.file);
  if (pairs.some((pair) => !samePublicKey(pair.leaf.x509, first.leaf.x509)))
    throw severalKeys(pairs, options.file);

  const leaf = latest(pairs.map((pair) => pair.leaf));
  const { chain, warnings } = orderChain(leaf, certificates);
  return {
    key: first.key,
    lockedKey: first.locked,
    leaf,
    chain,
    warnings: [...keyNotes(first.key, first.locked.place), ...keyWarnings(keys, first.locked), ...warnings],
  };
}

function requireBoth(
  keys: readonly LockedKey[],
  certificates: readonly FoundCertificate[],
  file?: string,
): void {
  if (keys.length === 0) {
    throw new SapcertError('file.no-private-key', 'there is no private key in it', {
      place: { file },
      hint: 'give the whole bundle that SAP showed, or name the key with --key FILE',
    });
  }
  if (certificates.length === 0) {
    throw new SapcertError('file.no-certificate', 'there is no certificate in it', {
      place: { file },
      hint: 'give the whole bundle that SAP showed; a certificate of its own goes with: combine --key KEY --cert CERT',
    });
  }
}

/**
 * Several keys may have several secrets: one that opens and has its certificate is enough. Otherwise nobody knows
 * whether the certificate belongs to a key that stayed shut, and the first failure is the error.
 */
async function openKeys(
  keys: readonly LockedKey[],
  options: OpenKeyOptions,
): Promise<{ opened: readonly Opened[]; failure: unknown }> {
  const opened: Opened[] = [];
  let failure: unknown;
  for (const locked of keys) {
    try {
      opened.push({ locked, key: await openForTls(locked, options) });
    } catch (error) {
      failure ??= error;
    }
  }
  return { opened, failure };
}

function mismatch(
  opened: readonly Opened[],
  certificates: readonly FoundCertificate[],
  file?: string,
): SapcertError {
  const subjects = certificates.map(({ x509 }) => commonName(x509.subject)).join(', ');
  const keys =
    opened.length === 1 ? 'the private key belongs' : `none of the ${opened.length} private keys belongs`;
  return new SapcertError(
    'key.certificate-mismatch',
    `${keys} to ${certificateWords(opened.length, subjects)}`,
    {
      place: { file },
      hint:
        'a new key is made each time a certificate is issued: take key and certificate from the same download, ' +
        'or let SAP issue a new one',
    },
  );
}

function certificateWords(keys: number, subjects: string): string {
  return keys === 1
    ? `another certificate than the one here (${subjects})`
    : `the certificate here (${subjects})`;
}

function severalKeys(pairs: readonly { readonly leaf: FoundCertificate }[], file?: string): SapcertError {
  const names = [...new Set(pairs.map(({ leaf }) => commonName(leaf.x509.subject)))].join(', ');
  return new SapcertError('file.several-keys', `several keys, each with a certificate of its own: ${names}`, {
    place: { file },
    hint: 'put each device into a file of its own',
  });
}

function keyWarnings(keys: readonly LockedKey[], used: LockedKey): Warning[] {
  if (keys.length === 1) return [];
  const message = `${keys.length} private keys are in it; the one that belongs to the certificate is taken`;
  return [{ code: 'bundle.several-keys', message, place: used.place }];
}

function samePublicKey(a: X509Certificate, b: X509Certificate): boolean {
  return a.publicKey.equals(b.publicKey);
}

/** A renewed certificate keeps its key: of several the one that stays valid longest is meant. */
function latest(leaves: readonly FoundCertificate[]): FoundCertificate {
  return leaves.reduce((best, leaf) =>
    Date.parse(leaf.x509.validTo) > Date.parse(best.x509.validTo) ? leaf : best,
  );
}

/** The CN of a subject or issuer as node:crypto writes it (a line an attribute), else all of it on one line. */
export function commonName(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1] ?? name.split('\n').join(', ');
}
