import { type KeyObject, createPublicKey } from 'node:crypto';
import { type Element, type Fields, type Refuse, Tag, der } from '../asn1/index.js';
import { oids } from './algorithms.js';
import { createKey, tryCreateKey, unsupportedType } from './create.js';
import { noteSpelledOut, recogniseCurve } from './explicit-curve.js';

/**
 * The key of an ECPrivateKey structure (RFC 5915 section 3).
 *
 * @param outer the parameters of the PKCS#8 algorithm; those inside may be absent then
 * @throws SapcertError `key.unsupported-type` for curves that Node does not know
 */
export function createEcKey(fields: Fields, outer: Element | undefined): KeyObject {
  const { refuse } = fields;
  if (fields.next('the version').count('the version') !== 1) throw refuse('an EC key of an unknown version');
  const scalar = fields.next('the private key').octets('the private key');
  const inner = fields.optional(0, 'context')?.explicit('the curve');
  const point = fields.optional(1, 'context')?.explicit('the public key').bits('the public key');
  fields.end();
  const written = outer?.is(Tag.null) === true ? (inner ?? outer) : (outer ?? inner);
  const curve = curveOf(written, refuse);
  const parameters = der.oid(curve);
  // OpenSSL takes the public point as it stands; without it, it derives the point that belongs to the number.
  const bare = tryCreateKey(pkcs8(parameters, scalar, undefined), 'pkcs8');
  if (bare === undefined) throw cannotCreate(curve, parameters, scalar.length, refuse);
  const key = createKey(pkcs8(parameters, scalar, point), 'pkcs8', refuse);
  if (!createPublicKey(key).equals(createPublicKey(bare))) {
    throw refuse('the public point of the EC key does not belong to its private number: it was changed');
  }
  if (written?.is(Tag.sequence) === true) noteSpelledOut(key);
  return key;
}

function pkcs8(parameters: Uint8Array, scalar: Uint8Array, point: Uint8Array | undefined): Uint8Array {
  const key = [der.integer(1), der.octets(scalar)];
  if (point !== undefined) key.push(der.explicit(1, der.bits(point)));
  const algorithm = der.sequence(der.oid(oids.ec), parameters);
  return der.sequence(der.integer(0), algorithm, der.octets(der.sequence(...key)));
}

function curveOf(parameters: Element | undefined, refuse: Refuse): string {
  if (parameters === undefined) throw refuse('the EC key names no curve');
  if (parameters.is(Tag.sequence)) {
    const curve = recogniseCurve(parameters, refuse);
    if (curve !== undefined) return curve;
    throw unsupportedType(
      'the EC key spells out the parameters of its curve, and they are those of no curve that this Node knows',
      refuse,
      'TLS knows curves by their names only (RFC 8422 section 5.1.1): let a key on P-256 be made',
    );
  }
  if (parameters.is(Tag.null)) {
    throw unsupportedType(
      'the EC key inherits its curve from a certificate authority (implicitCurve)',
      refuse,
    );
  }
  return parameters.oid('the curve');
}

/** Node does not say why: a key with the number 1 shows whether it knows the curve at all. */
function cannotCreate(curve: string, parameters: Uint8Array, length: number, refuse: Refuse): Error {
  const one = Buffer.alloc(Math.max(1, Math.min(length, 128)));
  one[one.length - 1] = 1;
  return tryCreateKey(pkcs8(parameters, one, undefined), 'pkcs8') === undefined
    ? unsupportedType(`the EC key is on the curve ${curve}, which this Node does not know`, refuse)
    : refuse('the private number of the EC key does not fit its curve');
}
