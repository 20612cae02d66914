import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CheckReport } from '../../src/check/index.js';
import type { DiagnosisCode } from '../../src/codes.js';

/** The evidence of a row as it was seen once, with the answers that are right for it. */
export interface Recorded {
  readonly row: string;
  /** The first diagnosis must be one of these; empty: nothing is wrong. */
  readonly expected: readonly DiagnosisCode[];
  readonly report: CheckReport;
}

/** A JSON document a line, by row; compressed, because one certificate looks like the next. */
const file = join(import.meta.dirname, 'recorded.jsonl.gz');
/** Whether what is seen now is kept instead of being compared. */
export const recording = process.env['SAPCERT_LAB_RECORD'] === '1';
const seen = new Map<string, Recorded>();

/** Takes what a row saw and what was concluded, to be kept as a fixture: SAPCERT_LAB_RECORD=1 npx jest test/lab. */
export function record(recorded: Recorded): void {
  if (recording) seen.set(recorded.row, recorded);
}

/** Keeps what was taken; rows that did not run stay as they were. */
export function saveRecorded(): void {
  if (seen.size === 0) return;
  const rows = [...readRecorded().filter(({ row }) => !seen.has(row)), ...seen.values()];
  const lines = rows.toSorted((a, b) => (a.row < b.row ? -1 : 1)).map((row) => `${JSON.stringify(row)}\n`);
  writeFileSync(file, gzipSync(lines.join(''), { level: 9 }));
}

export function readRecorded(): readonly Recorded[] {
  if (!existsSync(file)) return [];
  const lines = gunzipSync(readFileSync(file)).toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Recorded);
}
