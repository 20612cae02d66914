import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type Place, SapcertError } from '../../errors.js';
import { openSapForm as openByWebAssembly } from '../../kdf/index.js';
import { der, parseAsn1 } from '../asn1/index.js';
import { type SupportedEncryption, sapScheme } from './encryption/index.js';
import { damagedKey } from './judge.js';
import { checkRsa } from './rsa.js';

/** OpenSSL's own limit on passphrases, less some room. */
const longestPassphrase = 1000;

/**
 * Opens a key in the form in which SAP issues it the fastest way: by our own key derivation in WebAssembly,
 * else through OpenSSL. Only success counts: why it could not be opened, neither says reliably.
 *
 * @returns `undefined` on any doubt
 */
export function openSapForm(
  { facts, kdf }: SupportedEncryption,
  ciphertext: Uint8Array,
  passphrase: string | Uint8Array,
  place: Place,
): KeyObject | undefined {
  if (facts.oid !== sapScheme || kdf.kind !== 'pkcs12') return undefined;
  const { salt, iterations } = kdf;
  const opened = openByWebAssembly({ ciphertext, salt, iterations, passphrase });
  if (opened === undefined) return openByOpenssl({ ciphertext, salt, iterations, passphrase }, place);
  const key = createPrivateKey({ key: Buffer.from(opened.pkcs8), format: 'der', type: 'pkcs8' });
  opened.pkcs8.fill(0);
  return key;
}

type SapForm = Parameters<typeof openByWebAssembly>[0];

function openByOpenssl(
  { ciphertext, salt, iterations, passphrase }: SapForm,
  place: Place,
): KeyObject | undefined {
  const bytes = Buffer.from(passphrase);
  if (bytes.length === 0 || bytes.length > longestPassphrase) return undefined;
  const parameters = der.sequence(der.octets(salt), der.integer(iterations));
  const container = der.sequence(der.sequence(der.oid(sapScheme), parameters), der.octets(ciphertext));
  try {
    const key = createPrivateKey({
      key: Buffer.from(container),
      format: 'der',
      type: 'pkcs8',
      passphrase: bytes,
    });
    return key.asymmetricKeyType === 'rsa' && isConsistent(key, place) ? key : undefined;
  } catch {
    return undefined;
  }
}

function isConsistent(key: KeyObject, place: Place): boolean {
  const refuse = damagedKey(place);
  try {
    checkRsa(parseAsn1(key.export({ type: 'pkcs1', format: 'der' }), refuse), refuse);
    return true;
  } catch (error) {
    if (error instanceof SapcertError) return false;
    throw error;
  }
}
