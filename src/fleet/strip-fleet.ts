import type { Warning } from '../bundle/types.js';
import { refuseFolder } from '../files/index.js';
import { isMine, readSecrets, requireInputs } from './find-fleet.js';
import type { InputSources } from './inputs.js';
import { whereOutputsAreWritten } from './left-out.js';
import { nameOutputs, type OutputNaming } from './names.js';
import type { Shard } from './shard.js';
import { stripMany, type StripManyOptions } from './strip-many.js';
import type { FleetResult } from './types.js';

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
  /** Inputs that belong to others, such as the outputs of an earlier run: nothing is done with them. */
  readonly leftOut: readonly string[];
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
 *   outputs is none and cannot be made; for the list and the table `file.*`
 */
export function stripFleet(options: StripFleetOptions): Fleet {
  const { inputs, listFile, output = {}, secretsFile, shard, ...task } = options;
  const found = requireInputs({ inputs, listFile }, 'keys', whereOutputsAreWritten);
  if (output.folder !== undefined) refuseFolder(output.folder);
  const { secrets, warnings } = readSecrets(secretsFile);
  // Names are given before the shard is taken, so that two shards never write the same file.
  const named = [...nameOutputs(found.inputs, output)];
  const mine = named.filter((_, index) => isMine(found.inputs[index], shard));
  const results = stripMany(mine, { ...task, secrets });
  return { total: mine.length, leftOut: found.leftOut, warnings, results };
}
