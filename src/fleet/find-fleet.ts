import type { Warning } from '../bundle/types.js';
import { SapcertError } from '../errors.js';
import { openToOthers, readInput } from '../files/index.js';
import { expandInputs, type InputSources, type NamedInput } from './inputs.js';
import { leaveOut, type LeaveOut, whereNothingIsWritten, whereOutputsAreWritten } from './left-out.js';
import type { Wanted } from './recognise.js';
import { readSecretTable, type SecretTable } from './secrets.js';
import { inShard, type Shard } from './shard.js';
import type { FleetInput } from './types.js';

export interface FindFleetOptions extends InputSources {
  /** What is taken out of folders: what holds a private key, or also certificates alone. Default: `keys`. */
  readonly wanted?: Wanted | undefined;
  /** A table of secrets: see `readSecretTable`. */
  readonly secretsFile?: string | undefined;
  /** Take one part of the inputs only. */
  readonly shard?: Shard | undefined;
}

/** What a run over many inputs is about, apart from what is done with them. */
export interface FoundFleet extends Secrets {
  readonly inputs: readonly FleetInput[];
  /** Inputs that belong to others, such as outputs beside the bundle that they were made from. */
  readonly leftOut: readonly string[];
}

/**
 * Finds the inputs of a run that writes nothing, takes its shard of them, and reads the table of secrets.
 *
 * @throws SapcertError `usage.invalid` when there is no input; for the list and the table `file.*`
 */
export function findFleet(options: FindFleetOptions): FoundFleet {
  const { secretsFile, shard, wanted = 'keys', ...sources } = options;
  const { inputs, leftOut } = requireInputs(sources, wanted, whereNothingIsWritten);
  return { inputs: inputs.filter((input) => isMine(input, shard)), leftOut, ...readSecrets(secretsFile) };
}

/** The inputs of a run that writes outputs, without those that belong to others. */
export function selectBundles(sources: InputSources): {
  readonly inputs: readonly NamedInput[];
  readonly leftOut: readonly string[];
} {
  const { inputs, leftOut } = leaveOut(expandInputs(sources, 'keys'), whereOutputsAreWritten);
  return { inputs, leftOut: leftOut.map(({ name }) => name) };
}

/** @throws SapcertError `usage.invalid` when there is none */
export function requireInputs(
  sources: InputSources,
  wanted: Wanted,
  rule: LeaveOut,
): { readonly inputs: readonly NamedInput[]; readonly leftOut: readonly string[] } {
  const { inputs, leftOut } = leaveOut(expandInputs(sources, wanted), rule);
  if (inputs.length > 0) return { inputs, leftOut: leftOut.map(({ name }) => name) };
  const what = wanted === 'keys' ? 'a private key' : 'a private key or a certificate';
  throw new SapcertError('usage.invalid', 'there is no bundle among the inputs', {
    hint: `of a folder those files are taken that hold ${what}; name others by themselves`,
  });
}

export function isMine(input: NamedInput | undefined, shard: Shard | undefined): boolean {
  return input !== undefined && (shard === undefined || inShard(input.shardName ?? input.name, shard));
}

interface Secrets {
  readonly secrets: SecretTable | undefined;
  /** About the run as a whole, such as a table of secrets that others can read. */
  readonly warnings: readonly Warning[];
}

/** Room for a million secrets. */
const largestTable = 256 * 1024 * 1024;

/** @throws SapcertError `file.*` */
export function readSecrets(path: string | undefined): Secrets {
  if (path === undefined) return { secrets: undefined, warnings: [] };
  const content = readInput(path, largestTable);
  return {
    secrets: readSecretTable(content, path === '-' ? 'standard input' : path),
    warnings: openToOthers(path),
  };
}
