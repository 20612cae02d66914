import { createHash } from 'node:crypto';
import { SapcertError } from '../errors.js';

/** The part of all inputs that one process takes: `index` of `count`, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** Where job engines say which part a process is: a variable for the index, its first value, one for the count. */
const engines: readonly {
  readonly index: string;
  readonly first: number | string;
  readonly count: string;
}[] = [
  { index: 'JOB_COMPLETION_INDEX', first: 0, count: 'JOB_COMPLETIONS' }, // Kubernetes Indexed Job
  { index: 'SLURM_ARRAY_TASK_ID', first: 'SLURM_ARRAY_TASK_MIN', count: 'SLURM_ARRAY_TASK_COUNT' },
  { index: 'CLOUD_RUN_TASK_INDEX', first: 0, count: 'CLOUD_RUN_TASK_COUNT' },
  { index: 'AWS_BATCH_JOB_ARRAY_INDEX', first: 0, count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
];

/**
 * Reads `i/n` (the first is 1/n), or `auto`: then the variables of a Kubernetes Indexed Job (its count has to be
 * put into JOB_COMPLETIONS), a Slurm array, Cloud Run or AWS Batch say it.
 *
 * @throws SapcertError `usage.invalid`
 */
export function parseShard(text: string, env: Readonly<Record<string, string | undefined>>): Shard {
  const shard = text === 'auto' ? fromEnvironment(env) : fromText(text);
  const { index, count } = shard;
  if (Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count)
    return shard;
  throw new SapcertError('usage.invalid', `there is no part ${index} of ${count}`, { hint: usage });
}

const usage = '--shard 1/4 to --shard 4/4, or --shard auto under Kubernetes, Slurm, Cloud Run or AWS Batch';

function fromText(text: string): Shard {
  const [, index, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  if (index !== undefined && count !== undefined) return { index: Number(index), count: Number(count) };
  throw new SapcertError('usage.invalid', '--shard takes i/n or auto', { hint: usage });
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Shard {
  const engine = engines.find(({ index }) => env[index] !== undefined);
  if (engine === undefined) {
    const names = engines.map(({ index }) => index).join(', ');
    throw new SapcertError('usage.invalid', `--shard auto needs one of ${names} in the environment`, {
      hint: usage,
    });
  }
  const count = env[engine.count];
  if (count === undefined) {
    throw new SapcertError('usage.invalid', `${engine.index} is set, but ${engine.count} is not`, {
      hint: `set ${engine.count} to the number of all tasks`,
    });
  }
  const first = typeof engine.first === 'number' ? engine.first : Number(env[engine.first] ?? 0);
  return { index: Number(env[engine.index]) - first + 1, count: Number(count) };
}

/**
 * Whether an input belongs to a shard. It depends on the name alone, which has to be the same on all machines:
 * paths below the folder that was given, with forward slashes.
 */
export function inShard(name: string, { index, count }: Shard): boolean {
  const digest = createHash('sha256')
    .update(name.replaceAll('\\', '/').replace(/^(?:\.\/)+/, ''))
    .digest();
  return digest.readUIntBE(0, 6) % count === index - 1;
}
