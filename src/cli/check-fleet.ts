import {
  type FleetInput,
  type CheckedDevice,
  checkMany,
  findFleet,
  FleetCounter,
  type FleetSummary,
} from '../fleet/index.js';
import { readCheckOptions } from './check-options.js';
import { type ExitCode, gravest } from './exit-code.js';
import { fleetSources, sayLeftOut } from './fleet-sources.js';
import { sharedSecret } from './inputs.js';
import { columnsOf, onOneLine, padEnd, padStart } from './layout.js';
import { readWholeNumber } from './numbers.js';
import { type Arguments, flag, text } from './options.js';
import { progressLine } from './progress-line.js';
import { printJson, printWarnings, schemaVersion } from './report.js';
import { type Paint, type Terminal, painter } from './terminal.js';

/** `check` of many devices: a line each, then how many stand how. */
export async function runCheckFleet(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { exitCode } = await import('../check/index.js');
  const { options: common, warnings } = await readCheckOptions({ ...args, inputs: [] }, terminal);
  const found = findFleet(fleetSources(args, terminal));
  sayLeftOut(found.leftOut, terminal);
  printWarnings([...warnings, ...found.warnings], terminal);
  const counter = new FleetCounter();
  const codes = new Set<ExitCode>();
  const results = checkMany(found.inputs, {
    common,
    secrets: found.secrets,
    ...sharedSecret(args, terminal),
    concurrency: readWholeNumber(text(args, 'concurrency'), 'concurrency', 1, 1000),
    perSecond: readWholeNumber(text(args, 'rate'), 'rate', 1, 10_000),
    unordered: flag(args, 'unordered'),
    signal: terminal.signal,
  });
  const line = progressLine(found.inputs.length, terminal);
  const width = nameColumns(found.inputs);
  try {
    for await (const device of results) {
      counter.count(device);
      codes.add(exitCode(device.report));
      const status = device.report.diagnoses.length === 0 ? 'done' : 'failed';
      line.next(status, () => {
        if (flag(args, 'json'))
          printJson(terminal, { schemaVersion, input: device.input, status, report: device.report });
        else terminal.out(deviceLine(device, width, terminal));
      });
    }
  } finally {
    line.clear();
    sumUp(counter.summary, args, terminal); // also of what was checked before an interrupt
  }
  return gravest([...codes]);
}

/** Names stand in a column, unless they are so long that all would be far apart. */
const widest = 48;

function nameColumns(inputs: readonly FleetInput[]): number {
  const longest = inputs.reduce((most, { name }) => Math.max(most, columnsOf(onOneLine(name))), 0);
  return Math.min(longest, widest);
}

function deviceLine({ input, report }: CheckedDevice, width: number, terminal: Terminal): string {
  const paint = painter(terminal.env, terminal.stdoutIsTerminal);
  const [answer] = report.diagnoses;
  const mark = answer === undefined ? paint('green', 'ok    ') : paint('red', 'FAILED');
  const said = answer === undefined ? `${report.ms} ms` : `${answer.code} (${answer.certainty})`;
  return `${mark} ${padEnd(onOneLine(input), width)} ${said}\n`;
}

function sumUp(summary: FleetSummary, args: Arguments, terminal: Terminal): void {
  if (summary.total === 0) return;
  if (flag(args, 'json')) printJson(terminal, { schemaVersion, summary });
  else terminal.out(renderSummary(summary, painter(terminal.env, terminal.stdoutIsTerminal)));
}

function renderSummary({ total, fine, expiring, causes }: FleetSummary, paint: Paint): string {
  const width = String(total).length;
  const row = (count: number, words: string): string => `  ${padStart(String(count), width)} ${words}\n`;
  const lines = causes.map(({ code, count, examples }) => {
    const more = count > examples.length ? ', …' : '';
    return row(count, `${paint('bold', code)}: ${examples.map(onOneLine).join(', ')}${more}`);
  });
  return [
    '\n',
    row(fine, 'fine'),
    ...(expiring === 0 ? [] : [row(expiring, 'of these expire soon')]),
    ...lines,
  ].join('');
}
