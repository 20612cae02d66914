import {
  createCipheriv,
  createPrivateKey,
  generateKeyPairSync,
  pbkdf2Sync,
  randomBytes,
  X509Certificate,
} from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { der } from '../../src/bundle/asn1/index.js';
import { inspectBundle, openPrivateKey, stripBundle } from '../../src/bundle/index.js';
import { encryptedPrivateKeyInfo, hmac, pbkdf2, pemText, sealCbc } from '../corpus/made-encryption.js';
import { pkcs12 } from '../corpus/made-pkcs12.js';
import { openssl } from '../corpus/openssl.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { refusal } from './support.js';

const passphrase = 'secret';
const password = Buffer.from(passphrase);
const { privateKey: ec } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ecPkcs8 = ec.export({ type: 'pkcs8', format: 'der' });
const sec1 = ec.export({ type: 'sec1', format: 'der' });
const pkcs1 = rsa.export({ type: 'pkcs1', format: 'der' });

const prf = der.sequence(der.oid('1.2.840.113549.2.9'), der.null());

interface Choices {
  readonly salt?: Buffer;
  readonly fields?: readonly Uint8Array[];
}

/** PBES2 with AES-256-CBC, put together by RFC 8018. */
function sealed(plain: Uint8Array, { salt = randomBytes(16), fields = [prf] }: Choices = {}): Uint8Array {
  const key = pbkdf2Sync(password, salt, 1000, 32, 'sha256');
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const parameters = der.sequence(der.octets(salt), der.integer(1000), ...fields);
  const algorithm = der.sequence(
    der.oid('1.2.840.113549.1.5.13'),
    der.sequence(
      der.sequence(der.oid('1.2.840.113549.1.5.12'), parameters),
      der.sequence(der.oid('2.16.840.1.101.3.4.1.42'), der.octets(iv)),
    ),
  );
  return der.sequence(algorithm, der.octets(Buffer.concat([cipher.update(plain), cipher.final()])));
}

const info = (oid: string, parameters: readonly Uint8Array[], key: Uint8Array): Uint8Array =>
  der.sequence(der.integer(0), der.sequence(der.oid(oid), ...parameters), der.octets(key));
const zeros = Buffer.alloc(3);

const inner = '1.2.840.113549.1.12.10.1';
const keyBag = (...attributes: readonly Uint8Array[]): Uint8Array => {
  const shrouded = encryptedPrivateKeyInfo(sealCbc(ecPkcs8, pbkdf2(password, hmac.sha256)));
  return der.sequence(der.oid(`${inner}.2`), der.explicit(0, shrouded), ...attributes);
};
const noCertificate = pkcs12.certificateBag(Buffer.from('this is no certificate'));
const store = (...bags: readonly Uint8Array[]): Uint8Array =>
  pkcs12.file(pkcs12.authenticatedSafe(pkcs12.open(...bags)));
const strange = der.setOf(
  der.sequence(der.oid('1.2.3.4'), der.setOf(Buffer.from([0x5f, 0x81, 0x01, 0x01, 0x00]))),
);
const versionOne = Buffer.from(store(keyBag()));
versionOne[versionOne.indexOf(Buffer.from('020103', 'hex')) + 2] = 1;

const trailing = 'repaired.trailing-bytes';

/** What openssl opens though it is odd: name, file, the key in it, the warning. */
const odd: readonly [string, Uint8Array, typeof ec, string?][] = [
  ['an encrypted key and 3 bytes', Buffer.concat([sealed(ecPkcs8), zeros]), ec, trailing],
  ['an encrypted key and a newline', Buffer.concat([sealed(ecPkcs8), Buffer.from('\n')]), ec, trailing],
  [
    'PEM with bytes behind the key',
    pemText('ENCRYPTED PRIVATE KEY', Buffer.concat([sealed(ecPkcs8), zeros])),
    ec,
    trailing,
  ],
  ['zeros behind the key, encrypted with it', sealed(Buffer.concat([ecPkcs8, zeros])), ec, trailing],
  [
    'zeros behind the numbers of an RSA key',
    sealed(info('1.2.840.113549.1.1.1', [der.null()], Buffer.concat([pkcs1, zeros]))),
    rsa,
    trailing,
  ],
  ['a PRF without its NULL', sealed(ecPkcs8, { fields: [der.sequence(der.oid('1.2.840.113549.2.9'))] }), ec],
  ['an empty salt', sealed(ecPkcs8, { salt: Buffer.alloc(0) }), ec],
  ['a salt of 70,000 bytes', sealed(ecPkcs8, { salt: randomBytes(70_000) }), ec],
  ['RSA by the identifier of X.509', sealed(info('2.5.8.1.1', [der.null()], pkcs1)), rsa],
  ['RSA without parameters', sealed(info('1.2.840.113549.1.1.1', [], pkcs1)), rsa],
  ['PKCS#12 and a newline', Buffer.concat([store(keyBag()), Buffer.from('\r\n')]), ec, trailing],
  ['PKCS#12 and 4096 zeros', Buffer.concat([store(keyBag()), Buffer.alloc(4096)]), ec, trailing],
  ['PKCS#12 that says version 1', versionOne, ec],
  ['a bag attribute with a high tag number', store(keyBag(strange)), ec],
  ['a certificate bag without a certificate', store(noCertificate, keyBag()), ec],
];

describeWithPeer('openssl', 'odd files that openssl opens', () => {
  const folder = temporaryFolder();

  const rows = odd.map(([name, bytes, key, warning]) => ({ name, bytes, key, warning }));

  test.each(rows)('$name', async ({ name, bytes, key, warning }) => {
    const path = join(folder, 'odd');
    writeFileSync(path, bytes);
    const program = /PKCS#12|\bbag\b/.test(name) ? ['pkcs12', '-nodes', '-nocerts'] : ['pkey'];
    const args = [...program, '-in', path, '-passin', 'env:PASSPHRASE'];
    const printed = (await openssl(args, { passphrase })).toString();
    expect(createPrivateKey(/-----BEGIN[^]*/.exec(printed)?.[0] ?? '').equals(key)).toBe(true);
    const { pem, warnings } = await openPrivateKey(bytes, { passphrase });
    expect(createPrivateKey(pem).equals(key)).toBe(true);
    expect(warnings.map(({ code }) => code)).toEqual(warning === undefined ? [] : [warning]);
  });

  test('SM2 and X9.42 keys come out, and are no keys for TLS', async () => {
    const parameters = join(folder, 'dhx.pem');
    await openssl([
      'genpkey',
      '-genparam',
      '-algorithm',
      'DHX',
      '-pkeyopt',
      'dh_rfc5114:1',
      '-out',
      parameters,
    ]);
    const certificate = await openssl([
      'req',
      '-x509',
      '-newkey',
      'rsa:1024',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-subj',
      '/CN=d',
    ]);
    for (const kind of [
      ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2'],
      ['-paramfile', parameters],
    ]) {
      const key = await openssl(['genpkey', ...kind]);
      const { pem } = await openPrivateKey(key);
      const publicKey = async (input: Uint8Array) =>
        (await openssl(['pkey', '-pubout'], { input })).toString();
      expect(await publicKey(Buffer.from(pem))).toBe(await publicKey(key));
      const error = await refusal(() => stripBundle(Buffer.concat([key, certificate])));
      expect(error.code).toBe('key.unsupported-type');
      expect(await inspectBundle(key)).toMatchObject({
        keys: [{ state: 'open' }],
        problems: [{ code: 'key.unsupported-type' }],
      });
    }
  });
});

describe('odd files that others open', () => {
  const curve = der.oid('1.2.840.10045.3.1.7');
  const { privateKey: edwards } = generateKeyPairSync('ed25519');
  const seed = Buffer.from(String(edwards.export({ format: 'jwk' }).d), 'base64url');
  const half = der.integer(16);

  test.each([
    [
      'GnuTLS: an EC key whose curve stands inside, NULL outside',
      info('1.2.840.10045.2.1', [der.null()], sec1),
      ec,
    ],
    ['GnuTLS: Ed25519 with NULL', info('1.3.101.112', [der.null()], der.octets(seed)), edwards],
    ['Bouncy Castle: an RSA key for OAEP', info('1.2.840.113549.1.1.7', [], pkcs1), rsa],
    ['an EC key whose curve stands outside', info('1.2.840.10045.2.1', [curve], sec1), ec],
  ])('%s', async (_name, plain, key) => {
    for (const bytes of [plain, sealed(plain)]) {
      const { pem } = await openPrivateKey(bytes, { passphrase });
      expect(createPrivateKey(pem).equals(key)).toBe(true);
    }
  });

  test('step: 00 00 where the parameters of the PRF are NULL', async () => {
    const empty = der.sequence(der.oid('1.2.840.113549.2.9'), Buffer.alloc(2));
    for (const bytes of [
      sealed(ecPkcs8, { fields: [empty] }),
      pemText('ENCRYPTED PRIVATE KEY', sealed(ecPkcs8, { fields: [empty] })),
    ]) {
      const { pem } = await openPrivateKey(bytes, { passphrase });
      expect(createPrivateKey(pem).equals(ec)).toBe(true);
    }
  });

  test('pyca/cryptography: AES-256 with the key length of AES-128', async () => {
    const { pem } = await openPrivateKey(sealed(ecPkcs8, { fields: [half, prf] }), { passphrase });
    expect(createPrivateKey(pem).equals(ec)).toBe(true);
  });
});

describe('still refused', () => {
  test.each([
    [
      '00 00 behind the parameters of the PRF',
      pemText(
        'ENCRYPTED PRIVATE KEY',
        sealed(ecPkcs8, {
          fields: [der.sequence(der.oid('1.2.840.113549.2.9'), der.null(), Buffer.alloc(2))],
        }),
      ),
    ],
    ['something else behind the key, encrypted with it', sealed(Buffer.concat([ecPkcs8, Buffer.of(1)]))],
    [
      'something else behind the numbers of an RSA key',
      sealed(info('1.2.840.113549.1.1.1', [der.null()], Buffer.concat([pkcs1, Buffer.of(1)]))),
    ],
  ])('%s', async (_name, bytes) => {
    expect((await refusal(() => openPrivateKey(bytes, { passphrase }))).code).toBe('key.damaged');
  });

  test('a bundle whose certificate bag holds no certificate', async () => {
    const error = await refusal(() => stripBundle(store(noCertificate, keyBag()), { passphrase }));
    expect(error.code).toBe('file.not-a-certificate');
  });
});

describeWithPeer('openssl', 'PKCS#12 as PEM, as certtool writes it', () => {
  const folder = temporaryFolder();

  test.each(['PKCS12', 'PKCS #12', 'PFX'])('%s', async (label) => {
    const path = (name: string) => join(folder, name);
    const request = [
      'req',
      '-x509',
      '-newkey',
      'rsa:1024',
      '-nodes',
      '-keyout',
      path('key'),
      '-subj',
      '/CN=d',
    ];
    await openssl([...request, '-out', path('crt')]);
    const args = [
      'pkcs12',
      '-export',
      '-inkey',
      path('key'),
      '-in',
      path('crt'),
      '-passout',
      'env:PASSPHRASE',
    ];
    const file = pemText(label, await openssl(args, { passphrase }));
    const { certificate } = await stripBundle(file, { passphrase });
    expect(new X509Certificate(certificate).subject).toBe('CN=d');
    expect(await inspectBundle(file)).toMatchObject({ format: 'pkcs12', stores: [{ sealed: true }] });
    expect((await inspectBundle(file, { passphrase })).stores).toMatchObject([{ sealed: false }]);
    expect((await refusal(() => stripBundle(file, { passphrase: 'x' }))).code).toBe('key.passphrase-wrong');
  });
});
