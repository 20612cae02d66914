import { type CheckedDevice, checkMany, findFleet, FleetCounter, type FleetSummary } from '../fleet/index.js';
import { readCheckOptions } from './check-options.js';
import { type ExitCode, gravest } from './exit-code.js';
import { fleetSources, sayLeftOut } from './fleet-sources.js';
import { sharedSecret } from './inputs.js';
import { cut, onOneLine, padEnd, padStart } from './layout.js';
import { readWholeNumber } from './numbers.js';
import { type Arguments, flag, text } from './options.js';
import { progressLine } from './progress-line.js';
import { jsonLine, printJson, printWarnings, schemaVersion } from './report.js';
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
  try {
    for await (const device of results) {
      counter.count(device);
      codes.add(exitCode(device.report));
      line.next(device.report.diagnoses.length === 0 ? 'done' : 'failed', () =>
        report(device, args, terminal),
      );
    }
  } finally {
    line.clear();
  }
  if (flag(args, 'json')) printJson(terminal, { schemaVersion, summary: counter.summary });
  else terminal.out(renderSummary(counter.summary, painter(terminal.env, terminal.stdoutIsTerminal)));
  return gravest([...codes]);
}

function report(device: CheckedDevice, args: Arguments, terminal: Terminal): void {
  if (flag(args, 'json')) terminal.out(`${jsonLine({ schemaVersion, ...device })}\n`);
  else terminal.out(deviceLine(device, terminal));
}

function deviceLine({ input, report }: CheckedDevice, terminal: Terminal): string {
  const paint = painter(terminal.env, terminal.stdoutIsTerminal);
  const [answer] = report.diagnoses;
  const mark = answer === undefined ? paint('green', 'ok    ') : paint('red', 'FAILED');
  const name = padEnd(cut(onOneLine(input), 30), 30);
  const said = answer === undefined ? `${report.ms} ms` : `${answer.code} (${answer.certainty})`;
  return `${mark} ${name} ${said}\n`;
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
