import type { Warning } from '../bundle/types.js';
import { SapcertError } from '../errors.js';
import { readInput } from '../files/index.js';
import { openToOthers } from './find-secret.js';
import { expandInputs, type InputSources, type NamedInput } from './inputs.js';
import { nameOutputs, type OutputNaming } from './names.js';
import { readSecretTable, type SecretTable } from './secrets.js';
import { inShard, type Shard } from './shard.js';
import { statsOf } from './stats.js';
import { stripMany, type StripManyOptions } from './strip-many.js';
import type { FleetInput, FleetResult } from './types.js';

export interface StripFleetOptions extends InputSources, Omit<StripManyOptions, 'secrets'> {
  /** Where the outputs go, and which. */
  readonly output?: OutputNaming | undefined;
  /** A table of secrets: see `readSecretTable`. */
  readonly secretsFile?: string | undefined;
  /** Take one part of the inputs only. */
  readonly shard?: Shard | undefined;
}

export interface Fleet {
  /** How many inputs there are to do, in this shard. */
  readonly total: number;
  /** About the run as a whole, such as a table of secrets that others can read. */
  readonly warnings: readonly Warning[];
  /** Does the work while it is iterated over. */
  readonly results: AsyncGenerator<FleetResult, void, undefined>;
}

/**
 * Everything that `strip` does with many inputs: finds them, names their outputs, takes its shard of them, finds
 * their secrets, and strips them.
 *
 * @throws SapcertError `usage.invalid` when there is no input, `output.not-writable` when the folder for the
 *   outputs is none; for the list and the table `file.*`
 */
export function stripFleet(options: StripFleetOptions): Fleet {
  const { inputs, listFile, output = {}, secretsFile, shard, ...task } = options;
  const found = requireInputs({ inputs, listFile });
  requireFolder(output.folder);
  const { secrets, warnings } = secretsFile === undefined ? noSecrets : readSecretsFile(secretsFile);
  // Names are given before the shard is taken, so that two shards never write the same file.
  const named = [...nameOutputs(found, output)];
  const mine = shard === undefined ? named : named.filter(({ name }) => inShard(name, shard));
  return { total: mine.length, warnings, results: stripMany(mine, { ...task, secrets }) };
}

/** What a run over many inputs is about, apart from what is done with them. */
export interface FoundFleet extends Secrets {
  readonly inputs: readonly FleetInput[];
}

/**
 * Finds the inputs of a run that writes nothing, takes its shard of them, and reads the table of secrets.
 *
 * @throws SapcertError `usage.invalid` when there is no input; for the list and the table `file.*`
 */
export function findFleet(
  options: InputSources & Pick<StripFleetOptions, 'secretsFile' | 'shard'>,
): FoundFleet {
  const { secretsFile, shard, ...sources } = options;
  const found = requireInputs(sources);
  const inputs = shard === undefined ? found : found.filter(({ name }) => inShard(name, shard));
  return { inputs, ...(secretsFile === undefined ? noSecrets : readSecretsFile(secretsFile)) };
}

function requireInputs(sources: InputSources): readonly NamedInput[] {
  const found = expandInputs(sources);
  if (found.length > 0) return found;
  throw new SapcertError('usage.invalid', 'there is no bundle among the inputs', {
    hint: 'of a folder those files are taken that hold a private key; name others by themselves',
  });
}

function requireFolder(folder: string | undefined): void {
  if (folder === undefined || statsOf(folder)?.isDirectory() === true) return;
  throw new SapcertError('output.not-writable', `there is no folder ${folder}`, {
    hint: `make it first: mkdir -m 700 ${folder}`,
  });
}

interface Secrets {
  readonly secrets: SecretTable | undefined;
  readonly warnings: readonly Warning[];
}

const noSecrets: Secrets = { secrets: undefined, warnings: [] };

/** Room for a million secrets. */
const largestTable = 256 * 1024 * 1024;

function readSecretsFile(path: string): Secrets {
  const text = Buffer.from(readInput(path, largestTable)).toString('utf8');
  const stats = path === '-' || process.platform === 'win32' ? undefined : statsOf(path);
  const warnings = stats?.isFile() === true ? openToOthers(path, stats.mode) : [];
  return { secrets: readSecretTable(text, path === '-' ? 'standard input' : path), warnings };
}
