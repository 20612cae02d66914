import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

/** Kinds of key that a certificate can be issued for; see `canSign` for those that can issue. */
export type KeyKind =
  | 'rsa-1024'
  | 'rsa-2048'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'rsa-pss-2048'
  | 'ec-p256'
  | 'ec-p384'
  | 'ec-p521'
  | 'ec-secp256k1'
  | 'ec-brainpool-p256'
  | 'ed25519'
  | 'ed448'
  | 'dsa-2048';

type KeyPair = { readonly privateKey: KeyObject };

const rsa = (modulusLength: number) => () => promisify(generateKeyPair)('rsa', { modulusLength });
const ec = (namedCurve: string) => () => promisify(generateKeyPair)('ec', { namedCurve });

const makers: Record<KeyKind, () => Promise<KeyPair>> = {
  'rsa-1024': rsa(1024),
  'rsa-2048': rsa(2048),
  'rsa-3072': rsa(3072),
  'rsa-4096': rsa(4096),
  'rsa-pss-2048': () =>
    promisify(generateKeyPair)('rsa-pss', {
      modulusLength: 2048,
      hashAlgorithm: 'sha256',
      mgf1HashAlgorithm: 'sha256',
    }),
  'ec-p256': ec('P-256'),
  'ec-p384': ec('P-384'),
  'ec-p521': ec('P-521'),
  'ec-secp256k1': ec('secp256k1'),
  'ec-brainpool-p256': ec('brainpoolP256r1'),
  ed25519: () => promisify(generateKeyPair)('ed25519'),
  ed448: () => promisify(generateKeyPair)('ed448'),
  'dsa-2048': () => promisify(generateKeyPair)('dsa', { modulusLength: 2048, divisorLength: 256 }),
};

/** A new private key, made on Node's thread pool. */
export async function generateKey(kind: KeyKind): Promise<KeyObject> {
  const { privateKey } = await makers[kind]();
  return privateKey;
}
