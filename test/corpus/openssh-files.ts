import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { peerEnv } from '../support/programs.js';
import type { CorpusFile } from './corpus-file.js';
import { inPairs } from './openssl.js';

const execFileAsync = promisify(execFile);

interface OpenSshRow {
  readonly key: string;
  readonly args: readonly string[];
  /** As OpenSSH spells it; absent: its own choice. */
  readonly cipher?: string;
  readonly passphrase: string | undefined;
  readonly rounds?: number;
}

const secret = 'jJ3fF7dD0rR2rR3wW0eE2tT';

const kinds = {
  'RSA 1024': ['-t', 'rsa', '-b', '1024'],
  'DSA 1024': ['-t', 'dsa'],
  'EC P-256': ['-t', 'ecdsa', '-b', '256'],
  'EC P-384': ['-t', 'ecdsa', '-b', '384'],
  'EC P-521': ['-t', 'ecdsa', '-b', '521'],
  Ed25519: ['-t', 'ed25519'],
} as const;

const ciphers = [
  '3des-cbc',
  'aes128-cbc',
  'aes192-cbc',
  'aes256-cbc',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'chacha20-poly1305@openssh.com',
] as const;

const passphrases = ['grün', '密码 🔑', 'x'.repeat(200), ' a\tb!#?$ '] as const;

/** Every kind of file that ssh-keygen can write, one row a file. */
const rows: readonly OpenSshRow[] = [
  ...Object.entries(kinds).flatMap(([key, args]) => [
    { key, args, passphrase: undefined },
    { key, args, passphrase: secret, rounds: 2 },
  ]),
  ...ciphers.map((cipher) => ({
    key: 'Ed25519',
    args: kinds.Ed25519,
    cipher,
    passphrase: secret,
    rounds: 2,
  })),
  ...passphrases.map((passphrase) => ({ key: 'Ed25519', args: kinds.Ed25519, passphrase, rounds: 2 })),
  { key: 'EC P-256', args: kinds['EC P-256'], passphrase: secret },
];

export function makeOpenSshFiles(folder: string): Promise<CorpusFile[]> {
  return inPairs([...rows.entries()], async ([index, { key, args, cipher, passphrase, rounds }]) => {
    const path = join(folder, `openssh-${index}`);
    const choices = [
      ...(rounds === undefined ? [] : ['-a', `${rounds}`]),
      ...(cipher === undefined ? [] : ['-Z', cipher]),
    ];
    await keygen([...args, ...choices, '-N', passphrase ?? '', '-C', 'corpus', '-f', path]);
    return {
      madeBy: 'ssh-keygen',
      name: [...args, ...choices].join(' '),
      container: 'OpenSSH',
      kdf: passphrase === undefined ? undefined : 'bcrypt',
      cipher: passphrase === undefined ? undefined : (cipher ?? 'aes256-ctr'),
      key,
      passphrase,
      bytes: await readFile(path),
      publicKey: await publicKeyOf(path),
    };
  });
}

/** What ssh-keygen says of the public half; Ed25519 it does not convert, but there it is the last 32 bytes. */
async function publicKeyOf(path: string): Promise<string> {
  const [kind, base64 = ''] = (await readFile(`${path}.pub`, 'utf8')).split(' ');
  if (kind !== 'ssh-ed25519') return keygen(['-e', '-m', 'PKCS8', '-f', `${path}.pub`]);
  const point = Buffer.from(base64, 'base64').subarray(-32);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), point]);
  return `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

async function keygen(args: readonly string[]): Promise<string> {
  const { stdout } = await execFileAsync('ssh-keygen', ['-q', ...args], { env: peerEnv(), timeout: 20_000 });
  return stdout;
}
