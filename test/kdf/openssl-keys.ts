import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { parseAsn1 } from '../../src/bundle/asn1/index.js';
import { SapcertError } from '../../src/errors.js';
import type { SapForm } from '../../src/kdf/index.js';
import { peerEnv } from '../support/peers.js';

/** A private key that openssl made: as it is, and as SAP's files hold it. */
export interface TestKey {
  readonly pkcs8: Buffer;
  readonly form: SapForm & { readonly passphrase: string };
  readonly encrypted: Buffer;
}

export const openssl = (args: readonly string[], input?: Uint8Array): Buffer =>
  execFileSync('openssl', args, { input, env: peerEnv(), stdio: ['pipe', 'pipe', 'ignore'] });

export function makeKey(genpkey: readonly string[], passphrase: string, iterations: number): TestKey {
  const plain = openssl(
    ['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'],
    openssl(['genpkey', '-quiet', ...genpkey]),
  );
  return encryptKey(plain, passphrase, iterations);
}

export function encryptKey(plain: Uint8Array, passphrase: string, iterations: number): TestKey {
  const scheme = ['-v1', 'PBE-SHA1-3DES', '-iter', `${iterations}`];
  const ends = ['-inform', 'DER', '-outform', 'DER', '-passout', `pass:${passphrase}`];
  const encrypted = openssl(['pkcs8', '-topk8', ...scheme, ...ends], plain);
  const key = createPrivateKey({ key: Buffer.from(plain), format: 'der', type: 'pkcs8' });
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  return { pkcs8, encrypted, form: readForm(encrypted, passphrase) };
}

/** EncryptedPrivateKeyInfo (RFC 5208 section 6) with the parameters of RFC 7292 appendix C. */
export function readForm(encrypted: Uint8Array, passphrase: string): SapForm & { passphrase: string } {
  const info = parseAsn1(encrypted, (message) => new SapcertError('file.malformed', message)).sequence(
    'info',
  );
  const algorithm = info.next('algorithm').sequence('algorithm');
  if (algorithm.next('oid').oid('oid') !== '1.2.840.113549.1.12.1.3')
    throw new TypeError('not the form of SAP');
  const parameters = algorithm.next('parameters').sequence('parameters');
  const salt = parameters.next('salt').octets('salt');
  const iterations = parameters.next('iterations').count('iterations');
  return { ciphertext: info.next('ciphertext').octets('ciphertext'), salt, iterations, passphrase };
}
