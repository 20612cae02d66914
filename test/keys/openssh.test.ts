import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { bcryptPbkdf } from '../../src/bundle/keys/encryption/bcrypt.js';
import { openPrivateKey } from '../../src/bundle/index.js';
import { poly1305 } from '../../src/bundle/keys/openssh/chacha.js';
import { pemText } from '../corpus/made-encryption.js';
import { openFile, readKeys } from '../corpus/open-file.js';
import { refusal } from './support.js';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

describe('primitives', () => {
  // Vectors of OpenBSD's bcrypt_pbkdf, as the tests of pyca/bcrypt have them.
  test.each([
    [4, 'password', 'salt', '5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9'],
    [4, 'password', '\0', 'c12b566235eee04c212598970a579a67'],
    [4, '\0', 'salt', '6051be18c2f4f82cbf0efee5471b4bb9'],
    [
      8,
      'password',
      'salt',
      'e1367ec5151a33faac4cc1c144cd23fa15d5548493ecc99b9b5d9c0d3b27bec7' +
        '6227ea66088b849b20ab7aa478010246e74bba51723fefa9f9474d6508845e8d',
    ],
  ])('bcrypt_pbkdf, %i rounds of %j and %j', async (rounds, password, salt, expected) => {
    const derived = await bcryptPbkdf(Buffer.from(password), Buffer.from(salt), rounds, expected.length / 2);
    expect(Buffer.from(derived).toString('hex')).toBe(expected);
  });

  test('bcrypt_pbkdf lets timers have their turn', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    await bcryptPbkdf(Buffer.from('password'), Buffer.from('salt'), 8, 32);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
  });

  test('Poly1305, RFC 8439 section 2.5.2', () => {
    const key = hex('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b');
    const tag = poly1305(key, Buffer.from('Cryptographic Forum Research Group'));
    expect(Buffer.from(tag).toString('hex')).toBe('a8061dc1305136c6c22b8baf0c0127a9');
  });
});

const string = (value: string | Uint8Array): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};
const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

interface Parts {
  readonly magic?: string;
  readonly cipher?: string;
  readonly kdf?: string;
  readonly options?: Uint8Array;
  readonly keys?: number;
  readonly publicHalf?: Uint8Array;
  readonly checks?: readonly [number, number];
  readonly kind?: string;
  readonly fields?: readonly Uint8Array[];
  readonly padding?: readonly number[];
  readonly after?: Uint8Array;
}

const pair = generateKeyPairSync('ed25519');
const [seed, point] = ['d', 'x'].map((name) =>
  Buffer.from(String(pair.privateKey.export({ format: 'jwk' })[name as 'd' | 'x']), 'base64url'),
) as [Buffer, Buffer];
const ed25519 = [point, Buffer.concat([seed, point])];
const publicHalf = Buffer.concat([string('ssh-ed25519'), string(point)]);

/** An OpenSSH key (PROTOCOL.key) that is not encrypted; what is not said is as ssh-keygen writes it. */
function openssh(parts: Parts): Buffer {
  const [first, second] = parts.checks ?? [7, 7];
  const inside = Buffer.concat([
    uint32(first),
    uint32(second),
    string(parts.kind ?? 'ssh-ed25519'),
    ...(parts.fields ?? ed25519).map(string),
    string('a comment'),
  ]);
  const fill = parts.padding ?? Array.from({ length: -inside.length & 7 }, (_, index) => index + 1);
  const bytes = [
    Buffer.from(parts.magic ?? 'openssh-key-v1\0'),
    string(parts.cipher ?? 'none'),
    string(parts.kdf ?? 'none'),
    string(parts.options ?? ''),
    uint32(parts.keys ?? 1),
    string(parts.publicHalf ?? publicHalf),
    string(Buffer.concat([inside, Buffer.from(fill)])),
    parts.after ?? Buffer.alloc(0),
  ];
  return pemText('OPENSSH PRIVATE KEY', Buffer.concat(bytes));
}

const bcrypt = (rounds: number): Parts => ({
  cipher: 'aes256-cbc',
  kdf: 'bcrypt',
  options: Buffer.concat([string(Buffer.alloc(16)), uint32(rounds)]),
});

test('the key that the parts are of', async () => {
  const [key] = await openFile(openssh({}), {});
  expect(key?.equals(pair.privateKey)).toBe(true);
  expect(await openPrivateKey(openssh({}))).toMatchObject({ type: 'ed25519', encryption: undefined });
});

test('numbers with zeros before them are the same numbers', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const jwk = privateKey.export({ format: 'jwk' });
  const number = (name: 'n' | 'e' | 'd' | 'p' | 'q' | 'qi', zeros: number) =>
    Buffer.concat([Buffer.alloc(zeros), Buffer.from(jwk[name] ?? '', 'base64url')]);
  const fields = (['n', 'e', 'd', 'qi', 'p', 'q'] as const).map((name) => number(name, 1));
  const half = Buffer.concat([string('ssh-rsa'), string(number('e', 0)), string(number('n', 3))]);
  const [key] = await openFile(openssh({ kind: 'ssh-rsa', fields, publicHalf: half }), {});
  expect(key?.equals(privateKey)).toBe(true);
});

test('what protects it, and its kind, without a passphrase', async () => {
  const [key] = await readKeys(openssh(bcrypt(24)), {});
  expect(key).toMatchObject({
    label: 'OPENSSH PRIVATE KEY',
    type: 'ed25519',
    encryption: { scheme: 'OpenSSH', cipher: 'aes256-cbc', kdf: 'bcrypt', iterations: 24 },
  });
});

const other = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);

describe('refused', () => {
  test.each([
    ['another magic', { magic: 'openssh-key-v2\0' }, 'key.damaged', /does not begin as one/],
    ['two keys', { keys: 2 }, 'key.damaged', /2 keys/],
    ['two numbers that differ', { checks: [1, 2] }, 'key.damaged', /not equal/],
    ['padding that is none', { padding: [1, 2, 4] }, 'key.damaged', /cut or changed/],
    ['something behind it', { after: Buffer.alloc(3) }, 'key.damaged', /3 bytes follow/],
    [
      'another public half',
      { publicHalf: Buffer.concat([string('ssh-ed25519'), string(other)]) },
      'key.damaged',
      /another key/,
    ],
    [
      'a public half of another kind',
      { publicHalf: Buffer.concat([string('ssh-ed448'), string(point)]) },
      'key.damaged',
      /another key/,
    ],
    [
      'a public key that is not of the private one',
      {
        fields: [other, Buffer.concat([seed, other])],
        publicHalf: Buffer.concat([string('ssh-ed25519'), string(other)]),
      },
      'key.damaged',
      /another key/,
    ],
    ['a field cut', { fields: [point] }, 'key.damaged', /ends before|another key|cut/],
    [
      'RSA of ones',
      {
        kind: 'ssh-rsa',
        fields: Array.from({ length: 6 }, () => Buffer.of(1)),
        publicHalf: Buffer.concat([string('ssh-rsa'), string(Buffer.of(1)), string(Buffer.of(1))]),
      },
      'key.damaged',
      /not ones that RSA uses/,
    ],
    [
      'a curve that is not the named one',
      {
        kind: 'ecdsa-sha2-nistp256',
        fields: ['nistp384', 'x', 'y'].map((text) => Buffer.from(text)),
        publicHalf: Buffer.concat(['ecdsa-sha2-nistp256', 'nistp384', 'x'].map(string)),
      },
      'key.damaged',
      /contradict/,
    ],
    ['a security key', { kind: 'sk-ssh-ed25519@openssh.com' }, 'key.unsupported-type', /FIDO/],
    ['an unknown kind', { kind: 'ssh-xmss@openssh.com' }, 'key.unsupported-type', /ssh-xmss/],
    ['an unknown cipher', { ...bcrypt(1), cipher: 'frog' }, 'key.unsupported-encryption', /frog/],
    [
      'an unknown derivation',
      { cipher: 'aes256-ctr', kdf: 'argon3' },
      'key.unsupported-encryption',
      /argon3/,
    ],
    ['no rounds', bcrypt(0), 'key.damaged', /no rounds/],
    ['too many rounds', bcrypt(1001), 'key.kdf-too-costly', /1001 rounds of bcrypt/],
    ['rounds without end', bcrypt(2 ** 32 - 1), 'key.kdf-too-costly', /4294967295 rounds/],
    ['a tag where none belongs', { ...bcrypt(1), after: Buffer.alloc(16) }, 'key.damaged', /16 bytes follow/],
    ['no tag', { ...bcrypt(1), cipher: 'aes256-gcm@openssh.com' }, 'key.damaged', /0 bytes follow.* not 16/],
  ] as const)('%s', async (_what, parts, code, message) => {
    const error = await refusal(() => openFile(openssh(parts), { passphrase: 'secret' }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('more rounds than there can be, also with slow derivation allowed', async () => {
    const file = openssh(bcrypt(2 ** 32 - 1));
    const error = await refusal(() => openFile(file, { passphrase: 'secret', allowSlowKdf: true }));
    expect(error.code).toBe('key.kdf-too-costly');
  });

  test('a text that is cut anywhere is damaged', async () => {
    const whole = Buffer.from(openssh({}).toString().split('\n').slice(1, -2).join(''), 'base64');
    for (let end = 1; end < whole.length; end += 1) {
      const cut = pemText('OPENSSH PRIVATE KEY', whole.subarray(0, end));
      expect([end, (await refusal(() => openFile(cut, {}))).code]).toEqual([end, 'key.damaged']);
    }
  });
});
