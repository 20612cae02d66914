import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inPairs, openssl } from './openssl.js';

/** DSA parameters of 1024 and 160 bits: making new ones takes seconds. */
const dsaParameters = `-----BEGIN DSA PARAMETERS-----
MIIBJgKBgQD9QOMoI/4rK6GxSfe+kho6fIsQ4AgXfBpdtJ9FOXQsGl0dAVYzgUg1
mA4hKC+D4Y7UJkYDJpP+W+47XTbmABC+SITwGQ2aqji3/+pMaeeOLMfMf6s8SLKu
OjqSoEEmHEsvxVDdnek/y1qvzz6lLjhR/azGxyQecvm8phH5ZOPo1wIdANX/Pcc4
2eudLeNEluV0OezwxGU9rYyXblUma0UCgYBw0yOmVkKea7eU4syClTl1gTpHvNlS
5/C/Sqw/jSJL0wMGt2nDH1cY+/mz9tDbBgox1jRg6gjYLb8TbPRuEwstJFZZzAiK
uwQP5YB5dHaCbtOADJAZllzmOU8JjkogYQAjZAFeOpMnjelrtXJ8xsDWD4x2FjTr
TFn4GGqDJdTKqg==
-----END DSA PARAMETERS-----
`;

/** A name and the arguments of `openssl genpkey`. */
const kinds: Readonly<Record<string, string>> = {
  'RSA 2048': '-algorithm RSA -pkeyopt rsa_keygen_bits:2048',
  'RSA 1024': '-algorithm RSA -pkeyopt rsa_keygen_bits:1024',
  'RSA 2048, three primes': '-algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_primes:3',
  'RSA-PSS 1024': '-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024',
  'RSA-PSS 1024 for SHA-256':
    '-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1024 -pkeyopt rsa_pss_keygen_md:sha256 -pkeyopt rsa_pss_keygen_mgf1_md:sha256',
  'EC P-256': '-algorithm EC -pkeyopt ec_paramgen_curve:P-256',
  'EC P-521': '-algorithm EC -pkeyopt ec_paramgen_curve:P-521',
  'EC brainpoolP256r1': '-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1',
  'EC sect283k1': '-algorithm EC -pkeyopt ec_paramgen_curve:sect283k1',
  Ed25519: '-algorithm ED25519',
  Ed448: '-algorithm ED448',
  X25519: '-algorithm X25519',
  X448: '-algorithm X448',
  'DSA 1024': '-paramfile dsa-parameters.pem',
  'DH ffdhe2048': '-algorithm DH -pkeyopt group:ffdhe2048',
};

/** A private key that openssl made, and the public key that openssl says belongs to it. */
export interface BaseKey {
  readonly key: string;
  /** Its file in the folder of the corpus: PKCS#8, PEM, not encrypted. */
  readonly file: string;
  readonly publicKey: string;
  /** A certificate for it; not for keys that cannot sign. */
  readonly certificate: string | undefined;
}

export async function makeBaseKeys(folder: string): Promise<ReadonlyMap<string, BaseKey>> {
  await writeFile(join(folder, 'dsa-parameters.pem'), dsaParameters);
  const keys = await inPairs(Object.entries(kinds), async ([key, args]): Promise<BaseKey> => {
    const file = `${key.replaceAll(/\W+/g, '-')}.pem`;
    await openssl(['genpkey', ...args.split(' '), '-out', file], { cwd: folder });
    const publicKey = (await openssl(['pkey', '-in', file, '-pubout'], { cwd: folder })).toString();
    return { key, file, publicKey, certificate: await certify(key, file, folder) };
  });
  return new Map(keys.map((key) => [key.key, key]));
}

async function certify(key: string, file: string, folder: string): Promise<string | undefined> {
  if (/^(?:X|DH)/.test(key)) return undefined;
  const certificate = file.replace('.pem', '.crt');
  const subject = ['-subj', `/CN=${key}`, '-days', '3650'];
  await openssl(['req', '-x509', '-new', '-key', file, '-out', certificate, ...subject], { cwd: folder });
  return certificate;
}
