// Records what a check sees of every row of the laboratory, so that the rules can be changed and tried without it:
//   node test/support/run-ts.mjs test/check/record.ts
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkConnection } from '../../src/check/index.js';
import { pool } from '../lab/pool.js';
import { failures, healthy } from '../lab/rows/index.js';
import { openLab } from '../lab/stand.js';
import { hasPeer } from '../support/programs.js';
import type { Recorded } from './recorded.js';

const lab = await openLab();
const inTurn = pool(4);
const rows = [...failures, ...healthy].filter(({ needs = [] }) => needs.every(hasPeer));
const recorded = await Promise.all(
  rows.map((row) =>
    inTurn(async (): Promise<Recorded> => {
      const stand = lab.stand();
      try {
        const { target, checkedAt, stages, experiments, diagnoses } = await checkConnection({
          timeout: 4000,
          ...(await row.setup(stand)),
        });
        const conclusion = diagnoses.map(({ code, certainty }) => ({ code, certainty }));
        return { row: row.name, conclusion, evidence: { target, checkedAt, stages, experiments } };
      } finally {
        await stand.close();
      }
    }),
  ),
);
await lab.close();
const lines = recorded.map((one) => JSON.stringify(one)).join('\n');
const file = resolve('test/check/recorded.jsonl.gz');
writeFileSync(file, gzipSync(lines, { level: 9 }));
console.log(`${recorded.length} rows, ${lines.length} bytes`);
process.exit(0);
