import { maximumInputSize } from '../bundle/material.js';
import { findFleet, type InspectedDone, type InspectedInput, inspectMany } from '../fleet/index.js';
import { readInput } from '../files/index.js';
import { type ExitCode, gravest } from './exit-code.js';
import { fleetSources, sayLeftOut } from './fleet-sources.js';
import { displayName, sharedSecret } from './inputs.js';
import { sayFetching } from './inspect-input.js';
import { exitCodeOfReport, pageOf, readExpiresWithin } from './inspect-run.js';
import { type Arguments, flag, text } from './options.js';
import { progressLine } from './progress-line.js';
import type { InspectReport, Page } from './render-inspect-page.js';
import { type OverviewRow, overviewRow, renderOverview, renderOverviewEnd } from './render-inspect-table.js';
import { renderInspection } from './render-inspect.js';
import { printJson, printWarnings, schemaVersion } from './report.js';
import { reportFailed } from './strip-fleet.js';
import type { Terminal } from './terminal.js';

/** `inspect` of many inputs: as a table, or one by one; one that cannot be read stops no other. */
export async function runInspectFleet(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const chain = text(args, 'chain');
  const task = {
    ...sharedSecret(args, terminal),
    chain: chain === undefined ? undefined : readInput(chain, maximumInputSize),
    chainFile: chain && displayName(chain),
    allowSlowKdf: flag(args, 'allow-slow-kdf'),
    expiresWithin: readExpiresWithin(args),
    fetchChain: flag(args, 'fetch-chain'),
    onFetch: sayFetching(terminal),
    unordered: flag(args, 'unordered'),
    now: terminal.now(),
    signal: terminal.signal,
  };
  const sources = fleetSources(args, terminal);
  const { inputs, leftOut, secrets, warnings } = findFleet({ ...sources, wanted: 'keys-and-certificates' });
  sayLeftOut(leftOut, terminal);
  printWarnings(warnings, terminal);
  const overview = new Overview(args, terminal);
  const line = progressLine(inputs.length, terminal);
  try {
    for await (const result of inspectMany(inputs, { ...task, secrets })) {
      line.next(result.status, () => overview.take(result));
    }
  } finally {
    line.clear();
  }
  return overview.end();
}

/** What is printed of each, and of all. */
class Overview {
  readonly #terminal: Terminal;
  readonly #page: Page;
  readonly #form: 'json' | 'details' | 'table';
  readonly #rows: OverviewRow[] = [];
  readonly #codes = new Set<ExitCode>();
  #unreadable = 0;
  #shown = 0;

  constructor(args: Arguments, terminal: Terminal) {
    [this.#terminal, this.#page] = [terminal, pageOf(terminal)];
    this.#form = flag(args, 'json') ? 'json' : flag(args, 'details') ? 'details' : 'table';
  }

  take(result: InspectedInput): void {
    if (result.status === 'failed') {
      this.#unreadable += 1;
      this.#codes.add(reportFailed(result, this.#form === 'json', this.#terminal));
      return;
    }
    this.#codes.add(exitCodeOfReport(result.inspection));
    this.#show(result);
  }

  #show({ input, status, inspection, fetched }: InspectedDone): void {
    const found = { ...inspection, ...(fetched === undefined ? {} : { fetched }) };
    const report: InspectReport = { input, ...found };
    if (this.#form === 'json') {
      printJson(this.#terminal, { schemaVersion, input, status, ...found });
    } else if (this.#form === 'table') {
      this.#rows.push(overviewRow(report));
    } else {
      this.#terminal.out((this.#shown === 0 ? '' : '\n') + renderInspection(report, this.#page));
      this.#shown += 1;
    }
  }

  end(): ExitCode {
    const [rows, page] = [this.#rows, this.#page];
    if (rows.length > 0) this.#terminal.out(renderOverview(rows, page));
    if (this.#form === 'table') this.#terminal.out(renderOverviewEnd(rows, this.#unreadable, page));
    return gravest([...this.#codes]);
  }
}
