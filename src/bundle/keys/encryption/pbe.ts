import type { Element } from '../../asn1/index.js';
import type { Encryption } from './encryption.js';
import { readPbes1 } from './pbes1.js';
import { pbes2, readPbes2 } from './pbes2.js';

/**
 * Reads the AlgorithmIdentifier of a password-based encryption, in EncryptedPrivateKeyInfo (RFC 5958) and in
 * PKCS#12 (RFC 7292) alike.
 *
 * @param inPkcs12 passwords of PKCS#5 schemes inside PKCS#12 are not always plain UTF-8
 */
export function readPbe(algorithm: Element, inPkcs12: boolean): Encryption {
  const fields = algorithm.sequence('the encryption algorithm');
  const oid = fields.next('its identifier').oid('the identifier of the encryption algorithm');
  const parameters = fields.peek();
  if (oid === pbes2) {
    return readPbes2(fields.next('the PBES2 parameters'), inPkcs12 ? 'octets-or-bmp-string' : 'octets');
  }
  return readPbes1(oid, parameters, inPkcs12) ?? unknownScheme(oid);
}

function unknownScheme(oid: string): Encryption {
  return {
    supported: false,
    facts: { scheme: 'unknown', cipher: oid, kdf: 'unknown', oid },
    algorithm: `the algorithm ${oid}, which is no password-based encryption that sapcert knows`,
    openedBy: 'only what wrote the file',
  };
}
