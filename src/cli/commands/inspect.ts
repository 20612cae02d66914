import { SapcertError } from '../../errors.js';
import { type WrittenFile, writeFiles } from '../../files/index.js';
import { filesRead } from '../deliver.js';
import { readDuration } from '../duration.js';
import { type ExitCode, exitCodeOf, gravest } from '../exit-code.js';
import { readBundleInput } from '../inputs.js';
import { inspectInput } from '../inspect-input.js';
import { onOneLine } from '../layout.js';
import {
  type Arguments,
  type CommandSpec,
  flag,
  jsonOption,
  partOptions,
  secretOptions,
  text,
} from '../options.js';
import type { InspectReport, Page } from '../render-inspect-page.js';
import { type OverviewRow, overviewRow, renderOverview, renderOverviewEnd } from '../render-inspect-table.js';
import { renderInspection } from '../render-inspect.js';
import { asSapcertError, errorJson, printError, printJson, schemaVersion } from '../report.js';
import { type Secret, readSource } from '../secret.js';
import { type Terminal, painter } from '../terminal.js';

export const inspectSpec: CommandSpec = {
  name: 'inspect',
  describe: 'show what is in bundles, certificates, keys, CA files and PKCS#12 files; no secret is needed',
  positional: {
    name: 'input',
    describe: 'PEM, DER, PKCS#12, a JSON download, or -',
    required: true,
    many: true,
  },
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
    'chain-out': {
      type: 'string',
      value: 'FILE',
      describe: 'write the issuers of the certificate, in order, to FILE',
    },
    overwrite: { type: 'boolean', describe: 'replace an existing FILE' },
    ...partOptions,
    ...secretOptions,
    ...jsonOption,
  },
  examples: [
    ['sapcert inspect device.pem', 'key, certificate, validity and chain of a bundle'],
    [
      'sapcert inspect *.pem --expires-within 30d',
      'a table, what ends first on top; exit code 1 when one does',
    ],
    ['sapcert inspect device.crt --fetch-chain --chain-out chain.pem', 'complete the chain and keep it'],
  ],
};

/** What holds for all inputs of one call. */
interface Run {
  readonly args: Arguments;
  readonly terminal: Terminal;
  readonly expiresWithin: number | undefined;
  readonly form: 'details' | 'table' | 'json';
  readonly many: boolean;
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
    if (codes.length > 0 && terminal.signal.aborted) throw new SapcertError('interrupted', 'interrupted');
    try {
      const report = await inspectOne(name, run);
      const written = writeChain(report, run);
      codes.push(exitCodeOfReport(report));
      if (run.form === 'table') rows.push(overviewRow(report));
      else show(report, written, codes.length > 1, run);
    } catch (error) {
      if (!run.many) throw error;
      unreadable += 1;
      codes.push(reportUnreadable(name, error, run));
    }
  }
  if (rows.length > 0) terminal.out(renderOverview(rows, run.page));
  if (run.form === 'table') terminal.out(renderOverviewEnd(rows, unreadable, run.page));
  return gravest(codes);
}

function readUsage(args: Arguments, terminal: Terminal): Run {
  const many = args.inputs.length > 1;
  const single = ['key', 'chain-out'].find((name) => text(args, name) !== undefined);
  if (many && single !== undefined) {
    throw new SapcertError(
      'usage.invalid',
      `--${single} is about one input, but there are ${args.inputs.length}`,
      {
        hint: 'run it once for each input',
      },
    );
  }
  const [limit, source] = [text(args, 'expires-within'), text(args, 'passin')];
  return {
    args,
    terminal,
    expiresWithin: limit === undefined ? undefined : readDuration(limit, 'expires-within'),
    form: flag(args, 'json') ? 'json' : many && !flag(args, 'details') ? 'table' : 'details',
    many,
    page: {
      width: Math.min(terminal.columns, 100),
      paint: painter(terminal.env, terminal.stdoutIsTerminal),
      now: terminal.now(),
    },
    secret: source === undefined ? undefined : readSource(source, 'passin', terminal),
  };
}

function inspectOne(
  name: string,
  { args, terminal, many, secret, expiresWithin }: Run,
): Promise<InspectReport> {
  const input = readBundleInput(name, args);
  const fetchChain = flag(args, 'fetch-chain');
  return inspectInput(
    { input, secret, mayAsk: !many && secret === undefined, fetchChain, expiresWithin },
    terminal,
  );
}

/** The issuers alone: what `--chain FILE` takes, and what a server wants beside the device's certificate. */
function writeChain({ chains, certificates }: InspectReport, { args }: Run): readonly WrittenFile[] {
  const path = text(args, 'chain-out');
  if (path === undefined) return [];
  const [, ...issuers] = chains[0]?.certificates ?? [];
  const pems = issuers.map(
    (number) => certificates.find((certificate) => certificate.number === number)?.pem ?? '',
  );
  if (pems.length === 0) {
    throw new SapcertError('file.no-certificate', 'there is no issuing certificate to write', {
      hint: flag(args, 'fetch-chain')
        ? 'give the issuers with --chain FILE'
        : '--fetch-chain gets what the certificates name',
    });
  }
  const inputs = filesRead([...args.inputs, text(args, 'key'), text(args, 'chain')], [text(args, 'passin')]);
  return writeFiles([{ path, data: pems.join(''), secret: false }], {
    overwrite: flag(args, 'overwrite'),
    inputs,
  });
}

function show(
  report: InspectReport,
  written: readonly WrittenFile[],
  notFirst: boolean,
  { terminal, form, page }: Run,
): void {
  if (form === 'json') {
    const outputs = written.length === 0 ? {} : { outputs: written };
    printJson(terminal, { schemaVersion, ...report, ...outputs });
    return;
  }
  terminal.out((notFirst ? '\n' : '') + renderInspection(report, page));
  for (const { path, status } of written) terminal.out(`\n${status.padEnd(9)} ${onOneLine(path)}\n`);
}

/** One input of several must not stop the others: its error is reported in its place. */
function reportUnreadable(input: string, error: unknown, { terminal, form }: Run): ExitCode {
  const known = asSapcertError(error);
  if (form === 'json') printJson(terminal, { schemaVersion, input, error: errorJson(known) });
  else printError(known, terminal);
  return exitCodeOf(known.code);
}

/** A key that cannot be opened is a matter of the input; everything else that is wrong was found by inspecting. */
function exitCodeOfReport({ problems }: InspectReport): ExitCode {
  return gravest(
    problems.map(({ code }) => (code.startsWith('key.') && code !== 'key.certificate-mismatch' ? 2 : 1)),
  );
}
