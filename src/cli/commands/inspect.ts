import { X509Certificate } from 'node:crypto';
import { type Finding, type ForeignIssuer, type Inspection, inspectBundle } from '../../bundle/inspect/index.js';
import { SapcertError } from '../../errors.js';
import { writeFiles } from '../../files/index.js';
import type { FetchAttempt } from '../../net/index.js';
import { readDuration } from '../duration.js';
import { type ExitCode, exitCodeOf, gravest } from '../exit-code.js';
import { type BundleInput, displayName, libraryOptions, readBundleInput } from '../inputs.js';
import { type Arguments, type CommandSpec, flag, jsonOption, partOptions, secretOptions, text } from '../options.js';
import { existingPaths } from '../outcome.js';
import { type OverviewRow, overviewRow, renderOverview, renderOverviewEnd } from '../render-inspect-table.js';
import { type InspectReport, type Page } from '../render-inspect-page.js';
import { renderInspection } from '../render-inspect.js';
import { asSapcertError, errorJson, printError, printJson, schemaVersion } from '../report.js';
import { type Secret, cutByShell, findSecret, readSource } from '../secret.js';
import { type Terminal, painter, printable } from '../terminal.js';

export const inspectSpec: CommandSpec = {
  name: 'inspect',
  describe: 'show what is in bundles, certificates, keys, CA files and PKCS#12 files; no secret is needed',
  positional: { name: 'input', describe: 'PEM, DER, PKCS#12, a JSON download, or -', required: true, many: true },
  options: {
    'expires-within': {
      type: 'string',
      value: 'TIME',
      describe: 'exit with 1 when a certificate ends within TIME (36h, 30d, 8w) or has ended',
    },
    details: { type: 'boolean', describe: 'show several inputs one by one instead of as a table' },
    'fetch-chain': {
      type: 'boolean',
      describe: 'fetch missing issuers from the addresses that the certificates name for them',
    },
    'chain-out': { type: 'string', value: 'FILE', describe: 'write the issuers of the certificate, in order, to FILE' },
    overwrite: { type: 'boolean', describe: 'replace an existing FILE' },
    ...partOptions,
    ...secretOptions,
    ...jsonOption,
  },
  examples: [
    ['sapcert inspect device.pem', 'key, certificate, validity and chain of a bundle'],
    ['sapcert inspect *.pem --expires-within 30d', 'a table, the first to end on top; exit code 1 when one does'],
    ['sapcert inspect device.crt --fetch-chain --chain-out chain.pem', 'complete the chain and keep it'],
  ],
};

/** What holds for all inputs of one call. */
interface Run {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly expiresWithin: number | undefined;
  readonly many: boolean;
  readonly json: boolean;
  readonly page: Page;
  /** The secret that was named: read once, however many inputs there are. */
  readonly secret: Secret | undefined;
}

export async function runInspect(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const run = readUsage(args, terminal);
  const rows: OverviewRow[] = [];
  const codes: ExitCode[] = [];
  let unreadable = 0;
  for (const name of args.inputs) {
    if (terminal.signal.aborted) throw new SapcertError('interrupted', 'interrupted');
    try {
      const report = await inspectInput(name, run);
      codes.push(exitCodeOfReport(report));
      if (run.many && !run.json && !flag(args, 'details')) rows.push(overviewRow(report));
      else show(report, rows.length + codes.length > 1, run);
    } catch (error) {
      if (!run.many) throw error;
      unreadable += 1;
      codes.push(reportUnreadable(name, error, run));
    }
  }
  if (rows.length > 0) terminal.out(renderOverview(rows, run.page));
  if (rows.length > 0 || (run.many && !run.json)) terminal.out(renderOverviewEnd(rows, unreadable, run.page));
  return gravest(codes);
}

function readUsage(args: Arguments, terminal: Terminal): Run {
  const many = args.inputs.length > 1;
  const single = ['key', 'chain-out'].find((name) => text(args, name) !== undefined);
  if (many && single !== undefined) {
    throw new SapcertError('usage.invalid', `--${single} is about one input, but there are ${args.inputs.length}`);
  }
  const [limit, source] = [text(args, 'expires-within'), text(args, 'passin')];
  return {
    args,
    terminal,
    expiresWithin: limit === undefined ? undefined : readDuration(limit, 'expires-within'),
    many,
    json: flag(args, 'json'),
    page: {
      width: Math.min(Math.max(terminal.columns, 40), 100),
      paint: painter(terminal.env, terminal.stdoutIsTerminal),
      now: terminal.now(),
    },
    secret: source === undefined ? undefined : readSource(source, 'passin', terminal),
  };
}
