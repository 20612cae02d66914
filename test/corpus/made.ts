import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { der } from '../../src/bundle/asn1/index.js';
import type { BaseKey } from './base-keys.js';
import type { CorpusFile } from './corpus-file.js';
import {
  encryptedPrivateKeyInfo,
  hmac,
  pbkdf2,
  pemText,
  scrypt,
  sealCbc,
  sealGcm,
  sealPbes1,
  sealTraditional,
} from './made-encryption.js';
import { pbmac1, pkcs12, toBer } from './made-pkcs12.js';
import { openssl } from './openssl.js';

const passphrase = 'grün7 !#?';
const utf8 = Buffer.from(passphrase);
const latin1 = Buffer.from(passphrase, 'latin1');
const bmpString = Buffer.from(`${passphrase}\0`, 'utf16le').swap16();

type Facts = Pick<CorpusFile, 'container' | 'kdf' | 'cipher'>;

const open: Facts = { container: 'not encrypted', kdf: undefined, cipher: undefined };
const pbes2 = (kdf = 'pbkdf2-sha256', cipher = 'aes-256-cbc'): Facts => ({
  container: 'PKCS#8 PBES2',
  kdf,
  cipher,
});
const inPkcs12: Facts = { container: 'PKCS#12', kdf: 'pbkdf2-sha256', cipher: 'aes-256-cbc' };

/** What openssl cannot write, made here. */
export async function makeFiles(keys: ReadonlyMap<string, BaseKey>, folder: string): Promise<CorpusFile[]> {
  const load = async (name: string): Promise<Source> => {
    const base = keys.get(name);
    if (base === undefined) throw new Error(`no base key is called ${name}`);
    const key = createPrivateKey(await readFile(join(folder, base.file)));
    return { name, key, publicKey: base.publicKey, pkcs8: key.export({ type: 'pkcs8', format: 'der' }) };
  };
  const rsa = await load('RSA 1024');
  const ec = await load('EC P-256');
  const edwards = await load('Ed25519');
  const montgomery = await load('X448');
  const certificate = await openssl(['x509', '-in', 'EC-P-256.crt', '-outform', 'DER'], { cwd: folder });
  const opensslPkcs12 = ['pkcs12', '-export', '-inkey', 'EC-P-256.pem', '-in', 'EC-P-256.crt'];
  const ordinary = await openssl([...opensslPkcs12, '-passout', 'env:PASSPHRASE'], {
    cwd: folder,
    passphrase,
  });
  return [
    ...plainFiles(rsa, ec, edwards, montgomery),
    ...encryptedFiles(ec, rsa),
    ...pkcs12Files(ec, edwards, certificate),
    file('indefinite lengths and strings in pieces', inPkcs12, ec, toBer(ordinary)),
  ];
}

interface Source {
  readonly name: string;
  readonly key: KeyObject;
  readonly publicKey: string;
  readonly pkcs8: Uint8Array;
}

function file(name: string, facts: Facts, source: Source, bytes: Uint8Array): CorpusFile {
  return {
    ...facts,
    madeBy: 'this test',
    name,
    key: source.name,
    passphrase: facts.container === 'not encrypted' ? undefined : passphrase,
    bytes,
    publicKey: source.publicKey,
  };
}

function plainFiles(rsa: Source, ec: Source, edwards: Source, montgomery: Source): CorpusFile[] {
  const pkcs1 = rsa.key.export({ type: 'pkcs1', format: 'der' });
  return [
    file('PKCS#8 labelled as PKCS#1', open, rsa, pemText('RSA PRIVATE KEY', rsa.pkcs8)),
    file('PKCS#1 labelled as PKCS#8', open, rsa, pemText('PRIVATE KEY', pkcs1)),
    file(
      'SEC 1 labelled as PKCS#8',
      open,
      ec,
      pemText('PRIVATE KEY', ec.key.export({ type: 'sec1', format: 'der' })),
    ),
    file('ANY PRIVATE KEY', open, ec, pemText('ANY PRIVATE KEY', ec.pkcs8)),
    file('no primes (all zero)', open, rsa, withoutPrimes(rsa.key)),
    file('public point left out', open, ec, ecWith(ec.key, undefined)),
    file('public point compressed', open, ec, ecWith(ec.key, 'compressed')),
    file('public point in hybrid form', open, ec, ecWith(ec.key, 'hybrid')),
    ...[edwards, montgomery].map((source) => file('PKCS#8 version 2', open, source, versionTwo(source))),
    file('indefinite lengths', open, rsa, toBer(rsa.pkcs8)),
  ];
}

function encryptedFiles(ec: Source, rsa: Source): CorpusFile[] {
  const sealed = (derived: ReturnType<typeof pbkdf2>) => encryptedPrivateKeyInfo(sealCbc(ec.pkcs8, derived));
  const prfs = [hmac.sha3_224, hmac.sha3_384, hmac.ripemd160, hmac.sm3];
  const gcm = (name: string, oid: string, tagBytes: number) =>
    encryptedPrivateKeyInfo(sealGcm(ec.pkcs8, pbkdf2(utf8, hmac.sha256), name, oid, tagBytes));
  const { iv, ciphertext } = sealTraditional(rsa.key.export({ type: 'pkcs1', format: 'der' }), latin1);
  const headers = ['Proc-Type: 4,ENCRYPTED', `DEK-Info: aes-128-cbc, ${iv.toString('hex')}`];
  const nss = sealCbc(ec.pkcs8, pbkdf2(utf8, hmac.sha256, { writeLength: true }), '2.16.840.1.101.3.4.1.2');
  return [
    ...prfs.map((prf) => file(prf.name, pbes2(`pbkdf2-${prf.name}`), ec, sealed(pbkdf2(utf8, prf)))),
    file('key length written', pbes2(), ec, sealed(pbkdf2(utf8, hmac.sha256, { writeLength: true }))),
    file('AES-256 called AES-128', pbes2(), ec, encryptedPrivateKeyInfo(nss)),
    file('Latin-1 passphrase', pbes2(), ec, sealed(pbkdf2(latin1, hmac.sha256))),
    file('scrypt of 64 MiB', pbes2('scrypt'), ec, sealed(scrypt(utf8, 65_536, 8, 1))),
    file(
      'tag of 12 bytes',
      pbes2('pbkdf2-sha256', 'aes-256-gcm'),
      ec,
      gcm('aes-256-gcm', '2.16.840.1.101.3.4.1.46', 12),
    ),
    file(
      'tag of 16 bytes',
      pbes2('pbkdf2-sha256', 'aria-256-gcm'),
      ec,
      gcm('aria-256-gcm', '1.2.410.200046.1.1.36', 16),
    ),
    file('indefinite lengths', pbes2(), ec, toBer(sealed(pbkdf2(utf8, hmac.sha256)))),
    file(
      'Latin-1 passphrase, lower case header',
      { container: 'DEK-Info', kdf: 'md5', cipher: 'aes-128-cbc' },
      rsa,
      pemText('RSA PRIVATE KEY', ciphertext, headers),
    ),
  ];
}

function pkcs12Files(ec: Source, edwards: Source, certificate: Buffer): CorpusFile[] {
  const { authenticatedSafe, certificateBag, keyBag, nestedBag, secretBag, shroudedKeyBag } = pkcs12;
  const seal = (bytes: Uint8Array, password: Uint8Array = utf8) =>
    sealCbc(bytes, pbkdf2(password, hmac.sha256));
  const key = shroudedKeyBag(seal(ec.pkcs8), 'one');
  const bags = [key, certificateBag(certificate, 'one')];
  const withMac = (kind: 'pbkdf2' | 'scrypt') => {
    const safe = authenticatedSafe(pkcs12.open(...bags));
    return pkcs12.file(safe, pbmac1(safe, utf8, kind));
  };
  const oldNss = authenticatedSafe(
    pkcs12.sealed(seal(der.sequence(certificateBag(certificate)), bmpString)),
    pkcs12.open(shroudedKeyBag(seal(ec.pkcs8, bmpString))),
  );
  const oldNssPbes1 = authenticatedSafe(pkcs12.open(shroudedKeyBag(sealPbes1(ec.pkcs8, bmpString))));
  const nested = nestedBag(nestedBag(secretBag(), keyBag(ec.pkcs8, 'deep')), certificateBag(certificate));
  return [
    file('PBMAC1 with PBKDF2-SHA-512', inPkcs12, ec, withMac('pbkdf2')),
    file('PBMAC1 with scrypt', inPkcs12, ec, withMac('scrypt')),
    file('no MAC, BMPString under PBES2', inPkcs12, ec, pkcs12.file(oldNss)),
    file(
      'no MAC, BMPString under PBES1',
      { container: 'PKCS#12', kdf: 'pbkdf1-md5', cipher: 'des-cbc' },
      ec,
      pkcs12.file(oldNssPbes1),
    ),
    file('no MAC, the same key twice', inPkcs12, ec, pkcs12.file(authenticatedSafe(pkcs12.open(key, key)))),
    file(
      'no MAC, key under the passphrase',
      inPkcs12,
      edwards,
      pkcs12.file(authenticatedSafe(pkcs12.open(shroudedKeyBag(seal(edwards.pkcs8))))),
    ),
    {
      ...file(
        'bags in bags, a secret, nothing encrypted',
        { ...open, container: 'PKCS#12' },
        ec,
        pkcs12.file(authenticatedSafe(pkcs12.open(nested))),
      ),
      passphrase: undefined,
    },
  ];
}

/** RSAPrivateKey as programs write it that know n, e and d only. */
function withoutPrimes(key: KeyObject): Uint8Array {
  const { n, e, d } = key.export({ format: 'jwk' });
  const numbers = [n, e, d].map((value) =>
    BigInt(`0x${Buffer.from(value ?? '', 'base64url').toString('hex')}`),
  );
  return der.sequence(...[0n, ...numbers, 0n, 0n, 0n, 0n, 0n].map((number) => der.integer(number)));
}

function ecWith(key: KeyObject, form: 'compressed' | 'hybrid' | undefined): Uint8Array {
  const { d = '', x = '', y = '' } = key.export({ format: 'jwk' });
  const [X, Y] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  const odd = (Y.at(-1) ?? 0) & 1;
  const point = form === 'compressed' ? [Buffer.of(2 + odd), X] : [Buffer.of(6 + odd), X, Y];
  const parts = [der.integer(1), der.octets(Buffer.from(d, 'base64url'))];
  parts.push(der.explicit(0, der.oid('1.2.840.10045.3.1.7')));
  if (form !== undefined) parts.push(der.explicit(1, der.bits(Buffer.concat(point))));
  return der.sequence(...parts);
}

/** OneAsymmetricKey (RFC 5958) with its public key. */
function versionTwo({ key, pkcs8 }: Source): Uint8Array {
  const publicKey = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  const content = pkcs8.subarray(2 + 3);
  const tagged = Buffer.concat([Buffer.of(0x81, publicKey.length + 1, 0), publicKey]);
  return der.sequence(der.integer(1), content, tagged);
}
