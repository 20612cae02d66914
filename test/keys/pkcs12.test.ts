import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { der, parseAsn1 } from '../../src/bundle/asn1/index.js';
import { openForTls } from '../../src/bundle/keys/index.js';
import { describePkcs12, isPkcs12, readPkcs12, writePkcs12 } from '../../src/bundle/pkcs12/index.js';
import { hmac, pbkdf2, sealCbc } from '../corpus/made-encryption.js';
import { pbmac1, pkcs12, toBer } from '../corpus/made-pkcs12.js';
import { openssl } from '../corpus/openssl.js';
import { readVectors } from '../corpus/vectors.js';
import { describeWithPeer } from '../support/peers.js';
import { refusal, refuse } from './support.js';

const { privateKey: first } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: second } = generateKeyPairSync('ed25519');
const pkcs8 = (key: typeof first): Buffer => key.export({ type: 'pkcs8', format: 'der' });
const seal = (key: typeof first, passphrase: string) =>
  sealCbc(pkcs8(key), pbkdf2(Buffer.from(passphrase), hmac.sha256));
const vector = (name: RegExp): Buffer =>
  Buffer.from(readVectors().find((file) => name.test(file.name))!.bytes);

describe('what a file holds', () => {
  const file = pkcs12.file(
    pkcs12.authenticatedSafe(
      pkcs12.open(pkcs12.shroudedKeyBag(seal(first, 'one'), 'erstes Gerät'), pkcs12.secretBag()),
      pkcs12.open(pkcs12.nestedBag(pkcs12.shroudedKeyBag(seal(second, 'two'), 'zweites 🔑'))),
    ),
  );

  test('several keys, each with its name and its own passphrase, and what is neither key nor certificate', async () => {
    const read = await readPkcs12(file, { passphrase: 'one' }, { file: 'x.p12' });
    expect(read.keys.map(({ friendlyName }) => friendlyName)).toEqual(['erstes Gerät', 'zweites 🔑']);
    expect(read.others).toEqual(['a secret that is no private key']);
    expect(read.integrity).toBe('no-mac');
    const [one, two] = read.keys;
    expect((await openForTls(one!, { passphrase: 'one' })).equals(first)).toBe(true);
    expect((await refusal(() => two!.open({ passphrase: 'one' }))).code).toBe('key.passphrase-wrong');
    expect((await openForTls(two!, { passphrase: 'two' })).equals(second)).toBe(true);
  });

  test('is described without a passphrase', () => {
    const encryption = {
      scheme: 'PBES2',
      cipher: 'aes-256-cbc',
      kdf: 'pbkdf2-sha256',
      iterations: 1000,
      oid: '2.16.840.1.101.3.4.1.42',
    };
    expect(describePkcs12(file, {})).toEqual({
      mac: undefined,
      contents: [
        {
          encryption: undefined,
          bags: [
            { kind: 'key', friendlyName: 'erstes Gerät', encryption, what: undefined },
            {
              kind: 'other',
              friendlyName: undefined,
              encryption: undefined,
              what: 'a secret that is no private key',
            },
          ],
        },
        {
          encryption: undefined,
          bags: [{ kind: 'key', friendlyName: 'zweites 🔑', encryption, what: undefined }],
        },
      ],
    });
  });

  test('a Java key store: two keys, a secret and a trusted certificate', async () => {
    const read = await readPkcs12(vector(/two keys, a secret/), { passphrase: 'changeit' }, {});
    expect(read.keys.map(({ friendlyName }) => friendlyName)).toEqual(['first', 'second']);
    expect(read.certificates.map(({ friendlyName }) => friendlyName)).toContain('ca');
    expect(read.others).toEqual(['a secret that is no private key']);
    expect(read.integrity).toBe('checked');
  });

  test('is recognised by its first bytes, whole or not, in DER and in BER', () => {
    expect(isPkcs12(file)).toBe(true);
    expect(isPkcs12(file.subarray(0, 40))).toBe(true);
    expect(isPkcs12(toBer(file))).toBe(true);
    expect(isPkcs12(pkcs8(first))).toBe(false);
    expect(isPkcs12(Buffer.from('30030201', 'hex'))).toBe(false);
  });

  test('what a public key protects is refused by name', async () => {
    const signed = der.sequence(
      der.integer(3),
      der.sequence(der.oid('1.2.840.113549.1.7.2'), der.explicit(0, der.null())),
    );
    const error = await refusal(() => readPkcs12(signed, { passphrase: 'x' }, {}));
    expect(error.code).toBe('key.unsupported-encryption');
    expect(error.message).toMatch(/signed content/);
  });

  test('where nothing is encrypted, a MAC that does not fit leaves two possibilities, and both are said', async () => {
    const safe = pkcs12.authenticatedSafe(pkcs12.open(pkcs12.keyBag(pkcs8(first))));
    const open = pkcs12.file(safe, pbmac1(safe, Buffer.from('right'), 'pbkdf2'));
    expect((await readPkcs12(open, { passphrase: 'right' }, {})).integrity).toBe('checked');
    const unchecked = await readPkcs12(open, {}, {});
    expect([unchecked.integrity, (await openForTls(unchecked.keys[0]!, {})).equals(first)]).toEqual([
      'unchecked',
      true,
    ]);
    const error = await refusal(() => readPkcs12(open, { passphrase: 'wrong' }, {}));
    expect(error.code).toBe('key.passphrase-wrong');
    expect(error.hint).toMatch(/the file was changed/);
  });

  test('a certificate bag without a certificate', async () => {
    const broken = pkcs12.file(
      pkcs12.authenticatedSafe(pkcs12.open(pkcs12.certificateBag(Buffer.from('no')))),
    );
    expect((await refusal(() => readPkcs12(broken, {}, {}))).code).toBe('file.not-a-certificate');
  });
});

describe('PBMAC1 (RFC 9579)', () => {
  const valid = vector(/A\.1/);

  test('the facts of appendix A.1 and A.3', () => {
    expect(describePkcs12(valid, {}).mac).toEqual({
      scheme: 'PBMAC1',
      algorithm: 'hmac-sha256',
      kdf: 'pbkdf2-sha256',
      iterations: 2048,
    });
    expect(describePkcs12(vector(/A\.3/), {}).mac).toEqual({
      scheme: 'PBMAC1',
      algorithm: 'hmac-sha512',
      kdf: 'pbkdf2-sha512',
      iterations: 2048,
    });
  });

  /** The three invalid files of the appendix differ from A.1 in the parameters of the MAC. */
  const parameters = Buffer.from('02020800020120300c06082a864886f70d020905', 'hex');
  const changed = (from: string, to: string): Buffer => {
    const at = valid.lastIndexOf(Buffer.from(from, 'hex'));
    const bytes = Buffer.from(valid);
    Buffer.from(to, 'hex').copy(bytes, at);
    return bytes;
  };

  test('an incorrect iteration count (A.4) or salt (A.5) is damage: the passphrase opens the content', async () => {
    expect(valid.lastIndexOf(parameters)).toBeGreaterThan(0);
    for (const file of [
      changed('02020800020120', '02020900020120'),
      changed('6f473c38b02e3173', '6f473c38b02e3174'),
    ]) {
      const error = await refusal(() => readPkcs12(file, { passphrase: '1234' }, {}));
      expect([error.code, file.equals(valid)]).toEqual(['key.damaged', false]);
    }
  });

  test('a missing key length (A.6) is refused before any passphrase is tried', async () => {
    const pfx = parseAsn1(valid, refuse).sequenceOf('');
    const hex = Buffer.from(pfx[2]!.bytes).toString('hex');
    expect(hex).toContain('020120300c');
    const withoutLength = shorten(Buffer.from(hex.replace('020120300c', '300c'), 'hex'));
    const file = der.sequence(pfx[0]!.bytes, pfx[1]!.bytes, withoutLength);
    const error = await refusal(() => readPkcs12(file, {}, {}));
    expect(error.code).toBe('key.damaged');
    expect(error.message).toMatch(/RFC 9579 section 5/);
  });

  /** Takes three bytes off every enclosing length of the MAC: MacData, DigestInfo and what leads to the PBKDF2. */
  function shorten(mac: Buffer): Buffer {
    for (const length of [0x7c, 0x6d, 0x49, 0x3c, 0x2c, 0x1f]) {
      const at = mac.indexOf(Buffer.of(0x30, length));
      mac[at + 1] = length - 3;
    }
    return mac;
  }
});

describeWithPeer('openssl', 'what is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sapcert-p12-'));
  const passphrase = 'geheim ü 🔑';
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const made = new Map<string, { file: string; bytes: Uint8Array; key: typeof first }>();
  let ca: X509Certificate;

  beforeAll(async () => {
    const certify = async (key: typeof first, name: string): Promise<X509Certificate> => {
      const keyFile = join(folder, `${name}.key`);
      writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem' }));
      return new X509Certificate(
        await openssl(['req', '-x509', '-new', '-key', keyFile, '-subj', `/O=Test/CN=${name}`]),
      );
    };
    ca = await certify(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'authority');
    const { privateKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const [name, key] of [
      ['rsa', rsa],
      ['ec', first],
      ['ed25519', second],
    ] as const) {
      const leaf = await certify(key, name);
      const bytes = await writePkcs12({ key, certificates: [leaf, ca], passphrase });
      const file = join(folder, `${name}.p12`);
      writeFileSync(file, bytes);
      made.set(name, { file, bytes, key });
    }
  });

  test.each(['rsa', 'ec', 'ed25519'])(
    'openssl, Node and sapcert read the key and both certificates: %s',
    async (name) => {
      const { file, bytes, key } = made.get(name)!;
      const text = (
        await openssl(['pkcs12', '-in', file, '-nodes', '-passin', 'env:PASSPHRASE'], { passphrase })
      ).toString();
      expect(text.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
      expect(text).toContain(key.export({ type: 'pkcs8', format: 'pem' }).toString());
      const named = new RegExp(
        `friendlyName: ${name}\n\\s+localKeyID|localKeyID.*\n\\s+friendlyName: ${name}`,
        'g',
      );
      expect(text.match(named)).toHaveLength(2);
      expect(() => createSecureContext({ pfx: Buffer.from(bytes), passphrase })).not.toThrow();
      expect(() => createSecureContext({ pfx: Buffer.from(bytes), passphrase: 'wrong' })).toThrow(
        'mac verify failure',
      );
      const read = await readPkcs12(bytes, { passphrase }, {});
      expect(read.integrity).toBe('checked');
      expect(read.certificates.map(({ friendlyName }) => friendlyName)).toEqual([name, undefined]);
      expect((await openForTls(read.keys[0]!, { passphrase })).equals(key)).toBe(true);
    },
  );

  test('openssl confirms the algorithms', () => {
    const { file } = made.get('ec')!;
    const { stderr } = spawnSync(
      'openssl',
      ['pkcs12', '-in', file, '-noout', '-info', '-passin', 'env:PASSPHRASE'],
      {
        env: { ...process.env, PASSPHRASE: passphrase },
        encoding: 'utf8',
      },
    );
    const pbes2 = 'PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256';
    expect(stderr).toContain('MAC: sha256, Iteration 100000');
    expect(stderr).toContain(`PKCS7 Encrypted data: ${pbes2}`);
    expect(stderr).toContain(`Shrouded Keybag: ${pbes2}`);
  });

  describeWithPeer('keytool', 'and Java', () => {
    test('sees one entry with its chain, under the given name', async () => {
      const { key, bytes } = made.get('rsa')!;
      const [leaf] = (await readPkcs12(bytes, { passphrase }, {})).certificates;
      const file = join(folder, 'java.p12');
      const written = await writePkcs12({
        key,
        certificates: [leaf!.x509, ca],
        passphrase: 'changeit',
        friendlyName: 'Device 1',
      });
      writeFileSync(file, written);
      const args = ['-list', '-v', '-keystore', file, '-storepass', 'changeit', '-storetype', 'PKCS12'];
      const printed = execFileSync('keytool', args, {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C' },
      });
      expect(printed).toMatch(/Alias name: device 1/);
      expect(printed).toMatch(/Entry type: PrivateKeyEntry/);
      expect(createPublicKey(key).equals(leaf!.x509.publicKey)).toBe(true);
    });
  });
});
