import { type KeyObject, createPublicKey } from 'node:crypto';
import { type Element, type Fields, type Refuse, der, parsePadded } from '../asn1/index.js';
import { type KeyAlgorithm, keyAlgorithm, oids } from './algorithms.js';
import { createKey, tryCreateKey, unsupportedType } from './create.js';
import { createEcKey } from './ec.js';
import { noteTrailing } from './notes.js';
import { checkRsa } from './rsa.js';
import { type OpenedKey, UnknownKey } from './unknown-key.js';

/** PrivateKeyInfo and OneAsymmetricKey (RFC 5958 section 2). */
export interface Pkcs8 {
  readonly oid: string;
  /** The whole AlgorithmIdentifier. */
  readonly algorithm: Element;
  readonly parameters: Element | undefined;
  readonly privateKey: Uint8Array;
  /** Version 2 may bring the public key along. */
  readonly publicKey: Uint8Array | undefined;
  readonly refuse: Refuse;
}

export function readPkcs8(fields: Fields): Pkcs8 {
  const { refuse } = fields;
  const version = fields.next('the version').count('the version');
  if (version > 1) throw refuse(`PKCS#8 of the unknown version ${version}`);
  const algorithm = fields.next('the key algorithm');
  const identifier = algorithm.sequence('the key algorithm');
  const oid = identifier.next('its identifier').oid('the identifier of the key algorithm');
  const parameters = identifier.peek();
  const privateKey = fields.next('the private key').octets('the private key');
  fields.optional(0, 'context');
  const publicKey = fields.optional(1, 'context')?.implicitBits('the public key');
  fields.end();
  return { oid, algorithm, parameters, privateKey, publicKey, refuse };
}

/**
 * The key of a PKCS#8 structure. It is written anew as version 1 without attributes for OpenSSL, which reads no
 * other.
 *
 * @throws SapcertError `key.damaged`, `key.unsupported-type`
 */
export function createPkcs8Key(info: Pkcs8): OpenedKey {
  const algorithm = keyAlgorithm(info.oid);
  if (algorithm?.type === undefined) return createByNodeAlone(algorithm, info);
  const { element, trailing } = parsePadded(info.privateKey, info.refuse);
  const key = createByAlgorithm(algorithm, info, element);
  noteTrailing(key, trailing);
  checkPublicKey(key, algorithm, info);
  return key;
}

/** What sapcert knows by name only, a newer Node may know better: ML-DSA, for one. */
function createByNodeAlone(algorithm: KeyAlgorithm | undefined, info: Pkcs8): OpenedKey {
  const written = versionOne(undefined, info, info.privateKey);
  const key = tryCreateKey(written, 'pkcs8');
  if (key?.asymmetricKeyType !== undefined) return key;
  if (algorithm !== undefined) return new UnknownKey(algorithm.name, written);
  throw unsupportedType(`the key is unknown (${info.oid})`, info.refuse);
}

function createByAlgorithm({ type }: KeyAlgorithm, info: Pkcs8, inner: Element): KeyObject {
  if (type === 'ec') {
    return createEcKey(inner.sequence('the EC private key'), info.parameters);
  }
  if (type === 'rsa' || type === 'rsa-pss') checkRsa(inner, info.refuse);
  return createKey(versionOne(type, info, inner.bytes), 'pkcs8', info.refuse);
}

/** Without attributes; under the identifier and with the parameters that OpenSSL expects. */
function versionOne(type: KeyAlgorithm['type'], info: Pkcs8, privateKey: Uint8Array): Uint8Array {
  return der.sequence(der.integer(0), algorithmOf(type, info), der.octets(privateKey));
}

function algorithmOf(type: KeyAlgorithm['type'], { oid, algorithm }: Pkcs8): Uint8Array {
  if (type === 'rsa') return der.sequence(der.oid(oids.rsa), der.null());
  // RFC 8410 section 3: these have no parameters, and no NULL in their place.
  return type !== undefined && isEdwardsOrMontgomery(type) ? der.sequence(der.oid(oid)) : algorithm.bytes;
}

function isEdwardsOrMontgomery(type: string): boolean {
  return /^(?:ed|x)\d/.test(type);
}

/** Where version 2 brings the public key of an Edwards or Montgomery curve, it must be this key's. */
function checkPublicKey(key: KeyObject, { type }: KeyAlgorithm, { publicKey, refuse }: Pkcs8): void {
  if (publicKey === undefined || type === undefined || !isEdwardsOrMontgomery(type)) return;
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-publicKey.length);
  if (!own.equals(publicKey)) throw refuse('the public key beside the private key is another key');
}
