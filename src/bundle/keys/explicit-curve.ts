import { type KeyObject, generateKeyPairSync, getCurves } from 'node:crypto';
import { type Element, der, parseAsn1, type Refuse } from '../asn1/index.js';
import { oids } from './algorithms.js';
import { tryCreateKey } from './create.js';
import { noteOn } from './notes.js';

/**
 * The identifier of a curve whose parameters are spelled out (SEC 1 appendix C.2). OpenSSL names it only where
 * field, coefficients, generator, order and cofactor all are those of the curve that it knows: a generator of
 * somebody's own choice makes it an unknown curve (CVE-2020-0601).
 *
 * @returns `undefined` for a curve that has no name here
 */
export function recogniseCurve(parameters: Element, refuse: Refuse): string | undefined {
  const one = der.sequence(der.integer(1), der.octets(Buffer.of(1)));
  const algorithm = der.sequence(der.oid(oids.ec), parameters.bytes);
  const key = tryCreateKey(der.sequence(der.integer(0), algorithm, der.octets(one)), 'pkcs8');
  const namedCurve = key?.asymmetricKeyDetails?.namedCurve ?? '';
  // OpenSSL calls what it does not know `UNDEF`.
  return getCurves().includes(namedCurve) ? identifierOf(namedCurve, refuse) : undefined;
}

/** As OpenSSL writes it into a key of its own. */
function identifierOf(namedCurve: string, refuse: Refuse): string {
  const spki = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' });
  const algorithm = parseAsn1(spki, refuse).sequence('a key').next('the algorithm').sequence('the algorithm');
  algorithm.next('its identifier');
  return algorithm.next('the curve').oid('the curve');
}

/** Says that the curve of a key was spelled out: the key names it now. */
export function noteSpelledOut(key: KeyObject): void {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  noteOn(
    key,
    'repaired.explicit-curve',
    `the key spells out the parameters of its curve, which TLS forbids (RFC 8422 section 5.1.1); it is named now: ${curve}`,
  );
}
