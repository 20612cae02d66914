import type { CheckReport, Trace } from '../check/index.js';
import { writeFiles } from '../files/index.js';
import { type Arguments, flag } from './options.js';
import { printWarnings } from './report.js';
import type { Terminal } from './terminal.js';
import { packageVersion } from './version.js';

/** Writes the report as a page; it is readable by its owner only, who decides who else gets it. */
export async function writeReport(
  path: string,
  report: CheckReport,
  trace: readonly Trace[] | undefined,
  args: Arguments,
  terminal: Terminal,
): Promise<void> {
  const { renderHtmlReport } = await import('../report/index.js');
  const redact = !flag(args, 'no-redact');
  const data = new TextEncoder().encode(
    renderHtmlReport(report, trace, { redact, version: packageVersion() }),
  );
  writeFiles([{ path, data, secret: true }], { overwrite: flag(args, 'overwrite') });
  const names = redact
    ? 'names of hosts, devices and companies are replaced in it; read it before you pass it on'
    : 'it names hosts, devices and companies';
  printWarnings([{ code: 'report.written', message: `${path}: ${names}` }], terminal);
}
