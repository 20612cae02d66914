import { basename, dirname, extname, join } from 'node:path';
import { readBundle } from '../bundle/bundle.js';
import { maximumInputSize } from '../bundle/material.js';
import type { Warning } from '../bundle/types.js';
import { SapcertError } from '../errors.js';
import { readInput } from '../files/index.js';
import { type Arguments, flag, text } from './options.js';
import { cutByShell, findSecret, readSource, type Secret } from './secret.js';
import { type Terminal, printable } from './terminal.js';

/** The inputs of one bundle, read, with the secret that was found for it. */
export interface BundleInput {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly key: Uint8Array | undefined;
  readonly chain: Uint8Array | undefined;
  readonly keyFile: string | undefined;
  readonly chainFile: string | undefined;
  readonly allowSlowKdf: boolean;
}

export function readBundleInput(name: string, args: Arguments): BundleInput {
  const [keyFile, chainFile] = [text(args, 'key'), text(args, 'chain')];
  const fromStdin =
    [name, keyFile, chainFile].filter((path) => path === '-').length +
    Number(text(args, 'passin') === 'stdin');
  if (fromStdin > 1) {
    throw new SapcertError('usage.invalid', 'standard input can bring only one thing', {
      hint: 'with the bundle on standard input give the secret with --passin file:PATH, env:NAME or fd:N',
    });
  }
  return {
    name,
    bytes: readInput(name, maximumInputSize),
    key: keyFile === undefined ? undefined : readInput(keyFile, maximumInputSize),
    chain: chainFile === undefined ? undefined : readInput(chainFile, maximumInputSize),
    keyFile,
    chainFile,
    allowSlowKdf: flag(args, 'allow-slow-kdf'),
  };
}

/** The options of the library's calls for an input. */
export function libraryOptions(input: BundleInput): {
  file: string;
  allowSlowKdf: boolean;
  key?: Uint8Array | undefined;
  chain?: Uint8Array | undefined;
  keyFile?: string | undefined;
  chainFile?: string | undefined;
} {
  const { name, key, chain, keyFile, chainFile, allowSlowKdf } = input;
  return { file: displayName(name), allowSlowKdf, key, chain, keyFile, chainFile };
}

export function displayName(path: string): string {
  return path === '-' ? 'standard input' : path;
}

/** `device.pem` -> `device`, for the names of outputs and of the secret's file. */
export function stemOf(path: string): string {
  return path === '-' ? 'stdin' : basename(path, extname(path));
}

export function besideInput(path: string, name: string): string {
  return path === '-' ? name : join(dirname(path), name);
}

/**
 * Runs what needs a secret: with the one that was named or found, else without, and if the bundle asks for
 * one then the user is asked.
 */
export async function withSecret<Result>(
  input: Pick<BundleInput, 'name'>,
  args: Arguments,
  terminal: Terminal,
  run: (passphrase: string | undefined) => Promise<Result>,
): Promise<{ result: Result; warnings: readonly Warning[] }> {
  const source = text(args, 'passin');
  const given =
    source === undefined ? findSecret(input.name, terminal) : readSource(source, 'passin', terminal);
  try {
    return { result: await run(given?.passphrase), warnings: given?.warnings ?? [] };
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
    if (error.code === 'key.passphrase-wrong' && given !== undefined) throw explainWrong(error, given);
    if (error.code !== 'key.passphrase-missing') throw error;
    const ask = terminal.askSecrets;
    if (ask === undefined) throw explainMissing(error, input);
    const [passphrase] = await ask(`secret of ${printable(displayName(input.name))}: `);
    return { result: await run(passphrase), warnings: [] };
  }
}

/**
 * The secret for what connects later: the one that was named or found, else, if the bundle asks for one and
 * nothing brings it, the user's answer.
 */
export async function secretFor(
  input: Pick<BundleInput, 'name' | 'bytes' | 'key'>,
  args: Arguments,
  terminal: Terminal,
): Promise<{ passphrase: string | undefined; warnings: readonly Warning[] }> {
  const source = text(args, 'passin');
  const given =
    source === undefined ? findSecret(input.name, terminal) : readSource(source, 'passin', terminal);
  if (given !== undefined) return { passphrase: given.passphrase, warnings: given.warnings };
  const ask = terminal.askSecrets;
  if (ask === undefined || !(await asksForSecret(input))) return { passphrase: undefined, warnings: [] };
  const [passphrase] = await ask(`secret of ${printable(displayName(input.name))}: `);
  return { passphrase, warnings: [] };
}

async function asksForSecret({ bytes, key }: Pick<BundleInput, 'bytes' | 'key'>): Promise<boolean> {
  try {
    const bundle = await readBundle(bytes, { key });
    return bundle.secret === undefined && bundle.keys.some(({ encryption }) => encryption !== undefined);
  } catch (error) {
    return error instanceof SapcertError && error.code === 'key.passphrase-missing';
  }
}

function explainWrong(error: SapcertError, given: Secret): SapcertError {
  const origin = given.origin.includes('pass:') ? 'the secret' : `the secret from ${given.origin}`;
  return new SapcertError(error.code, `${origin} does not open the private key`, {
    place: error.place,
    hint:
      cutByShell(given) ??
      'a secret belongs to one download: SAP issues a new certificate with a new secret each time',
    cause: error,
  });
}

function explainMissing(error: SapcertError, { name }: Pick<BundleInput, 'name'>): SapcertError {
  const sidecar = name === '-' ? '' : `, or put it into ${besideInput(name, `${stemOf(name)}.secret`)}`;
  return new SapcertError(error.code, 'the private key is encrypted and no secret was given', {
    place: error.place,
    hint: `give it with --passin file:PATH or env:NAME, set SAPCERT_SECRET${sidecar}`,
    cause: error,
  });
}
