import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { peerEnv } from '../support/programs.js';
import type { CorpusFile } from './corpus-file.js';
import { inPairs } from './openssl.js';

const execFileAsync = promisify(execFile);

interface PuttyRow {
  readonly key: string;
  readonly kind: readonly string[];
  /** As `--ppk-param` of puttygen takes it. */
  readonly parameters: string;
  readonly kdf: string | undefined;
  readonly passphrase: string | undefined;
}

const secret = 'jJ3fF7dD0rR2rR3wW0eE2tT';

const kinds = {
  'RSA 1024': ['-t', 'rsa', '-b', '1024'],
  'EC P-256': ['-t', 'ecdsa', '-b', '256'],
  'EC P-521': ['-t', 'ecdsa', '-b', '521'],
  Ed25519: ['-t', 'ed25519'],
  Ed448: ['-t', 'ed448'],
} as const;
const cheap = 'memory=64,passes=2';

const rows: readonly PuttyRow[] = [
  ...Object.entries(kinds).flatMap(([key, kind]) => [
    { key, kind, parameters: 'version=2', kdf: 'sha1', passphrase: secret },
    { key, kind, parameters: `version=3,${cheap}`, kdf: 'argon2id', passphrase: secret },
  ]),
  ...['version=2', 'version=3'].map((parameters) => ({
    key: 'Ed25519',
    kind: kinds.Ed25519,
    parameters,
    kdf: undefined,
    passphrase: undefined,
  })),
  ...['argon2d', 'argon2i'].map((kdf) => ({
    key: 'Ed25519',
    kind: kinds.Ed25519,
    parameters: `version=3,kdf=${kdf},${cheap},parallelism=2`,
    kdf,
    passphrase: secret,
  })),
  ...['grün', 'x'.repeat(200)].map((passphrase) => ({
    key: 'Ed25519',
    kind: kinds.Ed25519,
    parameters: `version=3,${cheap}`,
    kdf: 'argon2id',
    passphrase,
  })),
];

/** Every kind of PuTTY key that puttygen writes, one row a file. */
export function makePuttyFiles(folder: string): Promise<CorpusFile[]> {
  return inPairs([...rows.entries()], async ([index, { key, kind, parameters, kdf, passphrase }]) => {
    const path = join(folder, `putty-${index}`);
    const secretFile = `${path}.secret`;
    await writeFile(secretFile, passphrase ?? '');
    const out = ['--new-passphrase', secretFile, '-C', 'a comment', '-o', path];
    await puttygen([...kind, '--ppk-param', parameters, ...out]);
    return {
      madeBy: 'puttygen',
      name: [...kind, parameters].join(' '),
      container: 'PuTTY',
      kdf,
      cipher: kdf === undefined ? undefined : 'aes256-cbc',
      key,
      passphrase,
      bytes: await readFile(path),
      publicKey: await publicKeyOf(path, secretFile),
    };
  });
}

/** What puttygen says the public half is, in the form that `ssh-keygen` and the RFCs share; Edwards keys end in it. */
async function publicKeyOf(path: string, secretFile: string): Promise<string> {
  const args = [path, '--old-passphrase', secretFile, '-O', 'public-openssh'];
  const [kind, base64 = ''] = (await puttygen(args)).split(' ');
  const blob = Buffer.from(base64, 'base64');
  const edwards = { 'ssh-ed25519': '302a300506032b6570032100', 'ssh-ed448': '3043300506032b6571033a00' };
  const prefix = kind === 'ssh-ed25519' || kind === 'ssh-ed448' ? edwards[kind] : undefined;
  if (prefix === undefined) return sshToSpki(`${path}.pub`, `${kind} ${base64}\n`);
  const spki = Buffer.concat([Buffer.from(prefix, 'hex'), blob.subarray(kind === 'ssh-ed25519' ? -32 : -57)]);
  return `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

async function sshToSpki(path: string, text: string): Promise<string> {
  await writeFile(path, text);
  const { stdout } = await execFileAsync('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', path], { env: peerEnv() });
  return stdout;
}

async function puttygen(args: readonly string[]): Promise<string> {
  const { stdout } = await execFileAsync('puttygen', ['-q', ...args], { env: peerEnv(), timeout: 30_000 });
  return stdout;
}
