import { type KeyObject } from 'node:crypto';
import { SapcertError } from '../../errors.js';
import { der, parseAsn1 } from '../asn1/index.js';
import { oids } from './algorithms.js';
import { modPow } from './create.js';
import { damagedKey } from './judge.js';
import { pem } from './pem-text.js';
import { type OpenedKey, typeOf, UnknownKey } from './unknown-key.js';

/**
 * How a key is written without encryption: `pkcs8` as OpenSSL 3 does; `pkcs1` (RSA), `sec1` (EC) and
 * `traditional` (whichever of them, or OpenSSL's DSA structure, fits) as OpenSSL 1.1.1 does.
 */
export type KeyFormat = 'pkcs8' | 'pkcs1' | 'sec1' | 'traditional';

/**
 * The key as PEM, byte for byte what openssl writes. Keys for which there is no traditional form (RSA-PSS,
 * Edwards and Montgomery curves, Diffie-Hellman) are PKCS#8 in the `traditional` form too.
 *
 * @throws SapcertError `usage.invalid` for `pkcs1` and `sec1` of a key that has no such form; `key.damaged` for one
 *   that OpenSSL takes and cannot write, such as an EC key whose number is larger than its curve
 */
export function exportKey(key: OpenedKey, format: KeyFormat): string {
  try {
    return written(key, format);
  } catch (cause) {
    if (cause instanceof SapcertError) throw cause;
    throw new SapcertError('key.damaged', 'the private key is damaged: its numbers do not fit its kind', {
      cause,
    });
  }
}

function written(key: OpenedKey, format: KeyFormat): string {
  switch (format) {
    case 'pkcs8':
      if (key instanceof UnknownKey) return pem('PRIVATE KEY', key.pkcs8);
      return key.export({ type: 'pkcs8', format: 'pem' }).toString();
    case 'pkcs1':
      if (key.asymmetricKeyType !== 'rsa') throw noSuchForm(key, 'PKCS#1', 'RSA');
      return key.export({ type: 'pkcs1', format: 'pem' }).toString();
    case 'sec1':
      if (key.asymmetricKeyType !== 'ec') throw noSuchForm(key, 'SEC 1', 'EC');
      return key.export({ type: 'sec1', format: 'pem' }).toString();
    case 'traditional':
      return exportTraditional(key);
    default:
      return format satisfies never;
  }
}

function exportTraditional(key: OpenedKey): string {
  const type = key.asymmetricKeyType;
  if (type === 'rsa') return exportKey(key, 'pkcs1');
  if (type === 'ec') return exportKey(key, 'sec1');
  return type === 'dsa' ? pem('DSA PRIVATE KEY', traditionalDsa(key)) : exportKey(key, 'pkcs8');
}

/** SEQUENCE { 0, p, q, g, y, x }, put together from the PKCS#8 form and the public key's. */
function traditionalDsa(key: KeyObject): Uint8Array {
  const refuse = damagedKey({});
  const info = parseAsn1(key.export({ type: 'pkcs8', format: 'der' }), refuse).sequence('the key');
  info.next('the version');
  const algorithm = info.next('the algorithm').sequence('the algorithm');
  if (algorithm.next('its identifier').oid('its identifier') !== oids.dsa) throw refuse('this is no DSA key');
  const [p, q, g] = algorithm
    .next('the parameters')
    .sequenceOf('the parameters')
    .map((number) => number.integer('a parameter'));
  const x = parseAsn1(info.next('x').octets('x'), refuse).integer('x');
  if (p === undefined || q === undefined || g === undefined) throw refuse('the DSA key has no parameters');
  return der.sequence(...[0n, p, q, g, modPow(g, x, p), x].map((number) => der.integer(number)));
}

function noSuchForm(key: OpenedKey, form: string, wanted: string): SapcertError {
  return new SapcertError(
    'usage.invalid',
    `${form} is a form of ${wanted} keys; this one is ${typeOf(key)}`,
    {
      hint: 'use pkcs8, which holds every key',
    },
  );
}
