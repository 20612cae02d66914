import { legacyProvider } from './openssl.js';
import type { Container } from './corpus-file.js';

/** How openssl makes one file of the corpus. */
export interface OpensslRow {
  readonly container: Container;
  readonly kdf: string | undefined;
  readonly cipher: string | undefined;
  readonly key: string;
  /** The command less `-in`, `-inkey` and the passphrase. */
  readonly args: readonly string[];
  readonly passphrase: string | undefined;
}

const plain = 'jJ3fF7dD0rR2rR3wW0eE2tT';
/** What people really have: letters beyond ASCII, beyond Latin-1 and beyond the Basic Multilingual Plane. */
const unusual = ['grün', '密码 🔑', '', 'x'.repeat(200), ' a\tb!#?$ '] as const;

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const iterations = ['-iter', '1000'] as const;

const dekInfo = words(`
  aes-128-cbc aes-128-cfb aes-128-cfb1 aes-128-cfb8 aes-128-ofb aes-128-ctr aes-192-cbc
  aes-192-cfb aes-192-ofb aes-256-cbc aes-256-cfb aes-256-ofb camellia-128-cbc camellia-192-cfb
  camellia-256-cbc camellia-256-ofb aria-128-cbc aria-192-cfb aria-256-cbc aria-256-ofb
  aria-256-cfb8 sm4-cbc sm4-cfb sm4-ofb seed-cbc seed-cfb seed-ofb des-ede3-cbc des-ede3-cfb
  des-ede3-cfb8 des-ede3-ofb des-ede-cbc des-ede-cfb des-ede-ofb des-cbc des-cfb des-cfb1 des-ofb
  rc2-cbc rc2-cfb rc2-ofb rc2-40-cbc rc2-64-cbc bf-cbc bf-cfb bf-ofb cast5-cbc cast5-cfb cast5-ofb desx-cbc
`);

const pbes1 = {
  'PBE-MD5-DES': ['pbkdf1-md5', 'des-cbc'],
  'PBE-SHA1-DES': ['pbkdf1-sha1', 'des-cbc'],
  'PBE-MD5-RC2-64': ['pbkdf1-md5', 'rc2-64-cbc'],
  'PBE-SHA1-RC2-64': ['pbkdf1-sha1', 'rc2-64-cbc'],
  'PBE-SHA1-RC4-128': ['pkcs12-sha1', 'rc4-128'],
  'PBE-SHA1-RC4-40': ['pkcs12-sha1', 'rc4-40'],
  'PBE-SHA1-3DES': ['pkcs12-sha1', 'des-ede3-cbc'],
  'PBE-SHA1-2DES': ['pkcs12-sha1', 'des-ede-cbc'],
  'PBE-SHA1-RC2-128': ['pkcs12-sha1', 'rc2-cbc'],
  'PBE-SHA1-RC2-40': ['pkcs12-sha1', 'rc2-40-cbc'],
} as const;

const pbes2 = words(`
  aes-128-cbc aes-192-cbc aes-256-cbc aes-256-cfb aes-256-ofb aes-128-ecb camellia-128-cbc
  camellia-192-cbc camellia-256-cbc camellia-256-ofb aria-128-cbc aria-192-cfb aria-256-cbc
  sm4-cbc sm4-cfb seed-cbc des-ede3-cbc des-cbc rc2-cbc rc2-64-cbc rc2-40-cbc bf-cbc cast5-cbc
`);

const prfs = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-224', 'sha512-256'];

const macs = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-256', 'sha3-256'];

const keys = [
  'RSA 2048',
  'RSA 2048, three primes',
  'RSA-PSS 1024',
  'RSA-PSS 1024 for SHA-256',
  'EC P-256',
  'EC P-521',
  'EC brainpoolP256r1',
  'EC sect283k1',
  'Ed25519',
  'Ed448',
  'X25519',
  'X448',
  'DSA 1024',
  'DH ffdhe2048',
];

const pkcs8 = ['pkcs8', ...legacyProvider, '-topk8', ...iterations];
const pkcs12 = ['pkcs12', ...legacyProvider, '-export', '-name', 'Gerät 1', ...iterations];
const usual = {
  container: 'PKCS#8 PBES2',
  kdf: 'pbkdf2-sha256',
  cipher: 'aes-256-cbc',
  key: 'EC P-256',
} as const;
const usualPkcs12 = { ...usual, container: 'PKCS#12', passphrase: plain } as const;
const open = {
  container: 'not encrypted',
  kdf: undefined,
  cipher: undefined,
  passphrase: undefined,
} as const;

/** Every kind of file that OpenSSL 3.0 with its legacy provider can write, one row a file. */
export const opensslRows: readonly OpensslRow[] = [
  ...keys.map((key) => ({ ...open, key, args: ['pkcs8', '-topk8', '-nocrypt'] })),
  ...keys.map((key) => ({ ...open, key, args: ['pkcs8', '-topk8', '-nocrypt', '-outform', 'DER'] })),
  ...['RSA 1024', 'EC P-256', 'EC P-521', 'DSA 1024'].flatMap((key) =>
    [[], ['-outform', 'DER']].map((form) => ({ ...open, key, args: ['pkey', '-traditional', ...form] })),
  ),
  ...dekInfo.map((cipher) => traditional('RSA 1024', cipher, plain)),
  ...['EC P-256', 'DSA 1024'].map((key) => traditional(key, 'aes-256-cbc', plain)),
  ...unusual.filter((text) => text.length > 3).map((text) => traditional('EC P-256', 'aes-128-cbc', text)),
  ...Object.entries(pbes1).map(([name, [kdf, cipher]]) => pbes1Row(name, kdf, cipher, plain)),
  ...unusual.map((text) => pbes1Row('PBE-MD5-DES', 'pbkdf1-md5', 'des-cbc', text)),
  ...unusual.map((text) => pbes1Row('PBE-SHA1-3DES', 'pkcs12-sha1', 'des-ede3-cbc', text)),
  ...unusual.map((text) => pbes1Row('PBE-SHA1-RC4-128', 'pkcs12-sha1', 'rc4-128', text)),
  ...pbes2.map((cipher) => ({ ...usual, cipher, args: [...pkcs8, '-v2', cipher], passphrase: plain })),
  ...prfs.map((prf) => ({
    ...usual,
    kdf: `pbkdf2-${prf}`,
    args: [...pkcs8, '-v2', 'aes-256-cbc', '-v2prf', `hmacWith${prf.toUpperCase()}`],
    passphrase: plain,
  })),
  ...keys.map((key) => ({ ...usual, key, args: [...pkcs8, '-outform', 'DER'], passphrase: plain })),
  ...unusual.map((passphrase) => ({ ...usual, args: pkcs8, passphrase })),
  ...[
    [1024, 1, 1],
    [16384, 8, 1],
    [4096, 8, 4],
  ].map(([N, r, p]) => ({
    ...usual,
    kdf: 'scrypt',
    args: ['pkcs8', '-topk8', '-scrypt', '-scrypt_N', `${N}`, '-scrypt_r', `${r}`, '-scrypt_p', `${p}`],
    passphrase: plain,
  })),
  ...['RSA 2048', 'RSA-PSS 1024', 'EC P-256', 'Ed25519', 'DSA 1024'].map((key) => ({
    ...usualPkcs12,
    key,
    args: pkcs12,
  })),
  ...Object.entries(pbes1).map(([name, [kdf, cipher]]) => ({
    ...usualPkcs12,
    kdf,
    cipher,
    args: [...pkcs12, '-keypbe', name, '-certpbe', name],
  })),
  { ...usualPkcs12, kdf: 'pkcs12-sha1', cipher: 'des-ede3-cbc', args: [...pkcs12, '-legacy'] },
  ...['AES-128-CBC', 'CAMELLIA-256-CBC', 'ARIA-128-CBC', 'DES-EDE3-CBC'].map((name) => ({
    ...usualPkcs12,
    cipher: name.toLowerCase(),
    args: [...pkcs12, '-keypbe', name, '-certpbe', name],
  })),
  ...macs.map((mac) => ({ ...usualPkcs12, args: [...pkcs12, '-macalg', mac] })),
  ...[['-nomac'], ['-nomaciter'], ['-noiter'], ['-certpbe', 'NONE'], ['-nomac', '-certpbe', 'NONE']].map(
    (options) => ({ ...usualPkcs12, args: [...pkcs12, ...options] }),
  ),
  ...unusual.map((passphrase) => ({ ...usualPkcs12, args: pkcs12, passphrase })),
  ...unusual.map((passphrase) => ({
    ...usualPkcs12,
    kdf: 'pkcs12-sha1',
    cipher: 'des-ede3-cbc',
    args: [...pkcs12, '-legacy'],
    passphrase,
  })),
];

function traditional(key: string, cipher: string, passphrase: string): OpensslRow {
  const args = ['pkey', ...legacyProvider, '-traditional', `-${cipher}`];
  return { container: 'DEK-Info', kdf: 'md5', cipher, key, args, passphrase };
}

function pbes1Row(name: string, kdf: string, cipher: string, passphrase: string): OpensslRow {
  return {
    container: 'PKCS#8 PBES1',
    kdf,
    cipher,
    key: 'EC P-256',
    args: [...pkcs8, '-v1', name],
    passphrase,
  };
}
