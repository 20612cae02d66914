import { parseAsn1 } from '../../bundle/asn1/index.js';
import {
  checkCost,
  type Decrypted,
  readDekInfo,
  readPbe,
  requireSupported,
  sapScheme,
  type SupportedEncryption,
  unlock,
  type Verdict,
} from '../../bundle/keys/encryption/index.js';
import { pem } from '../../bundle/keys/pem-text.js';
import type { StrippedBundle, StripOptions } from '../../bundle/strip.js';
import type { KeyEncryption } from '../../bundle/types.js';
import { SapcertError } from '../../errors.js';
import { openSapFormSoon, readRsaKey, readRsaPkcs1, type RsaKey } from '../../kdf/index.js';
import { type CanonicalBundle, readCanonical } from './canonical.js';
import { type HotCertificate, readHotCertificate } from './certificate.js';

/** A bundle of the usual form, understood but not opened. */
export interface HotBundle extends CanonicalBundle {
  readonly leaf: HotCertificate;
}

/**
 * Reads a bundle of the usual form: the text of openssl, an RSA key, one certificate.
 *
 * @returns `undefined` for any other: the whole pipeline is to read that
 */
export function readHot(input: Uint8Array): HotBundle | undefined {
  const canonical = readCanonical(input);
  const leaf = canonical && readHotCertificate(canonical.certificate);
  return canonical === undefined || leaf === undefined ? undefined : { ...canonical, leaf };
}

type HotOptions = Pick<StripOptions, 'allowSlowKdf' | 'keyFormat'>;

/**
 * Does what `stripBundle` does, for a bundle of the usual form, without building objects that node:crypto
 * takes long to build. The result is the same, to the byte.
 *
 * @returns `undefined` on any doubt, a wrong passphrase among them: it is no verdict
 */
export async function stripHot(
  bundle: HotBundle,
  passphrase: string | undefined,
  options: HotOptions,
): Promise<StrippedBundle | undefined> {
  const opened = await openQuietly(bundle.key, passphrase, options);
  if (opened === undefined) return undefined;
  const stripped = writeHot(bundle, opened, options.keyFormat);
  opened.key.pkcs8.fill(0);
  return stripped;
}

/** What stripping a bundle with this key gives, if the key is the certificate's. */
export function writeHot(
  { leaf, certificateText }: HotBundle,
  { key, encryption }: OpenedKey,
  format: StripOptions['keyFormat'],
): StrippedBundle | undefined {
  if (!belongTogether(key, leaf.publicKey)) return undefined;
  const privateKey = keyText(key, format);
  if (privateKey === undefined) return undefined;
  return {
    privateKey,
    certificate: certificateText,
    combined: privateKey + certificateText,
    key: { type: 'rsa', size: bitsOf(key.modulus), encryption: encryption?.facts },
    leaf: leaf.summary,
    chain: [],
    warnings: [],
  };
}

function belongTogether(key: RsaKey, { modulus, publicExponent }: HotCertificate['publicKey']): boolean {
  return (
    Buffer.compare(key.modulus, modulus) === 0 && Buffer.compare(key.publicExponent, publicExponent) === 0
  );
}

function keyText({ pkcs8, pkcs1 }: RsaKey, format: StripOptions['keyFormat']): string | undefined {
  if (format === 'sec1') return undefined;
  return format === 'pkcs1' || format === 'traditional'
    ? pem('RSA PRIVATE KEY', pkcs1)
    : pem('PRIVATE KEY', pkcs8);
}

const bitsOf = (modulus: Uint8Array): number => modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;

export interface OpenedKey {
  readonly key: RsaKey;
  readonly encryption: SupportedEncryption | undefined;
}

async function openQuietly(
  block: CanonicalBundle['key'],
  passphrase: string | undefined,
  options: HotOptions,
): Promise<OpenedKey | undefined> {
  try {
    return (
      readPlain(block) ?? (passphrase === undefined ? undefined : await open(block, passphrase, options))
    );
  } catch (error) {
    if (error instanceof SapcertError) return undefined;
    throw error;
  }
}

/** The key of a block that is not encrypted. */
export function readPlain({ label, headers, der }: CanonicalBundle['key']): OpenedKey | undefined {
  if (headers.length > 0) return undefined;
  const key =
    label === 'PRIVATE KEY' ? readRsaKey(der) : label === 'RSA PRIVATE KEY' ? readRsaPkcs1(der) : undefined;
  return key === undefined ? undefined : { key, encryption: undefined };
}

async function open(
  block: CanonicalBundle['key'],
  passphrase: string,
  { allowSlowKdf = false }: HotOptions,
): Promise<OpenedKey | undefined> {
  const container = readContainer(block);
  if (container === undefined) return undefined;
  const { encryption, ciphertext } = container;
  checkCost(encryption, allowSlowKdf, nowhere);
  const key =
    encryption.facts.oid === sapScheme && 'iterations' in encryption.kdf
      ? await openSapFormSoon({ ...encryption.kdf, ciphertext, passphrase })
      : await decrypt(block.label, encryption, ciphertext, passphrase);
  return key === undefined ? undefined : { key, encryption };
}

/** Errors of the hot path are never shown. */
const nowhere = {};
const refuse = (message: string): SapcertError => new SapcertError('key.damaged', message);

/** How the key of a block is protected. */
export function encryptionOf(block: CanonicalBundle['key']): KeyEncryption | undefined {
  return block.label === 'PRIVATE KEY' ? undefined : readContainer(block)?.encryption.facts;
}

interface Container {
  readonly encryption: SupportedEncryption;
  readonly ciphertext: Uint8Array;
}

function readContainer({ label, headers, der }: CanonicalBundle['key']): Container | undefined {
  if (label === 'RSA PRIVATE KEY') {
    const encryption = readDekInfo(headers, nowhere);
    return encryption && { encryption: requireSupported(encryption, nowhere), ciphertext: der };
  }
  if (label !== 'ENCRYPTED PRIVATE KEY' || headers.length > 0) return undefined;
  const fields = parseAsn1(der, refuse).sequence('the key');
  const encryption = requireSupported(readPbe(fields.next('the algorithm'), false), nowhere);
  const ciphertext = fields.next('the ciphertext').octets('the ciphertext');
  fields.end();
  return { encryption, ciphertext };
}

async function decrypt(
  label: string,
  encryption: SupportedEncryption,
  ciphertext: Uint8Array,
  passphrase: string,
): Promise<RsaKey> {
  const read = label === 'RSA PRIVATE KEY' ? readRsaPkcs1 : readRsaKey;
  const judge = ({ bytes, sound }: Decrypted): Verdict<RsaKey> => {
    const value = sound ? read(bytes) : undefined;
    return value === undefined ? { kind: 'wrong' } : { kind: 'right', value };
  };
  const locked = { place: nowhere, what: 'private key' } as const;
  return (await unlock(encryption, ciphertext, { passphrase }, judge, locked)).value;
}
