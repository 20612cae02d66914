import { type FleetFailed, type FleetResult, selectBundles, stripFleet } from '../fleet/index.js';
import { SapcertError } from '../errors.js';
import { type ExitCode, exitCodeOf, gravest } from './exit-code.js';
import { fleetSources, sayLeftOut } from './fleet-sources.js';
import { hasFleetOptions, isFolderOrPattern } from './fleet-options.js';
import { sharedSecret } from './inputs.js';
import { type Arguments, flag, text } from './options.js';
import { certificatesOf, keyFormatOf, reportOutcome } from './outcome.js';
import { progressLine } from './progress-line.js';
import { errorJson, printError, printJson, printWarnings, schemaVersion } from './report.js';
import type { Terminal } from './terminal.js';

/**
 * Where a shell made several words of `*.pem`, but all others belong to one bundle, it is the same run as the first
 * one, when that bundle lay there alone: one input, whose secret may be asked for.
 */
export function soleInput(args: Arguments, terminal: Terminal): string | undefined {
  if (hasFleetOptions(args) || args.inputs.some(isFolderOrPattern)) return undefined;
  const { inputs, leftOut } = selectBundles({ inputs: args.inputs });
  const [sole, ...more] = inputs;
  if (sole === undefined || more.length > 0) return undefined;
  sayLeftOut(leftOut, terminal);
  return sole.path;
}

/** `strip` of many inputs: each is reported as it is done, a broken one stops no other. */
export async function runStripFleet(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { total, leftOut, warnings, results } = stripFleet({
    ...fleetSources(args, terminal),
    ...sharedSecret(args, terminal),
    output: { folder: text(args, 'out-dir'), split: flag(args, 'split') },
    keyFormat: keyFormatOf(args),
    certificates: certificatesOf(args),
    allowSlowKdf: flag(args, 'allow-slow-kdf'),
    overwrite: flag(args, 'overwrite'),
    resume: flag(args, 'resume'),
    unordered: flag(args, 'unordered'),
    signal: terminal.signal,
  });
  sayLeftOut(leftOut, terminal);
  printWarnings(warnings, terminal);
  const line = progressLine(total, terminal);
  const codes = new Set<ExitCode>();
  try {
    for await (const result of results) {
      line.next(result.status, () => codes.add(reportResult(result, args, terminal)));
    }
  } finally {
    line.clear();
    if (!flag(args, 'json')) terminal.err(`${line.summary()}\n`);
  }
  return gravest([...codes]);
}

function reportResult(result: FleetResult, args: Arguments, terminal: Terminal): ExitCode {
  const json = flag(args, 'json');
  if (result.status === 'failed') return reportFailed(result, json, terminal);
  const { status, input, written, key, leaf, chain, warnings } = result;
  reportOutcome({ input, status, written, warnings, bundle: { key, leaf, chain } }, json, terminal);
  return 0;
}

/** One input of many that came to nothing: its error stands in its place. */
export function reportFailed({ input, error }: FleetFailed, json: boolean, terminal: Terminal): ExitCode {
  const { code, message, hint, place, defects } = error;
  const [first = { code, message, place }, ...rest] = defects;
  const known = SapcertError.of([first, ...rest], hint);
  if (json) printJson(terminal, { schemaVersion, input, status: 'failed', error: errorJson(known) });
  else printError(known, terminal);
  return exitCodeOf(code);
}
