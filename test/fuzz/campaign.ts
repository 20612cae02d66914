import { attempt, type Outcome } from './attempt.js';
import type { Coverage } from './coverage.js';
import { Pool } from './pool.js';
import { Random } from './random.js';
import type { Reader } from './reader.js';

/** An input that broke the contract, as small as was possible in short time. */
export interface Failure {
  readonly signature: string;
  readonly detail: string;
  readonly input: Uint8Array;
}

/** What came of many inputs. */
export interface Result {
  readonly inputs: number;
  /** Inputs that ran code that none had run before. */
  readonly kept: number;
  /** Blocks of code that ran. */
  readonly blocks: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly slowest: number;
  readonly failures: readonly Failure[];
}

export interface CampaignOptions {
  readonly seed: number;
  readonly inputs: number;
  readonly coverage?: Coverage | undefined;
  /** Is told what is read next, so that somebody else knows if it does not end. */
  readonly watch?: ((input: Buffer) => void) | undefined;
}

/** So many inputs are looked at together. */
const batchSize = 64;

/** Reads what is made of the seeds, the same for the same `seed`. */
export async function campaign(reader: Reader, options: CampaignOptions): Promise<Result> {
  const { seed, inputs, coverage, watch } = options;
  const pool = new Pool(reader, new Random(seed));
  const codes: Record<string, number> = {};
  const failures = new Map<string, Failure>();
  let slowest = 0;
  const run = async (input: Buffer): Promise<Outcome> => {
    watch?.(input);
    return attempt(reader, input);
  };
  const count = async (input: Buffer): Promise<void> => {
    const outcome = await run(input);
    slowest = Math.max(slowest, outcome.ms);
    const code = outcome.kind === 'failure' ? 'FAILED' : outcome.code;
    codes[code] = (codes[code] ?? 0) + 1;
    if (outcome.kind !== 'failure' || failures.has(outcome.signature)) return;
    const { signature, detail } = outcome;
    failures.set(signature, { signature, detail, input: await shrink(input, signature, run) });
  };
  for (const input of pool.inputs) await count(input);
  coverage?.look();
  for (let done = 0; done < inputs;) {
    const batch = Array.from({ length: Math.min(batchSize, inputs - done) }, () => pool.next());
    for (const input of batch) await count(input);
    done += batch.length;
    if (coverage !== undefined) await keepNews(batch, pool, coverage, run);
  }
  const sum = Object.values(codes).reduce((total, number) => total + number, 0);
  const blocks = coverage?.blocks ?? 0;
  return { inputs: sum, kept: pool.kept, blocks, codes, slowest, failures: [...failures.values()] };
}

/** Finds out which inputs of a batch ran what none had run before. */
async function keepNews(
  batch: readonly Buffer[],
  pool: Pool,
  coverage: Coverage,
  run: (input: Buffer) => Promise<Outcome>,
): Promise<void> {
  let missing = coverage.foresee();
  for (const input of batch) {
    if (missing <= 0) return;
    await run(input);
    const news = coverage.look();
    if (news > 0) pool.keep(input);
    missing -= news;
  }
}

/** Leaves pieces out as long as the failure stays the same. */
async function shrink(
  input: Buffer,
  signature: string,
  run: (input: Buffer) => Promise<Outcome>,
): Promise<Buffer> {
  let best = input;
  let attempts = 0;
  for (let size = best.length >> 1; size > 0 && attempts < 400; size >>= 1) {
    for (let at = 0; at < best.length && attempts < 400;) {
      const smaller = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      const outcome = await run(smaller);
      attempts += 1;
      if (outcome.kind === 'failure' && outcome.signature === signature) best = smaller;
      else at += size;
    }
  }
  return best;
}
