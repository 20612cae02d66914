import { count } from '../count.js';
import type { KeyFormat } from '../bundle/keys/index.js';
import type { CertificateSummary, KeySummary } from '../bundle/strip.js';
import type { Warning } from '../bundle/types.js';
import type { WrittenFile } from '../files/index.js';
import { onOneLine } from './layout.js';
import { type Arguments, text } from './options.js';
import { printJson, printWarnings, schemaVersion } from './report.js';
import { type DescribedCertificate, describeBundle } from './summary.js';
import type { Terminal } from './terminal.js';

/** What strip, split and combine did with one bundle. */
export interface Outcome {
  readonly input: string;
  /** Of one among many: whether it was done now, or before. */
  readonly status?: 'done' | 'skipped';
  readonly written: readonly WrittenFile[];
  readonly warnings: readonly Warning[];
  readonly bundle: {
    readonly key: KeySummary;
    readonly leaf: CertificateSummary;
    readonly chain: readonly CertificateSummary[];
  };
  /** A result went to standard output: what is said goes to standard error. */
  readonly toStdout?: boolean;
}

/** Prints the outcome: the same object as text and as JSON. */
export function reportOutcome(outcome: Outcome, json: boolean, terminal: Terminal): void {
  const { input, status, written, warnings, bundle, toStdout = false } = outcome;
  const document = {
    schemaVersion,
    input,
    status,
    outputs: written,
    ...describeBundle(bundle, terminal.now()),
    warnings,
  };
  if (json) return printJson(terminal, document);
  const print = toStdout ? terminal.err : terminal.out;
  printWarnings(warnings, terminal);
  for (const { path, status } of written) print(`${status.padEnd(9)} ${onOneLine(path)}\n`);
  print(`${' '.repeat(10)}${onOneLine(describe(document, terminal.now()))}\n`);
}

function describe(
  { input, key, certificate }: ReturnType<typeof describeBundle> & { input: string },
  now: Date,
): string {
  const size = key.size === undefined ? '' : ` ${key.size}`;
  const device = certificate.device === '' ? 'a certificate without a name' : certificate.device;
  const validity = describeValidity(certificate, now);
  return `from ${input}: ${key.type.toUpperCase()}${size} key of ${device}, ${validity}`;
}

function describeValidity({ notBefore, notAfter, daysLeft }: DescribedCertificate, now: Date): string {
  if (Number.isNaN(daysLeft)) return 'valid until a date that cannot be read';
  const early = Date.parse(notBefore) > now.getTime();
  const from = early ? `not valid before ${notBefore.slice(0, 10)}, ` : '';
  const left = daysLeft < 0 ? `expired ${count(-daysLeft, 'day')} ago` : `${count(daysLeft, 'day')} left`;
  return `${from}valid until ${notAfter.slice(0, 10)} (${left})`;
}

const keyFormats: readonly KeyFormat[] = ['pkcs8', 'pkcs1', 'sec1', 'traditional'];

export function keyFormatOf(args: Arguments): KeyFormat | undefined {
  return keyFormats.find((format) => format === text(args, 'key-format'));
}

export function certificatesOf(args: Arguments): 'all' | 'leaf' | undefined {
  return (['all', 'leaf'] as const).find((certificates) => certificates === text(args, 'certificates'));
}
