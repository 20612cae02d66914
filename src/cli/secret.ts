import { readFileSync } from 'node:fs';
import { type FoundSecret, foundSecret } from '../bundle/secret.js';
import type { Warning } from '../bundle/types.js';
import { SapcertError } from '../errors.js';
import { firstLine, readInput, readSecretFile, secretLimit } from '../files/index.js';
import type { Terminal } from './terminal.js';

/**
 * Reads a secret from a source in openssl's syntax (openssl-passphrase-options(1)): `pass:SECRET`, `env:NAME`,
 * `file:PATH`, `fd:N` or `stdin`. Of a file, a descriptor or standard input it is the first line.
 *
 * @throws SapcertError `usage.invalid` when the source is not one, `key.passphrase-missing` when it is empty
 */
export function readSource(source: string, option: string, terminal: Terminal): FoundSecret {
  const [kind, rest] = splitSource(source);
  if (rest === '' && ['env', 'file', 'fd'].includes(kind)) throw notASource(option);
  switch (kind) {
    case 'pass':
      return { passphrase: rest, origin: `--${option} pass:`, warnings: [visibleInArguments(option)] };
    case 'env':
      return fromEnvironment(rest, option, terminal);
    case 'file':
      return readSecretFile(rest, `--${option} file:${rest}`);
    case 'fd':
      return foundSecret(firstLine(readDescriptor(rest, option)), `--${option} fd:${rest}`);
    case 'stdin':
      return foundSecret(firstLine(readInput('-', secretLimit)), `--${option} stdin`);
    default:
      throw notASource(option);
  }
}

function notASource(option: string): SapcertError {
  return new SapcertError(
    'usage.invalid',
    `--${option} takes env:NAME, file:PATH, fd:N, stdin or pass:SECRET`,
    { hint: `for a secret in a file: --${option} file:device.secret` },
  );
}

/** The secret that was named for a run: by `--passin`, else in the environment. */
export function namedSecret(source: string | undefined, terminal: Terminal): FoundSecret | undefined {
  if (source !== undefined) return readSource(source, 'passin', terminal);
  const value = terminal.env['SAPCERT_SECRET'];
  return value === undefined || value === '' ? undefined : foundSecret(value, 'SAPCERT_SECRET');
}

/** Says, when a secret failed, what shells and copying do to secrets; nothing of the secret is quoted. */
export function cutByShell({ passphrase, origin }: FoundSecret): string | undefined {
  if (passphrase !== passphrase.trim())
    return `the secret from ${origin} has spaces around it: copy it without them`;
  const fromShell = /pass:|env:|SAPCERT_SECRET/.test(origin);
  if (!fromShell && /^(["']).*\1$/.test(passphrase))
    return `the secret from ${origin} has quotation marks around it: leave them out`;
  if (!fromShell && sapLengths.has(passphrase.length)) return undefined;
  if (!fromShell)
    return `SAP's secrets have 23 or 36 characters, this one has not: ${
      origin === 'the prompt' ? 'paste all of it' : 'the first line has to be the secret and nothing else'
    }`;
  const quote = 'put it into single quotes, or into a file: --passin file:PATH';
  if (/[!#?$\\`"'\s]/.test(passphrase))
    return `the secret has characters that a shell changes (! # ? $): ${quote}`;
  if (sapLengths.has(passphrase.length)) return undefined;
  return `SAP's secrets have 23 or 36 characters, this one has not: a shell may have cut it at ! # ? or $; ${quote}`;
}

const sapLengths: ReadonlySet<number> = new Set([23, 36]);

function splitSource(source: string): [kind: string, rest: string] {
  const colon = source.indexOf(':');
  return colon < 0 ? [source, ''] : [source.slice(0, colon), source.slice(colon + 1)];
}

function visibleInArguments(option: string): Warning {
  const message = `a secret on the command line can be read by other users of this machine; --${option} file:PATH or env:NAME hides it`;
  return { code: 'passphrase.readable-by-others', message };
}

function fromEnvironment(name: string, option: string, terminal: Terminal): FoundSecret {
  const value = terminal.env[name];
  if (value !== undefined) return foundSecret(value, `--${option} env:${name}`);
  throw new SapcertError('key.passphrase-missing', `the environment has no variable ${name}`, {
    hint: `set it, or name another: --${option} env:NAME`,
  });
}

function readDescriptor(number: string, option: string): Uint8Array {
  if (!/^\d{1,6}$/.test(number)) throw new SapcertError('usage.invalid', `--${option} fd:N takes a number`);
  try {
    return readFileSync(Number(number));
  } catch (cause) {
    throw new SapcertError('file.unreadable', `descriptor ${number} is not open for reading`, {
      hint: `open it for this command: sapcert ... --${option} fd:3 3<device.secret`,
      cause,
    });
  }
}
