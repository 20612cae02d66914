import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Diagnosis, Evidence } from '../../src/check/index.js';

/** What a check saw of one row of the laboratory, and what it concluded. Made by `record.ts`. */
export interface Recorded {
  readonly row: string;
  readonly conclusion: readonly Pick<Diagnosis, 'code' | 'certainty'>[];
  readonly evidence: Evidence;
}

export function readRecorded(): readonly Recorded[] {
  const lines = gunzipSync(readFileSync(join(import.meta.dirname, 'recorded.jsonl.gz'))).toString();
  return lines.split('\n').map((line) => JSON.parse(line) as Recorded);
}
