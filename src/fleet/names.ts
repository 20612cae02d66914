import { basename, dirname, extname, join, resolve } from 'node:path';
import { SapcertError } from '../errors.js';
import { errorData } from './error-data.js';
import type { NamedInput } from './inputs.js';
import type { FleetInput, OutputPaths } from './types.js';

export interface OutputNaming {
  /** The folder for all outputs; the folders below one that was given are kept. Default: beside each input. */
  readonly folder?: string | undefined;
  /** Also the private key and the certificate alone. */
  readonly split?: boolean | undefined;
}

/**
 * Gives every input the names of its outputs: `<stem>.newcert.pem`, and with `split` `<stem>.private.key` and
 * `<stem>.certificate.crt`. Where two inputs would write the same file the first has it, and the other becomes a
 * failure that says so; an output that would replace an input is a failure too.
 */
export function* nameOutputs(inputs: readonly NamedInput[], naming: OutputNaming): Generator<FleetInput> {
  const sources = new Map(inputs.map(({ path }) => [fileIdentity(path), path]));
  const taken = new Map<string, string>();
  for (const input of inputs) {
    const { path, name } = input;
    if (input.error !== undefined) {
      yield { name, path, error: input.error };
      continue;
    }
    const outputs = outputsOf(input, naming);
    const identities = Object.values(outputs).map(fileIdentity);
    const error = collision(path, identities, taken, sources);
    if (error === undefined) for (const identity of identities) taken.set(identity, path);
    yield error === undefined ? { name, path, outputs } : { name, path, error: errorData(error) };
  }
}

function outputsOf({ path, folder }: NamedInput, { folder: target, split }: OutputNaming): OutputPaths {
  const base = target === undefined ? (path === '-' ? '' : dirname(path)) : join(target, folder);
  const stem = path === '-' ? 'stdin' : basename(path, extname(path));
  const named = (suffix: string): string => join(base, `${stem}.${suffix}`);
  const combined = named('newcert.pem');
  return split === true
    ? { combined, privateKey: named('private.key'), certificate: named('certificate.crt') }
    : { combined };
}

function collision(
  path: string,
  outputs: readonly string[],
  taken: ReadonlyMap<string, string>,
  sources: ReadonlyMap<string, string>,
): SapcertError | undefined {
  const rival = outputs.map((output) => taken.get(output)).find((other) => other !== undefined);
  if (rival !== undefined) {
    return new SapcertError('output.collision', `its output would have the name of the one of ${rival}`, {
      place: { file: path },
      hint: 'give one of the two another name, or give the folder that holds both: its folders are kept in --out-dir',
    });
  }
  const source = outputs.map((output) => sources.get(output)).find((other) => other !== undefined);
  if (source === undefined) return undefined;
  return new SapcertError('output.collision', `its output would replace the input ${source}`, {
    place: { file: path },
    hint: 'write to another folder with --out-dir DIR',
  });
}

/** Some file systems do not tell capitals from small letters. */
const ignoresCase = process.platform === 'win32' || process.platform === 'darwin';

function fileIdentity(path: string): string {
  const absolute = path === '-' ? path : resolve(path);
  return ignoresCase ? absolute.toLowerCase() : absolute;
}
