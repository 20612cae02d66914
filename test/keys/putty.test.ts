import { createHash, createHmac, createPublicKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { inspectBundle, openPrivateKey } from '../../src/bundle/index.js';
import { refusal } from './support.js';

// Made by puttygen 0.78 -t ed25519 --ppk-param version=2, and version=3,memory=64,passes=2 with the passphrase `secret`.
const plain = [
  'PuTTY-User-Key-File-2: ssh-ed25519',
  'Encryption: none',
  'Comment: a comment',
  'Public-Lines: 2',
  'AAAAC3NzaC1lZDI1NTE5AAAAIOnJiXJoc/lSxn9ybuqQY3IOmS09B6G2+H3RkjJY',
  'WEOg',
  'Private-Lines: 1',
  'AAAAIM0VYWm8/s69siemtzZTKOcGkZI/j3OG1gWMDOK0fWwZ',
  'Private-MAC: 0a03ef1a7a786876c73bd39bdf669b6ae728b6b2',
].join('\n');
const sealed = [
  'PuTTY-User-Key-File-3: ssh-ed25519',
  'Encryption: aes256-cbc',
  'Comment: a comment',
  'Public-Lines: 2',
  'AAAAC3NzaC1lZDI1NTE5AAAAIHKIYk2tay7e3g8nfjgwo5gv6ctjwqClWkwlv0au',
  '9B8D',
  'Key-Derivation: Argon2id',
  'Argon2-Memory: 64',
  'Argon2-Passes: 2',
  'Argon2-Parallelism: 1',
  'Argon2-Salt: 36c40782fcf01061f0c1c0c4d93ec87f',
  'Private-Lines: 1',
  '/oaecoSRyvbubJYKjYlggH1AW6txaXHInz4bMLlqK8TBC54qgHTEHbgazNRsSfKh',
  'Private-MAC: 4dc964231e7fc319c957836565a39dcad8a9894e00d6f9d892f26995fd808bb5',
].join('\n');
/** What puttygen -O public-openssh says. */
const points = {
  plain: '6cmJcmhz-VLGf3Ju6pBjcg6ZLT0Hobb4fdGSMlhYQ6A',
  sealed: 'cohiTa1rLt7eDyd-ODCjmC_py2PCoKVaTCW_Rq70HwM',
} as const;

const pointOf = (pem: string): unknown => createPublicKey(pem).export({ format: 'jwk' }).x;

describe('PuTTY keys', () => {
  test('open, with and without a passphrase', async () => {
    const opened = await openPrivateKey(plain);
    expect([opened.type, pointOf(opened.pem)]).toEqual(['ed25519', points.plain]);
    const { pem, encryption } = await openPrivateKey(Buffer.from(sealed), { passphrase: 'secret' });
    expect(pointOf(pem)).toBe(points.sealed);
    expect(encryption).toEqual({
      scheme: 'PuTTY',
      cipher: 'aes256-cbc',
      kdf: 'argon2id',
      argon2: { memory: 64, passes: 2, parallelism: 1 },
    });
  });

  test('are described without a passphrase', async () => {
    expect(await inspectBundle(sealed)).toMatchObject({
      format: 'ppk',
      keys: [{ state: 'locked', label: 'PuTTY-User-Key-File-3', type: 'ed25519' }],
      problems: [],
    });
  });

  test('with a comment beyond ASCII, in any encoding', async () => {
    for (const encoding of ['utf8', 'latin1'] as const) {
      const file = Buffer.from(plain.replace('a comment', 'Gerät'), encoding);
      // RFC 4251's string, and the other fields as they are.
      const part = (value: Uint8Array) =>
        Buffer.concat([Buffer.of(0, 0, value.length >> 8, value.length & 255), value]);
      const body = (start: number, end: number) =>
        Buffer.from(plain.split('\n').slice(start, end).join(''), 'base64');
      const fields = ['ssh-ed25519', 'none', 'Gerät'].map((text) => part(Buffer.from(text, encoding)));
      const macKey = createHash('sha1').update('putty-private-key-file-mac-key').digest();
      const mac = createHmac('sha1', macKey)
        .update(Buffer.concat([...fields, part(body(4, 6)), part(body(7, 8))]))
        .digest('hex');
      const text = file.toString('latin1').replace(/MAC: .*/, `MAC: ${mac}`);
      expect(pointOf((await openPrivateKey(Buffer.from(text, 'latin1'))).pem)).toBe(points.plain);
    }
  });

  test.each([
    ['Windows line ends and a byte order mark', `\ufeff${plain.replaceAll('\n', '\r\n')}\r\n`],
    ['a newline at the end', `${plain}\n`],
  ])('with %s', async (_what, text) => {
    expect(pointOf((await openPrivateKey(Buffer.from(text))).pem)).toBe(points.plain);
  });
});

describe('refused', () => {
  test.each([
    ['another version', plain.replace('File-2', 'File-4'), 'key.damaged', /version 4/],
    [
      'version 1, which PuTTY does not read either',
      plain.replace('File-2', 'File-1'),
      'key.damaged',
      /version 1/,
    ],
    ['another cipher', plain.replace(': none', ': des'), 'key.damaged', /cipher/],
    ['another comment, which the MAC covers', plain.replace('a comment', 'my comment'), 'key.damaged', /MAC/],
    ['another kind', plain.replace('ssh-ed25519', 'ssh-ed448'), 'key.damaged', /MAC/],
    [
      'a public half cut',
      plain.replace('Public-Lines: 2', 'Public-Lines: 1'),
      'key.damaged',
      /base64|Private-Lines/,
    ],
    [
      'more lines than there are',
      plain.replace('Public-Lines: 2', 'Public-Lines: 2000000000'),
      'key.damaged',
      /cut/,
    ],
    ['a MAC that is none', plain.replace(/MAC: .*/, 'MAC: xyz'), 'key.damaged', /hexadecimal/],
    ['another derivation', sealed.replace('Argon2id', 'Argon3'), 'key.damaged', /derivation/],
    ['memory for less than the lanes', sealed.replace('Memory: 64', 'Memory: 7'), 'key.damaged', /RFC 9106/],
    [
      'memory without measure',
      sealed.replace('Memory: 64', 'Memory: 9999999'),
      'key.kdf-too-costly',
      /Argon2/,
    ],
    ['passes without measure', sealed.replace('Passes: 2', 'Passes: 99999'), 'key.kdf-too-costly', /Argon2/],
  ])('%s', async (_what, text, code, message) => {
    const error = await refusal(() => openPrivateKey(text, { passphrase: 'secret' }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('cut after any line', async () => {
    const lines = plain.split('\n');
    for (let count = 1; count < lines.length; count += 1) {
      const cut = lines.slice(0, count).join('\n');
      expect((await refusal(() => openPrivateKey(cut))).code).toBe('key.damaged');
    }
  });

  test('a wrong passphrase, and none', async () => {
    expect((await refusal(() => openPrivateKey(sealed, { passphrase: 'x' }))).code).toBe(
      'key.passphrase-wrong',
    );
    expect((await refusal(() => openPrivateKey(sealed))).code).toBe('key.passphrase-missing');
  });
});
