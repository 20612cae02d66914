import { SapcertError } from '../../errors.js';
import { type WrittenFile, writeFiles } from '../../files/index.js';
import { filesRead } from '../deliver.js';
import type { ExitCode } from '../exit-code.js';
import { fleetOptions, isFleet, requireInput } from '../fleet-options.js';
import { readBundleInput } from '../inputs.js';
import { inspectInput } from '../inspect-input.js';
import { exitCodeOfReport, pageOf, readExpiresWithin } from '../inspect-run.js';
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
import type { InspectReport } from '../render-inspect-page.js';
import { renderInspection } from '../render-inspect.js';
import { printJson, schemaVersion } from '../report.js';
import { readSource } from '../secret.js';
import type { Terminal } from '../terminal.js';

export const inspectSpec: CommandSpec = {
  name: 'inspect',
  describe: 'show what is in bundles, certificates, keys, CA files and PKCS#12 files; no secret is needed',
  positional: {
    name: 'input',
    describe: 'PEM, DER, PKCS#12, a JSON download, or -; folder or pattern',
    required: false,
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
    ...fleetOptions,
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
    ['sapcert inspect devices/ --secrets secrets.csv --json', 'a folder, one document a line'],
    ['sapcert inspect device.crt --fetch-chain --chain-out chain.pem', 'complete the chain and keep it'],
  ],
};

export async function runInspect(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  requireInput(args, 'sapcert inspect device.pem');
  const [name] = args.inputs;
  if (name === undefined || isFleet(args)) {
    refuseSingle(args);
    const { runInspectFleet } = await import('../inspect-fleet.js');
    return runInspectFleet(args, terminal);
  }
  const source = text(args, 'passin');
  const input = readBundleInput(name, args);
  const report = await inspectInput(
    {
      input,
      secret: source === undefined ? undefined : readSource(source, 'passin', terminal),
      fetchChain: flag(args, 'fetch-chain'),
      expiresWithin: readExpiresWithin(args),
    },
    terminal,
  );
  show(report, writeChain(report, args), args, terminal);
  return exitCodeOfReport(report);
}

/** What belongs to one input has no place among many. */
function refuseSingle(args: Arguments): void {
  const single = ['key', 'chain-out'].find((name) => text(args, name) !== undefined);
  if (single === undefined) return;
  throw new SapcertError('usage.invalid', `--${single} is about one input, but there may be many`, {
    hint: 'run it once for each input',
  });
}

/** The issuers alone: what `--chain FILE` takes, and what a server wants beside the device's certificate. */
function writeChain({ chains, certificates }: InspectReport, args: Arguments): readonly WrittenFile[] {
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
  args: Arguments,
  terminal: Terminal,
): void {
  if (flag(args, 'json')) {
    const outputs = written.length === 0 ? {} : { outputs: written };
    printJson(terminal, { schemaVersion, ...report, ...outputs });
    return;
  }
  terminal.out(renderInspection(report, pageOf(terminal)));
  for (const { path, status } of written) terminal.out(`\n${status.padEnd(9)} ${onOneLine(path)}\n`);
}
