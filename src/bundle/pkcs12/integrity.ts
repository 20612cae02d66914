import { SapcertError } from '../../errors.js';
import {
  missingPassphrase,
  orUnsupported,
  requireSupported,
  wrongPassphrase,
} from '../keys/encryption/index.js';
import type { OpenKeyOptions } from '../types.js';
import { macFits } from './mac.js';
import { opensAnything } from './open.js';
import type { Pfx } from './structure.js';

/** `unchecked`: without a passphrase, or by a MAC that sapcert cannot compute. */
export type Integrity = 'checked' | 'no-mac' | 'unchecked';

/**
 * Checks the MAC of a file. Where it does not fit, whether the passphrase opens something in it tells a damaged
 * file from a wrong passphrase.
 *
 * @throws SapcertError `key.passphrase-missing` where something is encrypted, `key.passphrase-wrong`,
 *   `key.damaged`, `key.unsupported-encryption`
 */
export async function checkIntegrity(pfx: Pfx, options: OpenKeyOptions): Promise<Integrity> {
  const { mac, place } = pfx;
  const { passphrase } = options;
  const encrypted = pfx.contents.flatMap((content) => (content.encrypted ? [content.encryption] : []));
  for (const encryption of encrypted) requireSupported(encryption, place);
  if (passphrase === undefined && encrypted.length > 0) {
    throw missingPassphrase({ place, what: 'PKCS#12 file' });
  }
  if (mac === undefined) return 'no-mac';
  if (passphrase === undefined || !mac.supported) return 'unchecked';
  const what = `${mac.facts.kdf} with ${mac.facts.algorithm}`;
  const fits = await orUnsupported(what, place, () => macFits(mac, pfx.authenticated, passphrase));
  if (fits) return 'checked';
  throw await whyNot(pfx, options);
}

async function whyNot(pfx: Pfx, options: OpenKeyOptions): Promise<SapcertError> {
  const { place } = pfx;
  const opens = await opensAnything(pfx, options);
  if (opens === undefined) {
    const message =
      'the passphrase and the MAC of the PKCS#12 file do not fit, and nothing in it is encrypted';
    return new SapcertError('key.passphrase-wrong', message, {
      place,
      hint: 'check the passphrase first; if it is the right one, the file was changed after it was issued',
    });
  }
  return opens
    ? pfx.refuse('the passphrase opens it, but its MAC does not fit: something in it was changed')
    : wrongPassphrase({ place, what: 'PKCS#12 file' });
}
