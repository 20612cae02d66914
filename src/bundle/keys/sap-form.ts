import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type Place, SapcertError } from '../../errors.js';
import { openSapFormSoon, type SapForm } from '../../kdf/index.js';
import { der, parseAsn1 } from '../asn1/index.js';
import { type SupportedEncryption, sapScheme } from './encryption/index.js';
import { damagedKey } from './judge.js';
import { readPkcs8 } from './pkcs8.js';
import { checkRsa } from './rsa.js';

/** OpenSSL's own limit on passphrases, less some room. */
const longestPassphrase = 1000;

const blockBytes = 8;

/**
 * Opens an RSA key in the form in which SAP issues it the fastest way: by sapcert's own key derivation, else
 * through OpenSSL. Only success counts: why it could not be opened, neither says reliably.
 *
 * @returns `undefined` on any doubt
 */
export async function openSapForm(
  { facts, kdf }: SupportedEncryption,
  ciphertext: Uint8Array,
  passphrase: string | Uint8Array,
  place: Place,
): Promise<KeyObject | undefined> {
  if (facts.oid !== sapScheme || kdf.kind !== 'pkcs12') return undefined;
  const form = { ciphertext, salt: kdf.salt, iterations: kdf.iterations, passphrase };
  const opened = await openSapFormSoon(form);
  if (opened === undefined) return openByOpenssl(form, place);
  const key = createPrivateKey({ key: Buffer.from(opened.pkcs8), format: 'der', type: 'pkcs8' });
  opened.pkcs8.fill(0);
  return key;
}

function openByOpenssl(
  { ciphertext, salt, iterations, passphrase }: SapForm,
  place: Place,
): KeyObject | undefined {
  const bytes = Buffer.from(passphrase);
  if (bytes.length === 0 || bytes.length > longestPassphrase) return undefined;
  const parameters = der.sequence(der.octets(salt), der.integer(iterations));
  const container = der.sequence(der.sequence(der.oid(sapScheme), parameters), der.octets(ciphertext));
  const opened = tryOpen(Buffer.from(container), bytes);
  return opened !== undefined && isWholeRsaKey(opened, ciphertext.length, place) ? opened : undefined;
}

function tryOpen(key: Buffer, passphrase: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase });
  } catch {
    return undefined;
  }
}

/** OpenSSL checks neither that an RSA key's numbers belong together nor that nothing follows the key. */
function isWholeRsaKey(key: KeyObject, ciphertextBytes: number, place: Place): boolean {
  if (key.asymmetricKeyType !== 'rsa') return false;
  const info = key.export({ type: 'pkcs8', format: 'der' });
  if (ciphertextBytes !== info.length + blockBytes - (info.length % blockBytes)) return false;
  const refuse = damagedKey(place);
  try {
    const { privateKey } = readPkcs8(parseAsn1(info, refuse).sequence('the private key'));
    checkRsa(parseAsn1(privateKey, refuse), refuse);
    return true;
  } catch (error) {
    if (error instanceof SapcertError) return false;
    throw error;
  }
}
