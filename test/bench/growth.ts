import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Form, makeFolder } from './bundles.js';
import { program } from './children.js';
import { median, timed } from './measure.js';
import type { Row, Section } from './report.js';

const mebibyte = 1024;

/** Time and memory of whole processes over more and more bundles. */
export async function measureGrowth(
  models: string,
  work: string,
  form: Form,
  counts: readonly number[],
): Promise<Section> {
  const rows: Row[] = [];
  for (const count of counts) {
    const from = join(work, `growth-${form}-${count}`);
    makeFolder(models, form, count, from);
    const [seconds, memory]: [number[], number[]] = [[], []];
    for (let round = 0; round < (count < 1000 ? 3 : 1); round++) {
      const to = join(work, `growth-${form}-${count}-${round}`);
      mkdirSync(to);
      const ran = await timed(process.execPath, ['--input-type=module', '-e', program('sapcert', from, to)]);
      seconds.push(ran.seconds);
      memory.push(Number(ran.stdout) / mebibyte);
    }
    const largest = count >= 10_000 ? { atMost: 150 } : undefined;
    rows.push(
      { what: `${count} bundles`, value: median(seconds), unit: 's' },
      { what: `${count} bundles, each`, value: (median(seconds) / count) * 1000, unit: 'ms' },
      { what: `${count} bundles, resident at most`, value: median(memory), unit: 'MiB', target: largest },
    );
  }
  return { title: `Growth, ${form}`, note: 'sapcert, whole processes', rows };
}
