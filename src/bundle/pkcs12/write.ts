import { createHash, createHmac, type KeyObject, randomBytes, type X509Certificate } from 'node:crypto';
import { der } from '../asn1/index.js';
import {
  derivePkcs12,
  encryptPbes2,
  type Encrypted,
  passwordCandidates,
  requireHash,
} from '../keys/encryption/index.js';
import { oid } from './oids.js';

export interface Pkcs12Input {
  readonly key: KeyObject;
  /** The leaf, to which the key belongs, first. */
  readonly certificates: readonly X509Certificate[];
  readonly passphrase: string;
  /** The name under which programs show the key; the leaf's common name when it is not given. */
  readonly friendlyName?: string | undefined;
}

/** The cheapest of MAC, key and certificates is what an attacker tries passphrases on: they cost the same. */
const iterations = 100_000;

/**
 * A PKCS#12 file (RFC 7292) as OpenSSL 3 and Java write it today: PBES2 with AES-256-CBC and PBKDF2-HMAC-SHA-256
 * around the key and around the certificates, and a MAC with SHA-256. DER.
 */
export async function writePkcs12(input: Pkcs12Input): Promise<Uint8Array> {
  const { key, certificates, passphrase } = input;
  const [leaf] = certificates;
  const attributes = leaf === undefined ? undefined : leafAttributes(leaf, input.friendlyName);
  const certificateBags = certificates.map((certificate) =>
    bag(oid.certBag, x509Value(certificate), certificate === leaf ? attributes : undefined),
  );
  const sealed = await encryptPbes2(key.export({ type: 'pkcs8', format: 'der' }), passphrase, iterations);
  const keyValue = der.sequence(sealed.algorithm, der.octets(sealed.ciphertext));
  const keyBag = bag(oid.shroudedKeyBag, keyValue, attributes);
  const sealedCertificates = await encryptPbes2(der.sequence(...certificateBags), passphrase, iterations);
  const authenticated = der.sequence(encryptedData(sealedCertificates), data(der.sequence(keyBag)));
  return der.sequence(der.integer(3), data(authenticated), await mac(authenticated, passphrase));
}

function bag(type: string, value: Uint8Array, attributes: Uint8Array | undefined): Uint8Array {
  const parts = [der.oid(type), der.explicit(0, value)];
  return der.sequence(...parts, ...(attributes === undefined ? [] : [attributes]));
}

function x509Value(certificate: X509Certificate): Uint8Array {
  return der.sequence(der.oid(oid.x509Certificate), der.explicit(0, der.octets(certificate.raw)));
}

/** What ties key and leaf together (RFC 2985 section 5.5): the same identifier and the same name on both. */
function leafAttributes(leaf: X509Certificate, friendlyName: string | undefined): Uint8Array {
  const name = friendlyName ?? commonName(leaf);
  const localKeyId = der.octets(createHash('sha1').update(leaf.raw).digest());
  const attributes = [der.sequence(der.oid(oid.localKeyId), der.setOf(localKeyId))];
  if (name !== undefined) {
    attributes.push(der.sequence(der.oid(oid.friendlyName), der.setOf(der.bmpString(name))));
  }
  return der.setOf(...attributes);
}

function commonName(certificate: X509Certificate): string | undefined {
  const { CN } = certificate.toLegacyObject().subject;
  return Array.isArray(CN) ? CN[0] : CN;
}

function data(content: Uint8Array): Uint8Array {
  return der.sequence(der.oid(oid.data), der.explicit(0, der.octets(content)));
}

function encryptedData({ algorithm, ciphertext }: Encrypted): Uint8Array {
  const content = der.sequence(der.oid(oid.data), algorithm, der.implicitOctets(0, ciphertext));
  return der.sequence(der.oid(oid.encryptedData), der.explicit(0, der.sequence(der.integer(0), content)));
}

async function mac(content: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const sha256 = requireHash('sha256');
  const salt = randomBytes(16);
  const [password = new Uint8Array()] = passwordCandidates('bmp-string', passphrase);
  const key = await derivePkcs12(sha256, { salt, iterations }, 'mac', password, sha256.digestBytes);
  const value = createHmac('sha256', key).update(content).digest();
  const digestInfo = der.sequence(der.sequence(der.oid(sha256.oid), der.null()), der.octets(value));
  return der.sequence(digestInfo, der.octets(salt), der.integer(iterations));
}
