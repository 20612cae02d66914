import { basename, dirname, extname, join, resolve } from 'node:path';
import { beginningOf } from './recognise.js';
import type { NamedInput } from './inputs.js';

/** What strip and split write for `<stem>.*`: they are named so in names.ts. */
const outputName = /^(.+)\.(newcert\.pem|private\.key|certificate\.crt)$/i;
const secretName = /^(.+)\.secret$/i;

/** Which outputs of sapcert's own are no inputs of a run, although they were found or named. */
export interface LeaveOut {
  /** Those that were named by themselves, as a shell does it with `*.pem`. */
  readonly named: boolean;
  /** Those in a folder that was given, also where what they were made from is no input. */
  readonly alone: boolean;
}

/** A run that writes outputs again must not take them for bundles. */
export const whereOutputsAreWritten: LeaveOut = { named: true, alone: true };
/** Who only looks may want to look at outputs: those that are named, and those that stand for themselves. */
export const whereNothingIsWritten: LeaveOut = { named: false, alone: false };

export interface Selected {
  readonly inputs: readonly NamedInput[];
  /** What sapcert wrote itself for another input, and the secret files of other inputs. */
  readonly leftOut: readonly NamedInput[];
}

/**
 * Leaves out what belongs to other inputs of the same run: `<stem>.newcert.pem`, `<stem>.private.key` and
 * `<stem>.certificate.crt` beside an input `<stem>.*`, where they hold what sapcert writes there (a plain key, a
 * certificate), and its `<stem>.secret`. So a second `sapcert strip *.pem` is about the same bundles as the first.
 * A file of such a name with an encrypted key in it stays an input: it may be the only copy of that key.
 */
export function leaveOut(inputs: readonly NamedInput[], rule: LeaveOut): Selected {
  const sources = sourcesOf(inputs);
  const kept: NamedInput[] = [];
  const leftOut: NamedInput[] = [];
  for (const input of inputs) (belongsToOther(input, sources, rule) ? leftOut : kept).push(input);
  return { inputs: kept, leftOut };
}

/** What stands for a stem: a bundle, or only the combined file, of which the parts may lie beside it. */
type Source = 'bundle' | 'combined';

function sourcesOf(inputs: readonly NamedInput[]): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const { path } of inputs) {
    if (path === '-' || secretName.test(path)) continue;
    const [, stem, kind = ''] = outputName.exec(basename(path)) ?? [];
    sources.set(stemIdentity(path, basename(path, extname(path))), 'bundle');
    if (stem === undefined || !/^newcert/i.test(kind)) continue;
    const identity = stemIdentity(path, stem);
    if (!sources.has(identity)) sources.set(identity, 'combined');
  }
  return sources;
}

function belongsToOther(input: NamedInput, sources: ReadonlyMap<string, Source>, rule: LeaveOut): boolean {
  const { path, named = false, error } = input;
  if (path === '-' || error !== undefined) return false;
  const [, owner] = secretName.exec(basename(path)) ?? [];
  if (owner !== undefined) return sources.has(stemIdentity(path, owner));
  const [, stem, kind = ''] = outputName.exec(basename(path)) ?? [];
  if (stem === undefined || (named && !rule.named)) return false;
  const source = sources.get(stemIdentity(path, stem));
  const made = source === 'bundle' || (source === 'combined' && !/^newcert/i.test(kind));
  const alone = rule.alone && input.inFolder === true;
  return (made || alone) && holdsWhatIsWritten(path);
}

const stemIdentity = (path: string, stem: string): string => join(resolve(dirname(path)), stem);

/** A plain private key, or a certificate: nothing that would be lost if it was written again. */
function holdsWhatIsWritten(path: string): boolean {
  const text = beginningOf(path)?.toString('latin1') ?? '';
  return (
    /^-----BEGIN (?:(?:RSA |EC )?PRIVATE KEY|CERTIFICATE)-----/.test(text) && !text.includes('ENCRYPTED')
  );
}
