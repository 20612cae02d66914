import { describe, expect, test } from '@jest/globals';
import { der } from '../../src/bundle/asn1/index.js';
import { pemText } from '../corpus/made-encryption.js';
import { openFile, readKeys } from '../corpus/open-file.js';
import { openssl } from '../corpus/openssl.js';
import { describeWithPeer } from '../support/peers.js';
import { refusal } from './support.js';

const pbkdf2 = (prf: string) =>
  der.sequence(
    der.oid('1.2.840.113549.1.5.12'),
    der.sequence(der.octets(Buffer.alloc(8)), der.integer(1000), der.sequence(der.oid(prf), der.null())),
  );
const hmacSha256 = '1.2.840.113549.2.9';

function pbes2(
  kdf: Uint8Array,
  cipher: string,
  parameters: Uint8Array = der.octets(Buffer.alloc(8)),
): Buffer {
  const scheme = der.sequence(der.oid(cipher), parameters);
  const algorithm = der.sequence(der.oid('1.2.840.113549.1.5.13'), der.sequence(kdf, scheme));
  return pemText('ENCRYPTED PRIVATE KEY', der.sequence(algorithm, der.octets(Buffer.alloc(64))));
}

function pbes1(oid: string): Buffer {
  const algorithm = der.sequence(der.oid(oid), der.sequence(der.octets(Buffer.alloc(8)), der.integer(1)));
  return pemText('ENCRYPTED PRIVATE KEY', der.sequence(algorithm, der.octets(Buffer.alloc(64))));
}

const dekInfo = (value: string) =>
  pemText('RSA PRIVATE KEY', Buffer.alloc(64), ['Proc-Type: 4,ENCRYPTED', `DEK-Info: ${value}`]);

function pkcs8(oid: string, parameters: Uint8Array = der.null()): Buffer {
  const algorithm = der.sequence(der.oid(oid), parameters);
  return pemText('PRIVATE KEY', der.sequence(der.integer(0), algorithm, der.octets(Buffer.alloc(32, 1))));
}

describe('encryption that sapcert does not have is named, with what opens it', () => {
  test.each([
    [
      'Kuznyechik',
      pbes2(pbkdf2(hmacSha256), '1.2.643.7.1.1.5.2.1'),
      /kuznyechik-ctr \(1\.2\.643\.7\.1\.1\.5\.2\.1\)/,
      /GOST engine/,
    ],
    ['AES-GCM in a header', dekInfo('AES-128-GCM,001122334455667788990011'), /AES-128-GCM/, /what wrote/],
    ['a cipher nobody knows', dekInfo('FROG-CBC,0011223344556677'), /FROG-CBC \(DEK-Info\)/, /what wrote/],
    ['an unknown scheme', pbes1('1.2.3.4'), /1\.2\.3\.4/, /what wrote/],
    ['an unknown cipher', pbes2(pbkdf2(hmacSha256), '1.2.3.4'), /cipher 1\.2\.3\.4/, /what wrote/],
    ['an unknown PRF', pbes2(pbkdf2('1.2.3.4'), '2.16.840.1.101.3.4.1.2'), /PRF 1\.2\.3\.4/, /what wrote/],
    [
      'an unknown derivation',
      pbes2(der.sequence(der.oid('1.2.3.4'), der.null()), '2.16.840.1.101.3.4.1.2'),
      /1\.2\.3\.4/,
      /what wrote/,
    ],
  ])('%s', async (_what, bytes, message, hint) => {
    const [key] = await readKeys(bytes, {});
    expect(key?.encryption?.cipher).toBeDefined();
    const error = await refusal(() => openFile(bytes, { passphrase: 'secret' }));
    expect(error.code).toBe('key.unsupported-encryption');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
    expect((await refusal(() => openFile(bytes, {}))).code).toBe('key.unsupported-encryption');
  });
});

describe('keys that no TLS client can use are named', () => {
  test.each([
    ['GOST', pkcs8('1.2.643.7.1.1.1.1'), /GOST R 34\.10-2012/],
    ['ML-DSA', pkcs8('2.16.840.1.101.3.4.3.18'), /ML-DSA-65/],
    ['an unknown one', pkcs8('1.2.3.4'), /1\.2\.3\.4/],
  ])('%s', async (_what, bytes, message) => {
    const error = await refusal(() => openFile(bytes, {}));
    expect(error.code).toBe('key.unsupported-type');
    expect(error.message).toMatch(message);
  });

  test.each([
    ['a curve that Node does not know', der.oid('1.2.643.2.2.35.1'), /curve 1\.2\.643\.2\.2\.35\.1/],
    ['an inherited curve', der.null(), /implicitCurve/],
  ])('%s', async (_what, curve, message) => {
    const sec1 = der.sequence(der.integer(1), der.octets(Buffer.alloc(32, 1)));
    const algorithm = der.sequence(der.oid('1.2.840.10045.2.1'), curve);
    const bytes = pemText('PRIVATE KEY', der.sequence(der.integer(0), algorithm, der.octets(sec1)));
    const error = await refusal(() => openFile(bytes, {}));
    expect(error.code).toBe('key.unsupported-type');
    expect(error.message).toMatch(message);
  });

  test.each([
    ['TSS2 PRIVATE KEY', 'key.unsupported-type', /a TSS2 PRIVATE KEY is of a kind/],
    ['RSA PRIVATE KEY', 'key.damaged', /has the form of no private key/],
  ])('%s with something else in it', async (label, code, message) => {
    const error = await refusal(() => openFile(pemText(label, der.sequence(der.oid('2.23.133.10.1.3'))), {}));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });
});

describeWithPeer('openssl', 'refused files that openssl makes', () => {
  test('a public key that is labelled as a private one', async () => {
    const key = await openssl(['genpkey', '-algorithm', 'ED25519']);
    const publicKey = (await openssl(['pkey', '-pubout'], { input: key })).toString();
    const error = await refusal(() => openFile(Buffer.from(publicKey.replaceAll('PUBLIC', 'PRIVATE')), {}));
    expect(error.code).toBe('key.not-private');
  });
});
