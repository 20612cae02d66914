import { type KeyObject } from 'node:crypto';
import { type Fields, der } from '../asn1/index.js';
import { oids } from './algorithms.js';
import { bitLength, createKey, largestModulusBits, modPow } from './create.js';

/** The key of OpenSSL's traditional DSA structure: version, p, q, g, y, x. Node reads DSA as PKCS#8 only. */
export function createDsaKey(fields: Fields): KeyObject {
  const { refuse } = fields;
  const [version, p, q, g, y, x] = ['the version', 'p', 'q', 'g', 'y', 'x'].map((what) =>
    fields.next(what).integer(what),
  );
  fields.end();
  if (version !== 0n || p === undefined || q === undefined || g === undefined || y === undefined) {
    throw refuse('a DSA key of an unknown version');
  }
  if (x === undefined || x < 1n || x >= q || p < 3n || bitLength(p) > largestModulusBits) {
    throw refuse('the numbers of the DSA key are not ones that DSA uses');
  }
  if (modPow(g, x, p) !== y) {
    throw refuse('the public number of the DSA key does not belong to its private one: it was changed');
  }
  return createKey(dsaPkcs8(p, q, g, x), 'pkcs8', refuse);
}

function dsaPkcs8(p: bigint, q: bigint, g: bigint, x: bigint): Uint8Array {
  const parameters = der.sequence(der.integer(p), der.integer(q), der.integer(g));
  const algorithm = der.sequence(der.oid(oids.dsa), parameters);
  return der.sequence(der.integer(0), algorithm, der.octets(der.integer(x)));
}
