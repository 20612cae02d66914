import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Bundle, openBundle, readBundle } from '../bundle/bundle.js';
import { commonName } from '../bundle/identity.js';
import { maximumInputSize } from '../bundle/material.js';
import { looksLikeJson, textOf } from '../bundle/recognise.js';
import { type FoundSecret, nameOfSecret } from '../bundle/secret.js';
import { type StrippedBundle, writeIdentity } from '../bundle/strip.js';
import { readWrapped } from '../bundle/wrapped.js';
import { SapcertError } from '../errors.js';
import { readInput, sidecarOf, sweepStale, type WrittenFile, writeFilesBeside } from '../files/index.js';
import { errorData } from './error-data.js';
import { findSecret, listedSecret, mayKnowDevice, namesOfDevice, whyNoneBeside } from './find-secret.js';
import { readHot, stripHot } from './hot/strip.js';
import { outputFiles } from './output.js';
import { provenDone } from './proven.js';
import { heed, turn, turnEnds } from './stop.js';
import type { FleetDone, FleetInput, FleetResult, FleetTask, RunningTask } from './types.js';

/** Strips one bundle of many and writes its files. Never throws: what is wrong is the result. */
export async function stripOne(input: FleetInput, task: RunningTask): Promise<FleetResult> {
  if (input.error !== undefined) return { status: 'failed', input: input.name, error: input.error };
  try {
    heed(task.stop);
    return await strip(input, task);
  } catch (error) {
    return { status: 'failed', input: input.name, error: errorData(error) };
  }
}

async function strip(input: FleetInput, task: RunningTask): Promise<FleetDone> {
  const bytes = input.bytes ?? readInput(input.path ?? input.name, maximumInputSize);
  const { text, secret: own } = unwrapped(bytes);
  const hot = readHot(text);
  if (task.resume === true && input.outputs !== undefined) {
    const stripped = await provenDone(bytes, hot, input.outputs, task);
    if (stripped !== undefined) {
      sweepStale(dirname(input.outputs.combined));
      return done('skipped', input, stripped, unchanged(input, stripped));
    }
  }
  const commonNames = hot?.leaf.commonName === undefined ? [] : [hot.leaf.commonName];
  const secret = findSecret(input, commonNames, own, task);
  const stripped =
    (hot && (await stripHot(hot, secret?.passphrase, task))) ??
    (await stripWhole(input, bytes, secret, task));
  const warned = { ...stripped, warnings: [...(secret?.warnings ?? []), ...stripped.warnings] };
  return done('done', input, warned, await write(input, stripped, task));
}

/** The text inside a JSON download, with the secret that came along; anything else as it is. */
function unwrapped(bytes: Uint8Array): { readonly text: Uint8Array; readonly secret?: string | undefined } {
  if (!looksLikeJson(bytes)) return { text: bytes };
  try {
    const { parts, secret } = readWrapped(textOf(bytes));
    const [only, ...more] = parts;
    if (only === undefined || more.length > 0) return { text: bytes, secret };
    return { text: Buffer.from(only.content), secret };
  } catch (error) {
    if (error instanceof SapcertError) return { text: bytes };
    throw error;
  }
}

/** The whole pipeline, for every container there is, and for every verdict. */
async function stripWhole(
  input: FleetInput,
  bytes: Uint8Array,
  known: FoundSecret | undefined,
  task: RunningTask,
): Promise<StrippedBundle> {
  let secret = known;
  try {
    await turn();
    heed(task.stop);
    const options = { ...task, file: input.name };
    const bundle = await readBundle(bytes, { ...options, passphrase: secret?.passphrase });
    secret = secretOfDevice(input, bundle, task) ?? secret;
    const identity = await openBundle(bundle, { ...options, passphrase: secret?.passphrase });
    return writeIdentity(bundle, identity, task);
  } catch (error) {
    throw error instanceof SapcertError ? explained(error, input, secret, task) : error;
  } finally {
    turnEnds();
  }
}

/** The table may know a bundle by its device, which shows once the bundle is read. */
function secretOfDevice(input: FleetInput, bundle: Bundle, task: FleetTask): FoundSecret | undefined {
  if (!mayKnowDevice(input, task)) return undefined;
  const names = bundle.certificates.map(({ x509 }) => commonName(x509.subject));
  return listedSecret(names.filter((name) => name !== undefined).flatMap(namesOfDevice), task);
}

/** With so many secrets, the error has to say which one was tried, or what was looked for. */
function explained(
  error: SapcertError,
  input: FleetInput,
  secret: FoundSecret | undefined,
  task: FleetTask,
): SapcertError {
  const { code, place, cause } = error;
  if (code === 'key.passphrase-missing') return whyNoneBeside(input) ?? missing(error, input, task);
  if (code !== 'key.passphrase-wrong' || secret === undefined) return error;
  return new SapcertError(code, `${nameOfSecret(secret)} does not open the private key`, {
    place,
    cause,
    hint: 'a secret belongs to one download: SAP issues a new certificate with a new secret each time',
  });
}

function missing({ code, place, cause }: SapcertError, input: FleetInput, task: FleetTask): SapcertError {
  const sidecar = input.path === undefined ? undefined : sidecarOf(input.path);
  const beside = sidecar === undefined ? '' : `, or put it into ${sidecar}`;
  const [why, hint] =
    task.secrets === undefined
      ? ['no secret was found for it', 'name it in a table (--secrets FILE) by file or device']
      : ['the table of secrets has neither its file nor its device', 'add it to the table'];
  return new SapcertError(code, `the private key is encrypted and ${why}`, {
    place,
    cause,
    hint: `${hint}${beside}`,
  });
}

async function write(
  input: FleetInput,
  stripped: StrippedBundle,
  task: FleetTask,
): Promise<readonly WrittenFile[]> {
  if (input.outputs === undefined) return [];
  const files = outputFiles(input.outputs, stripped);
  for (const { path } of files) {
    const folder = dirname(path);
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseInput(path, input);
  }
  return writeFilesBeside(files, { overwrite: task.overwrite });
}

/** The input may be the only copy of the encrypted key. */
function refuseInput(output: string, { path }: FleetInput): void {
  if (path === undefined || basename(path) !== basename(output)) return;
  if (realpathSync(dirname(path)) !== realpathSync(dirname(output))) return;
  throw new SapcertError('output.collision', 'the output would replace its own input', {
    place: { file: path },
    hint: 'write to another folder with --out-dir DIR',
  });
}

const unchanged = ({ outputs }: FleetInput, stripped: StrippedBundle): readonly WrittenFile[] =>
  outputs === undefined
    ? []
    : outputFiles(outputs, stripped).map(({ path }) => ({ path, status: 'unchanged' }));

function done(
  status: FleetDone['status'],
  input: FleetInput,
  stripped: StrippedBundle,
  written: readonly WrittenFile[],
): FleetDone {
  const { key, leaf, chain, warnings } = stripped;
  const texts = input.outputs === undefined ? { stripped } : {};
  return { status, input: input.name, written, key, leaf, chain, warnings, ...texts };
}
