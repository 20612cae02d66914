import { existsSync } from 'node:fs';
import { SapcertError } from '../errors.js';
import { descriptorOf, type OutputFile, refuseFolder, sidecarOf, writeFiles } from '../files/index.js';
import type { ExitCode } from './exit-code.js';
import { type Arguments, flag, text } from './options.js';
import { type Outcome, reportOutcome } from './outcome.js';
import type { Terminal } from './terminal.js';

/** What strip, split or combine made of one bundle. */
export interface Delivery {
  /** The path `-` stands for standard output. */
  readonly outputs: readonly OutputFile[];
  /** Files that no output may replace, also with `--overwrite`. */
  readonly inputs: readonly string[];
  readonly outcome: Omit<Outcome, 'written' | 'toStdout'>;
}

/**
 * Refuses outputs that cannot be, before any work is done and any secret asked for.
 *
 * @throws SapcertError `usage.invalid`, `output.not-writable`
 */
export function checkOutputs(paths: readonly (string | undefined)[], args: Arguments): void {
  const folder = text(args, 'out-dir');
  if (folder !== undefined) refuseFolder(folder);
  checkStandardOutput(paths, args);
}

function checkStandardOutput(paths: readonly (string | undefined)[], args: Arguments): void {
  const toStdout = paths.filter((path) => path !== undefined && isStandardOutput(path));
  if (toStdout.length + Number(flag(args, 'json')) <= 1 || toStdout.length === 0) return;
  const what = flag(args, 'json') ? 'the document of --json and an output' : 'several outputs';
  throw new SapcertError('usage.invalid', `${what} cannot share standard output`, {
    hint: 'name a file for each output',
  });
}

function isStandardOutput(path: string): boolean {
  return path === '-' || descriptorOf(path) === 1;
}

/**
 * Writes the outputs and reports what was done.
 *
 * @throws SapcertError `output.*`; `interrupted` when a signal came before the first byte was written
 */
export function deliver(
  { outputs, inputs, outcome }: Delivery,
  args: Arguments,
  terminal: Terminal,
): ExitCode {
  if (terminal.signal.aborted) throw new SapcertError('interrupted', 'interrupted; nothing was written');
  const toStdout = outputs.filter(({ path }) => isStandardOutput(path));
  const toFiles = outputs.filter(({ path }) => !isStandardOutput(path));
  const written = writeFiles(toFiles, {
    overwrite: flag(args, 'overwrite'),
    inputs,
    makeFolder: text(args, 'out-dir'),
  });
  for (const { data } of toStdout) terminal.out(data);
  reportOutcome({ ...outcome, written, toStdout: toStdout.length > 0 }, flag(args, 'json'), terminal);
  return 0;
}

/**
 * The files that a run reads, and those that hold its secrets: SAP shows a secret once.
 *
 * @param files inputs as they were named; `-` is none
 * @param sources values of options such as `--passin`
 */
export function filesRead(
  files: readonly (string | undefined)[],
  sources: readonly (string | undefined)[],
): string[] {
  const inputs = files.filter((path): path is string => path !== undefined && path !== '-');
  const secrets = sources.flatMap((source) =>
    source?.startsWith('file:') === true ? [source.slice(5)] : [],
  );
  const beside = inputs.map(sidecarOf).filter((path) => path !== undefined);
  return [...inputs, ...[...beside, ...secrets].filter((path) => existsSync(path))];
}
