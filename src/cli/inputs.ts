import { basename, dirname, extname, join } from 'node:path';
import { readBundle } from '../bundle/bundle.js';
import { maximumInputSize } from '../bundle/material.js';
import { type FoundSecret, nameOfSecret } from '../bundle/secret.js';
import type { Warning } from '../bundle/types.js';
import { SapcertError } from '../errors.js';
import { readInput, sidecarOf, sidecarSecret } from '../files/index.js';
import { onOneLine } from './layout.js';
import { type Arguments, flag, text } from './options.js';
import { printWarnings } from './report.js';
import { cutByShell, namedSecret } from './secret.js';
import type { Terminal } from './terminal.js';

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

/** @throws SapcertError `usage.invalid`, and what reading the files throws */
export function readBundleInput(name: string, args: Arguments): BundleInput {
  const [keyFile, chainFile] = [text(args, 'key'), text(args, 'chain')];
  checkSources([name, keyFile, chainFile], [text(args, 'passin')]);
  return {
    name,
    bytes: readInput(name, maximumInputSize),
    key: keyFile === undefined ? undefined : readInput(keyFile, maximumInputSize),
    chain: chainFile === undefined ? undefined : readInput(chainFile, maximumInputSize),
    keyFile: keyFile && displayName(keyFile),
    chainFile: chainFile && displayName(chainFile),
    allowSlowKdf: flag(args, 'allow-slow-kdf'),
  };
}

const promptOrigin = 'the prompt';

type Given = string | undefined;

/**
 * Refuses files without a name, and standard input for more than one thing.
 *
 * @throws SapcertError `usage.invalid`
 */
export function checkSources(files: readonly Given[], secrets: readonly Given[]): void {
  if (files.includes('')) {
    throw new SapcertError('usage.invalid', 'the name of a file is empty', {
      hint: 'a variable of the shell may have no value',
    });
  }
  const fromStdin =
    files.filter((path) => path === '-').length +
    secrets.filter((source) => source !== undefined && /^(?:stdin|fd:0|file:-)$/.test(source)).length;
  if (fromStdin <= 1) return;
  throw new SapcertError('usage.invalid', 'standard input can bring only one thing', {
    hint: 'with the bundle on standard input give the secret with --passin file:PATH, env:NAME or fd:N',
  });
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

/**
 * The name of an output that was not named: `<stem>.<suffix>` in the folder, else beside the input.
 *
 * @throws SapcertError `usage.invalid` for an input that lies in no folder, such as `/dev/fd/63`
 */
export function outputPath(input: string, suffix: string, folder: string | undefined): string {
  const name = `${input === '-' ? 'stdin' : basename(input, extname(input))}.${suffix}`;
  if (folder !== undefined) return join(folder, name);
  if (input === '-') return name;
  if (!/^\/(?:dev|proc)\//.test(input)) return join(dirname(input), name);
  throw new SapcertError('usage.invalid', `nothing can be written beside ${input}`, {
    hint: 'name the output with -o FILE, or its folder with --out-dir DIR',
  });
}

/**
 * Runs what needs a secret: with the one that was named, else without, so that a download brings its own. Only if
 * the bundle then asks for one, the file beside it is looked at, or the user is asked.
 */
export async function withSecret<Result>(
  input: Pick<BundleInput, 'name'>,
  args: Arguments,
  terminal: Terminal,
  run: (passphrase: string | undefined) => Promise<Result>,
): Promise<{ result: Result; warnings: readonly Warning[] }> {
  const attempt = async (secret: FoundSecret | undefined) => {
    try {
      return { result: await run(secret?.passphrase), warnings: secret?.warnings ?? [] };
    } catch (error) {
      throw secret === undefined ? error : explainWrong(error, secret);
    }
  };
  const named = namedSecret(text(args, 'passin'), terminal);
  if (named !== undefined) return attempt(named);
  try {
    return await attempt(undefined);
  } catch (error) {
    if (!(error instanceof SapcertError) || error.code !== 'key.passphrase-missing') throw error;
    const secret = sidecarSecret(input.name) ?? (await askForSecret(input, terminal));
    if (secret === undefined) throw explainMissing(error, input);
    return attempt(secret);
  }
}

/**
 * The secret for what connects later: the one that was named, else, if the bundle asks for one and does not bring
 * it, the file beside it or the user's answer.
 */
export async function secretFor(
  input: Pick<BundleInput, 'name' | 'bytes' | 'key'>,
  args: Arguments,
  terminal: Terminal,
): Promise<FoundSecret | undefined> {
  const named = namedSecret(text(args, 'passin'), terminal);
  if (named !== undefined || !(await asksForSecret(input))) return named;
  return sidecarSecret(input.name) ?? askForSecret(input, terminal);
}

/** What the library says of an input, in the words of the command line: with the file, and what became of the secret. */
export function explainSecret(error: unknown, input: BundleInput, secret: FoundSecret | undefined): unknown {
  if (!(error instanceof SapcertError) || !/^(?:file|key)\./.test(error.code)) return error;
  const { code, hint, place } = error;
  const [own = error.message] = error.defects.length === 1 ? error.defects.map(({ message }) => message) : [];
  const file = place?.file ?? displayName(input.name);
  const named = new SapcertError(code, own, { hint, place: { ...place, file }, cause: error });
  if (code === 'key.passphrase-missing' && secret === undefined) return explainMissing(named, input);
  return secret === undefined ? named : explainWrong(named, secret);
}

/** The secret that all bundles of a run share, if one was named; most have one of their own. */
export function sharedSecret(
  args: Arguments,
  terminal: Terminal,
): { passphrase?: string; passphraseOrigin?: string } {
  const named = namedSecret(text(args, 'passin'), terminal);
  if (named === undefined) return {};
  printWarnings(named.warnings, terminal);
  return { passphrase: named.passphrase, passphraseOrigin: named.origin };
}

async function askForSecret(
  { name }: Pick<BundleInput, 'name'>,
  terminal: Terminal,
): Promise<FoundSecret | undefined> {
  const [passphrase] = (await terminal.askSecrets?.(`secret of ${onOneLine(displayName(name))}: `)) ?? [];
  return passphrase === undefined ? undefined : { passphrase, origin: promptOrigin, warnings: [] };
}

async function asksForSecret({ bytes, key }: Pick<BundleInput, 'bytes' | 'key'>): Promise<boolean> {
  try {
    const bundle = await readBundle(bytes, { key });
    return bundle.secret === undefined && bundle.keys.some(({ encryption }) => encryption !== undefined);
  } catch (error) {
    return error instanceof SapcertError && error.code === 'key.passphrase-missing';
  }
}

function explainWrong(error: unknown, given: FoundSecret): unknown {
  if (!(error instanceof SapcertError) || error.code !== 'key.passphrase-wrong') return error;
  if (given.passphrase === '') {
    const hint = 'type what SAP showed as the secret, or give it with --passin file:PATH';
    const said = given.origin === promptOrigin ? 'no secret was typed' : `${nameOfSecret(given)} is empty`;
    return new SapcertError(error.code, said, { place: error.place, hint, cause: error });
  }
  return new SapcertError(error.code, `${nameOfSecret(given)} does not open the private key`, {
    place: error.place,
    hint:
      cutByShell(given) ??
      'a secret belongs to one download: SAP issues a new certificate with a new secret each time',
    cause: error,
  });
}

function explainMissing(error: SapcertError, { name }: Pick<BundleInput, 'name'>): SapcertError {
  const file = sidecarOf(name);
  const sidecar = file === undefined ? '' : `, or put it into ${file}`;
  return new SapcertError(error.code, 'the private key is encrypted and no secret was given', {
    place: error.place,
    hint: `give it with --passin file:PATH or env:NAME, set SAPCERT_SECRET${sidecar}`,
    cause: error,
  });
}
