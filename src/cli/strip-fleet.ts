import type { FleetResult, Progress } from '../fleet/index.js';
import { SapcertError } from '../errors.js';
import { type ExitCode, exitCodeOf, gravest } from './exit-code.js';
import { displayName, sharedSecret } from './inputs.js';
import { cut } from './layout.js';
import { type Arguments, flag, text } from './options.js';
import { certificatesOf, keyFormatOf, reportOutcome } from './outcome.js';
import { errorJson, printError, printJson, printWarnings, schemaVersion } from './report.js';
import { type Terminal, painter } from './terminal.js';

/** `strip` of many inputs: each is reported as it is done, a broken one stops no other. */
export async function runStripFleet(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { parseShard, ProgressCounter, stripFleet } = await import('../fleet/index.js');
  const shard = text(args, 'shard');
  const { total, warnings, results } = stripFleet({
    inputs: args.inputs,
    listFile: text(args, 'from-file'),
    output: { folder: text(args, 'out-dir'), split: flag(args, 'split') },
    secretsFile: text(args, 'secrets'),
    passphrase: sharedSecret(args, terminal),
    shard: shard === undefined ? undefined : parseShard(shard, terminal.env),
    keyFormat: keyFormatOf(args),
    certificates: certificatesOf(args),
    allowSlowKdf: flag(args, 'allow-slow-kdf'),
    overwrite: flag(args, 'overwrite'),
    resume: flag(args, 'resume'),
    unordered: flag(args, 'unordered'),
    signal: terminal.signal,
  });
  printWarnings(warnings, terminal);
  const counter = new ProgressCounter(total);
  const line = progressLine(terminal);
  const codes = new Set<ExitCode>();
  try {
    for await (const result of results) {
      counter.count(result);
      line.clear();
      codes.add(reportResult(result, args, terminal));
      line.show(counter.progress);
    }
  } finally {
    line.clear();
    if (!flag(args, 'json')) terminal.err(`${summary(counter.progress)}\n`);
  }
  return gravest([...codes]);
}

function reportResult(result: FleetResult, args: Arguments, terminal: Terminal): ExitCode {
  const json = flag(args, 'json');
  if (result.status === 'failed') {
    const { code, message, hint, place, defects } = result.error;
    const [first = { code, message, place }, ...rest] = defects;
    const error = SapcertError.of([first, ...rest], hint);
    if (json)
      printJson(terminal, { schemaVersion, input: result.input, status: 'failed', error: errorJson(error) });
    else printError(error, terminal);
    return exitCodeOf(code);
  }
  const { input, written, key, leaf, chain, warnings } = result;
  reportOutcome(
    { input: displayName(input), written, warnings, bundle: { key, leaf, chain } },
    json,
    terminal,
  );
  return 0;
}

const eraseLine = '\r\u001b[K';
const between = 100;

/** A line that is replaced as the work goes on, on a terminal only. */
function progressLine(terminal: Terminal): { show: (progress: Progress) => void; clear: () => void } {
  const paint = painter(terminal.env, terminal.stderrIsTerminal);
  let shown = false;
  let last = 0;
  const clear = (): void => {
    if (shown) terminal.err(eraseLine);
    shown = false;
  };
  const show = (progress: Progress): void => {
    const now = performance.now();
    if (!terminal.stderrIsTerminal || now - last < between) return;
    last = now;
    shown = true;
    terminal.err(paint('dim', cut(summary(progress), terminal.columns - 1)));
  };
  return { show, clear };
}

function summary({ total, finished, skipped, failed, rate, secondsLeft }: Progress): string {
  const parts = [
    `${finished} of ${total}`,
    ...(skipped === 0 ? [] : [`${skipped} done before`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`,
    ...(secondsLeft === undefined || finished === total ? [] : [`${Math.ceil(secondsLeft)} s left`]),
  ];
  return parts.join(', ');
}
