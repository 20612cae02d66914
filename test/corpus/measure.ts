// Who opens what: a table of containers and programs over the generated corpus, or over the files of a folder.
//
//     node test/support/run-ts.mjs test/corpus/measure.ts [FOLDER]
//
// FOLDER is searched for keys and PKCS#12 files; FOLDER/passphrases.txt holds passphrases to try, one a line.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCorpus, title } from './index.js';
import { findForeignFiles } from './foreign.js';
import { inPairs } from './openssl.js';
import { type Sample, type Tool, tools } from './tools.js';

/** A file with every passphrase that may open it. */
interface Candidate {
  readonly name: string;
  readonly container: string;
  readonly samples: readonly Sample[];
}

async function opens(tool: Tool, candidate: Candidate): Promise<boolean> {
  for (const sample of candidate.samples) {
    try {
      if (await tool.opens(sample)) return true;
    } catch {
      // Why it does not open is for the tests; here it counts as not opened.
    }
  }
  return false;
}

async function generated(folder: string): Promise<readonly Candidate[]> {
  return (await makeCorpus()).map((file, index) => {
    const path = join(folder, `${index}`);
    writeFileSync(path, file.bytes);
    const { passphrase, publicKey } = file;
    const sample = { path, bytes: Buffer.from(file.bytes), passphrase, publicKey };
    return { name: title(file), container: file.container, samples: [sample] };
  });
}

async function foreign(folder: string): Promise<readonly Candidate[]> {
  return (await findForeignFiles(folder)).map(({ path, container, bytes, passphrases }) => ({
    name: path,
    container,
    samples: passphrases.map((passphrase) => ({ path, bytes, passphrase, publicKey: undefined })),
  }));
}

/** For foreign files sapcert's own success tells the passphrase that the others get. */
async function settle(candidate: Candidate): Promise<Candidate> {
  const [sapcert] = tools;
  for (const sample of candidate.samples) {
    const single = { ...candidate, samples: [sample] };
    if (sapcert !== undefined && (await opens(sapcert, single))) return single;
  }
  return candidate;
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  console.log(lines.join('\n'));
}

async function main(given: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sapcert-measure-'));
  try {
    const candidates =
      given === undefined ? await generated(folder) : await inPairs(await foreign(given), settle);
    const results = await inPairs(candidates, async (candidate) => {
      const opened: boolean[] = [];
      for (const tool of tools) opened.push(await opens(tool, candidate));
      return { ...candidate, opened };
    });
    const containers = [...new Set(results.map(({ container }) => container)), 'all'];
    const cells = containers.map((container) => {
      const rows = results.filter((result) => container === 'all' || result.container === container);
      return [
        container,
        ...tools.map((_, tool) => `${rows.filter(({ opened }) => opened[tool]).length}/${rows.length}`),
      ];
    });
    print([['container', ...tools.map(({ name }) => name)], ...cells]);
    const closed = results.filter(({ opened: [sapcert] }) => sapcert !== true).map(({ name }) => name);
    if (closed.length > 0) console.log(`\nnot opened by sapcert:\n${closed.join('\n')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main(process.argv[2]);
