import { X509Certificate } from 'node:crypto';
import { type Defect, SapcertError } from '../../errors.js';
import { type Material, type ReadOptions, merge, readMaterial } from '../material.js';
import type { FoundCertificate } from '../types.js';
import { readWrapped } from '../wrapped.js';
import { describeCertificate } from './certificate.js';
import type { Node } from './chain.js';
import { type InspectedStore, type StoreBytes, findStores } from './store.js';
import type { ForeignIssuer, InspectOptions, InspectedKey } from './types.js';

/** What was read of an input, with what is known of a PKCS#12 file that could not be opened. */
export interface Reading {
  readonly material: Material;
  readonly stores: readonly InspectedStore[];
  /** Keys inside a PKCS#12 file that could not be opened. */
  readonly sealedKeys: readonly InspectedKey[];
  /** Why a PKCS#12 file could not be opened, where more than a missing secret is to blame. */
  readonly refusals: readonly SapcertError[];
}

/**
 * Reads the bundle and the parts beside it. Other than `readBundle` it goes on where a PKCS#12 file cannot be
 * opened, with what can be told of it without a secret.
 *
 * @throws SapcertError `file.*`, `key.*` for a broken input
 */
export async function readForInspection(
  input: string | Uint8Array,
  options: InspectOptions,
): Promise<Reading> {
  const main = await readPart(input, options);
  const passphrase = options.passphrase ?? main.material.secret;
  const readMore = async (
    part: string | Uint8Array | undefined,
    file: string | undefined,
  ): Promise<Reading[]> =>
    part === undefined ? [] : [await readPart(part, { ...options, passphrase, file })];
  const key = await readMore(options.key, options.keyFile);
  const chain = await readMore(options.chain, options.chainFile);
  const parts = [main, ...key, ...chain];
  return {
    material: merge(parts.map(({ material }) => material)),
    stores: parts.flatMap(({ stores }) => stores),
    sealedKeys: parts.flatMap(({ sealedKeys }) => sealedKeys),
    refusals: parts.flatMap(({ refusals }) => refusals),
  };
}

async function readPart(input: string | Uint8Array, options: ReadOptions): Promise<Reading> {
  const stores = await findStores(input, options.file);
  try {
    const material = await readMaterial(input, options);
    return { material, stores: await describeStores(stores, false), sealedKeys: [], refusals: [] };
  } catch (error) {
    if (stores.length === 0 || !(error instanceof SapcertError) || !error.code.startsWith('key.'))
      throw error;
    return readSealed(input, stores, error, options.file);
  }
}

/** A JSON download says more than the PKCS#12 file in it; nothing else can lie around a PKCS#12 file. */
async function readSealed(
  input: string | Uint8Array,
  found: readonly StoreBytes[],
  error: SapcertError,
  file: string | undefined,
): Promise<Reading> {
  const stores = await describeStores(found, true);
  const wrapped = found.some(({ place }) => place.file !== file)
    ? readWrapped(asText(input), file)
    : undefined;
  const material: Material = {
    format: wrapped?.format ?? 'pkcs12',
    keys: [],
    certificates: [],
    blocks: [],
    connection: wrapped?.connection ?? {},
    secret: wrapped?.secret,
    warnings: [],
  };
  const missing = error.code === 'key.passphrase-missing';
  const sealedKeys = stores.flatMap((store) => keysOf(store, missing ? 'locked' : 'refused'));
  return { material, stores, sealedKeys, refusals: missing ? [] : [error] };
}

async function describeStores(
  stores: readonly StoreBytes[],
  sealed: boolean,
): Promise<readonly InspectedStore[]> {
  if (stores.length === 0) return [];
  const { describePkcs12 } = await import('../pkcs12/index.js');
  return stores.map(({ der, place }) => ({ ...describePkcs12(der, place), place, sealed }));
}

function keysOf({ contents, place }: InspectedStore, state: 'locked' | 'refused'): InspectedKey[] {
  return contents
    .flatMap(({ bags }) => bags ?? [])
    .filter(({ kind }) => kind === 'key')
    .map(({ encryption, friendlyName }) => {
      const label = encryption === undefined ? 'PRIVATE KEY' : 'ENCRYPTED PRIVATE KEY';
      return { place, label, encryption, friendlyName, state };
    });
}

function asText(input: string | Uint8Array): string {
  return typeof input === 'string' ? input : Buffer.from(input).toString('utf8');
}

/** A certificate of the input or, with `from`, from elsewhere. */
export interface NumberedCertificate extends Node, FoundCertificate {
  readonly from?: string | undefined;
}

/** No CA file in use comes near this; each certificate costs signature checks. */
const mostCertificates = 1000;

/**
 * The certificates of the input, then those from elsewhere, numbered and described.
 *
 * @throws SapcertError with all that are broken; `file.too-large`
 */
export function describeAll(
  certificates: readonly FoundCertificate[],
  issuers: readonly ForeignIssuer[],
): readonly NumberedCertificate[] {
  if (certificates.length > mostCertificates) {
    const message = `${certificates.length} certificates; sapcert inspects up to ${mostCertificates} at once`;
    throw new SapcertError('file.too-large', message, { place: { file: certificates[0]?.place.file } });
  }
  const foreign = issuers.map(({ certificate, from }) => ({
    x509: new X509Certificate(certificate),
    place: { file: from },
    from,
  }));
  const defects: Defect[] = [];
  const nodes = [...certificates, ...foreign].flatMap((certificate, index) => {
    try {
      const described = describeCertificate(certificate.x509, certificate.place);
      return [{ ...certificate, described, number: index + 1 }];
    } catch (error) {
      if (!(error instanceof SapcertError)) throw error;
      defects.push(...error.defects);
      return [];
    }
  });
  const [first, ...rest] = defects;
  if (first !== undefined) throw SapcertError.of([first, ...rest]);
  return nodes;
}
