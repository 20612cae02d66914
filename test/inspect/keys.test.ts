import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Inspection, inspectBundle } from '../../src/bundle/index.js';
import { type Credentials, createAuthority, generateKey, type KeyKind } from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { fixtures } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { openssl, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const secret = 'pass:s3cr3t-canary';
const passphrase = 's3cr3t-canary';

let device: Credentials;
let keyFile: string;

beforeAll(async () => {
  const ca = await createAuthority({ subject: 'CN=ca', keyKind: 'ec-p256' });
  device = await ca.issue({ subject: 'CN=device', keyKind: 'rsa-2048' });
  keyFile = write('plain.key', device.key.export({ type: 'pkcs8', format: 'pem' }));
});

interface Row {
  readonly title: string;
  /** Arguments of openssl that write the key into a file. */
  readonly args: (out: string) => string[];
  readonly encryption: Record<string, unknown>;
  readonly type?: string;
  /** Words of the warning about weak encryption; absent: there is none. */
  readonly weak?: string;
}

const legacy = ['-provider', 'legacy', '-provider', 'default'];
const pkcs8 =
  (...args: string[]) =>
  (out: string): string[] => ['pkcs8', '-topk8', '-in', keyFile, '-out', out, '-passout', secret, ...args];
const traditional =
  (cipher: string) =>
  (out: string): string[] => ['rsa', '-in', keyFile, '-traditional', cipher, '-out', out, '-passout', secret];

const rows: readonly Row[] = [
  {
    title: 'as SAP encrypts',
    args: pkcs8('-v1', 'PBE-SHA1-3DES', '-iter', '131072'),
    encryption: { cipher: 'des-ede3-cbc', kdf: 'pkcs12-sha1', iterations: 131_072 },
  },
  {
    title: 'PBES2 with the defaults of openssl 3',
    args: pkcs8(),
    encryption: { scheme: 'PBES2', cipher: 'aes-256-cbc', kdf: 'pbkdf2-sha256', iterations: 2048 },
    weak: '2048 iterations of pbkdf2-sha256 are few',
  },
  {
    title: 'PBES2 with many iterations',
    args: pkcs8('-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA512', '-iter', '10000'),
    encryption: { scheme: 'PBES2', cipher: 'aes-128-cbc', kdf: 'pbkdf2-sha512', iterations: 10_000 },
  },
  {
    title: 'one iteration less',
    args: pkcs8('-v2', 'aes-128-cbc', '-iter', '9999'),
    encryption: { iterations: 9999 },
    weak: '9999 iterations',
  },
  {
    title: 'scrypt',
    args: pkcs8('-scrypt'),
    encryption: { scheme: 'PBES2', kdf: 'scrypt', scrypt: { N: 16_384, r: 8, p: 1 } },
  },
  {
    title: 'RC2 with 40 bits',
    args: pkcs8('-v1', 'PBE-SHA1-RC2-40', '-iter', '200000', ...legacy),
    encryption: { cipher: 'rc2-40-cbc', iterations: 200_000 },
    weak: 'rc2-40-cbc, which can be broken without the secret',
  },
  {
    title: 'RC4 with 128 bits',
    args: pkcs8('-v1', 'PBE-SHA1-RC4-128', '-iter', '200000', ...legacy),
    encryption: { iterations: 200_000 },
    weak: 'rc4-128',
  },
  {
    title: 'single DES',
    args: pkcs8('-v1', 'PBE-MD5-DES', '-iter', '200000', ...legacy),
    encryption: { scheme: 'PBES1', cipher: 'des-cbc', iterations: 200_000 },
    weak: 'des-cbc, which can be broken without the secret',
  },
  {
    title: 'traditional AES-256',
    args: traditional('-aes256'),
    encryption: { scheme: 'DEK-Info', cipher: 'aes-256-cbc' },
    type: 'rsa',
    weak: 'hashed only once',
  },
  {
    title: 'traditional 3DES',
    args: traditional('-des3'),
    encryption: { scheme: 'DEK-Info', cipher: 'des-ede3-cbc' },
    type: 'rsa',
    weak: 'hashed only once',
  },
];

describeWithPeer('openssl', 'how a key is encrypted, with and without the secret', () => {
  const read = ({ title, args }: Row): string => {
    const out = join(folder, `${title.replace(/\W/g, '-')}.key`);
    openssl(args(out));
    return readFileSync(out, 'utf8');
  };
  const weakness = ({ warnings }: Inspection): string | undefined =>
    warnings.find(({ code }) => code === 'key.weak-encryption')?.message;

  test.each(rows)('$title', async (row) => {
    const key = read(row);
    const closed = await inspectBundle(key + device.pem);
    expect(closed.keys).toEqual([expect.objectContaining({ state: 'locked', type: row.type })]);
    expect(closed.keys[0]?.encryption).toMatchObject(row.encryption);
    expect(closed.keys[0]?.certificates).toBeUndefined();
    expect(closed.problems).toEqual([]);

    const open = await inspectBundle(key + device.pem, { passphrase });
    expect(open.keys).toEqual([
      expect.objectContaining({
        state: 'open',
        type: 'rsa',
        size: 2048,
        certificates: [1],
        encryption: closed.keys[0]?.encryption,
      }),
    ]);
    expect(open.leaf).toBe(1);

    const wrong = await inspectBundle(key + device.pem, { passphrase: 'no' });
    expect(wrong.keys[0]?.state).toBe('refused');
    expect(wrong.problems.map(({ code }) => code)).toEqual(['key.passphrase-wrong']);
    expect(wrong.certificates).toHaveLength(1);

    for (const inspection of [closed, open, wrong]) {
      if (row.weak === undefined) expect(weakness(inspection)).toBeUndefined();
      else expect(weakness(inspection)).toContain(row.weak);
      expect(JSON.stringify(inspection)).not.toContain(passphrase);
    }
  });
});

describe('keys that lie open', () => {
  test.each<[KeyKind, string, number | string | undefined]>([
    ['rsa-2048', 'rsa', 2048],
    ['rsa-pss-2048', 'rsa-pss', 2048],
    ['ec-p384', 'ec', 'secp384r1'],
    ['ed25519', 'ed25519', undefined],
    ['dsa-2048', 'dsa', 2048],
  ])('%s alone is no error', async (kind, type, size) => {
    const key = await generateKey(kind);
    for (const input of [
      key.export({ type: 'pkcs8', format: 'pem' }),
      key.export({ type: 'pkcs8', format: 'der' }),
    ]) {
      const inspection = await inspectBundle(input);
      expect(inspection.keys).toEqual([
        expect.objectContaining({ state: 'open', type, size, encryption: undefined, certificates: [] }),
      ]);
      expect(inspection).toMatchObject({ certificates: [], problems: [], chains: [] });
    }
  });

  test('the key of another certificate', async () => {
    const key = (await generateKey('rsa-2048')).export({ type: 'pkcs8', format: 'pem' }) as string;
    const { problems, keys } = await inspectBundle(key + device.pem);
    expect(keys).toMatchObject([{ certificates: [] }]);
    expect(problems).toMatchObject([
      {
        code: 'key.certificate-mismatch',
        message: 'the private key does not belong to the certificate here',
      },
    ]);
  });

  test('several keys, of which one belongs', async () => {
    const other = (await generateKey('ec-p256')).export({ type: 'pkcs8', format: 'pem' }) as string;
    const { problems, keys } = await inspectBundle(other + readFileSync(keyFile, 'utf8') + device.pem);
    expect(keys.map(({ certificates }) => certificates)).toEqual([[], [1]]);
    expect(problems).toEqual([]);
  });

  test('a locked key is not called a mismatch', async () => {
    const [bundle, other] = ['device.pem', 'device-2018.pem'].map((name) =>
      readFileSync(join(fixtures, name), 'utf8'),
    );
    const key = (bundle ?? '').replace(/-----BEGIN CERT[^]*/, '');
    const certificate = (other ?? '').replace(/^[^]*(?=-----BEGIN CERT)/, '');
    expect((await inspectBundle(key + certificate)).problems.map(({ code }) => code)).not.toContain(
      'key.certificate-mismatch',
    );
  });
});

test('a foreign key beside a locked one proves no mismatch', async () => {
  const foreign = (await generateKey('ec-p256')).export({ type: 'pkcs8', format: 'pem' }) as string;
  const { problems, keys } = await inspectBundle(
    foreign + readFileSync(join(fixtures, 'device.pem'), 'utf8'),
  );
  expect(keys.map(({ state }) => state)).toEqual(['open', 'locked']);
  expect(problems.map(({ code }) => code)).not.toContain('key.certificate-mismatch');
});

describe('keys that sapcert does not open are described and refused by name', () => {
  test('an OpenSSH key that was cut', async () => {
    const lines = ['b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB'];
    const text = `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines.join('\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
    await expect(inspectBundle(text, { file: 'id_rsa' })).rejects.toMatchObject({
      code: 'key.damaged',
      message: 'id_rsa, block 1, line 1: the OpenSSH key ends before the public key',
    });
  });

  test('a cipher that is not known, named without any secret', async () => {
    const text = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: FROG-CBC,0011223344556677\n\nAAAAAAAAAAA=\n-----END RSA PRIVATE KEY-----\n`;
    const { keys, problems } = await inspectBundle(text);
    expect(keys).toMatchObject([{ state: 'refused', encryption: { cipher: 'frog-cbc' } }]);
    expect(problems).toMatchObject([{ code: 'key.unsupported-encryption' }]);
  });
});
