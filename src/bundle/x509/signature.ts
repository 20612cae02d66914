import type { Element } from '../asn1/index.js';

/** Names as the RFCs that register them write them: 3279, 4055, 5758, 8410, 8692. */
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'md2WithRSAEncryption',
  '1.2.840.113549.1.1.3': 'md4WithRSAEncryption',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.3.14.3.2.29': 'sha1WithRSA',
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.113549.1.1.14': 'sha224WithRSAEncryption',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.1': 'ecdsa-with-SHA224',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.2.840.10040.4.3': 'dsa-with-SHA1',
  '2.16.840.1.101.3.4.3.1': 'dsa-with-SHA224',
  '2.16.840.1.101.3.4.3.2': 'dsa-with-SHA256',
  '2.16.840.1.101.3.4.3.9': 'ecdsa-with-SHA3-224',
  '2.16.840.1.101.3.4.3.10': 'ecdsa-with-SHA3-256',
  '2.16.840.1.101.3.4.3.11': 'ecdsa-with-SHA3-384',
  '2.16.840.1.101.3.4.3.12': 'ecdsa-with-SHA3-512',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
  '2.16.840.1.101.3.4.3.17': 'ML-DSA-44',
  '2.16.840.1.101.3.4.3.18': 'ML-DSA-65',
  '2.16.840.1.101.3.4.3.19': 'ML-DSA-87',
};

const hashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'MD5',
  '1.3.14.3.2.26': 'SHA1',
  '2.16.840.1.101.3.4.2.1': 'SHA256',
  '2.16.840.1.101.3.4.2.2': 'SHA384',
  '2.16.840.1.101.3.4.2.3': 'SHA512',
  '2.16.840.1.101.3.4.2.4': 'SHA224',
};

/**
 * The name of a signature algorithm, for RSASSA-PSS with the hash that its parameters name.
 *
 * @param algorithm AlgorithmIdentifier
 * @returns the object identifier where no name is known
 */
export function readSignatureAlgorithm(algorithm: Element): string {
  const fields = algorithm.sequence('the signature algorithm');
  const oid = fields.next('its identifier').oid('the signature algorithm');
  const name = names[oid] ?? oid;
  return name === 'RSASSA-PSS' ? `${name} with ${pssHash(fields.peek())}` : name;
}

/** RFC 4055 section 3.1: SHA-1 unless the parameters say otherwise. */
function pssHash(parameters: Element | undefined): string {
  const hash = parameters?.children?.find((element) => element.is(0, 'context'));
  if (hash === undefined) return 'SHA1';
  const oid = hash
    .explicit('the hash of RSASSA-PSS')
    .sequence('the hash')
    .next('its identifier')
    .oid('the hash');
  return hashes[oid] ?? oid;
}

/** SHA-1, MD5 and older: signatures that can be forged (RFC 9155, RFC 6151). */
export function isForgeable(signatureAlgorithm: string): boolean {
  return /md[245]|sha1(?!\d)/i.test(signatureAlgorithm);
}
