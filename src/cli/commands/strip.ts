import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type StrippedBundle, stripBundle } from '../../bundle/strip.js';
import { SapcertError } from '../../errors.js';
import { type OutputFile, writeFiles } from '../../files/index.js';
import type { ExitCode } from '../exit-code.js';
import { besideInput, displayName, libraryOptions, readBundleInput, stemOf, withSecret } from '../inputs.js';
import {
  type Arguments,
  type CommandSpec,
  flag,
  jsonOption,
  outputOptions,
  partOptions,
  secretOptions,
  text,
} from '../options.js';
import { type Outcome, certificatesOf, existingPaths, keyFormatOf, reportOutcome } from '../outcome.js';
import type { Terminal } from '../terminal.js';

export const stripSpec: CommandSpec = {
  name: 'strip',
  describe: 'decrypt the key of a device bundle and write key and certificate as one file for MQTT clients',
  positional: {
    name: 'input',
    describe: 'bundle (PEM, DER, PKCS#12, a JSON download, or -), folder or pattern',
    required: false,
    many: true,
  },
  options: {
    output: {
      type: 'string',
      alias: 'o',
      value: 'FILE',
      describe: 'the combined file; - for standard output',
      shownDefault: '<stem>.newcert.pem beside the input',
    },
    split: { type: 'boolean', describe: 'also write <stem>.private.key and <stem>.certificate.crt' },
    'key-out': { type: 'string', value: 'FILE', describe: 'also write the private key alone to FILE' },
    'cert-out': { type: 'string', value: 'FILE', describe: 'also write the certificate alone to FILE' },
    'out-dir': { type: 'string', value: 'DIR', describe: 'the folder for all outputs' },
    'from-file': { type: 'string', value: 'LIST', describe: 'a file that lists more inputs, one a line' },
    secrets: {
      type: 'string',
      value: 'FILE',
      describe: 'CSV or JSON with the secret of each file or device',
    },
    resume: { type: 'boolean', describe: 'skip what is done already, as its content proves' },
    shard: {
      type: 'string',
      value: 'I/N',
      describe: 'take one part of the inputs; auto: as the job engine says',
    },
    unordered: { type: 'boolean', describe: 'report results as they come' },
    ...outputOptions,
    ...partOptions,
    ...secretOptions,
    ...jsonOption,
  },
  examples: [
    ['sapcert strip device.pem', 'ask for the secret, write device.newcert.pem'],
    ['sapcert strip device.pem --passin file:secret.txt -o newcert.pem', 'the three openssl steps in one'],
    ['sapcert strip *.pem --split --out-dir certs', 'many bundles, each secret in its <stem>.secret'],
  ],
};

export async function runStrip(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  checkUsage(args);
  const [input] = args.inputs;
  if (input === undefined || isFleet(args)) {
    const { runStripFleet } = await import('../strip-fleet.js');
    return runStripFleet(args, terminal);
  }
  await stripToFiles(input, args, terminal);
  return 0;
}

/** Whether there may be many bundles: folders and patterns stand for more than one file. */
export function isFleet({ inputs, options }: Arguments): boolean {
  if (inputs.length !== 1 || fleetOptions.some((name) => name in options)) return true;
  return inputs.some((input) => {
    const stats = statSync(input, { throwIfNoEntry: false });
    return stats === undefined ? /[*?[{]/.test(input) : stats.isDirectory();
  });
}

const fleetOptions = ['from-file', 'secrets', 'resume', 'shard', 'unordered'];

function checkUsage(args: Arguments): void {
  if (args.inputs.length === 0 && text(args, 'from-file') === undefined) {
    throw new SapcertError('usage.invalid', 'there is no input', { hint: 'sapcert strip device.pem' });
  }
  const single = ['output', 'key-out', 'cert-out', 'key', 'chain'].find(
    (name) => text(args, name) !== undefined,
  );
  if (single !== undefined && isFleet(args)) {
    throw new SapcertError('usage.invalid', `--${single} is about one input, but there may be many`, {
      hint: 'for many inputs use --out-dir DIR',
    });
  }
  if (text(args, 'output') !== undefined && text(args, 'out-dir') !== undefined) {
    throw new SapcertError('usage.invalid', '--output and --out-dir exclude each other', {
      hint: '-o names the file itself, --out-dir the folder of files named after their inputs',
    });
  }
}

async function stripToFiles(name: string, args: Arguments, terminal: Terminal): Promise<void> {
  const input = readBundleInput(name, args);
  const options = {
    ...libraryOptions(input),
    keyFormat: keyFormatOf(args),
    certificates: certificatesOf(args),
  };
  const { result, warnings } = await withSecret(input, args, terminal, (passphrase) =>
    stripBundle(input.bytes, { ...options, passphrase }),
  );
  const files = outputsOf(name, result, args);
  const toStdout = files.filter(({ path }) => path === '-');
  const written = writeFiles(
    files.filter(({ path }) => path !== '-'),
    { overwrite: flag(args, 'overwrite'), inputs: existingPaths([name, input.keyFile, input.chainFile]) },
  );
  for (const { data } of toStdout) terminal.out(data);
  const outcome: Outcome = {
    input: displayName(name),
    written,
    warnings: [...warnings, ...result.warnings],
    bundle: result,
    toStdout: toStdout.length > 0,
  };
  reportOutcome(outcome, flag(args, 'json'), terminal);
}

function outputsOf(input: string, stripped: StrippedBundle, args: Arguments): OutputFile[] {
  const folder = text(args, 'out-dir');
  const named = (suffix: string): string => {
    const name = `${stemOf(input)}.${suffix}`;
    return folder === undefined ? besideInput(input, name) : join(folder, name);
  };
  const split = flag(args, 'split');
  const combined =
    text(args, 'output') ?? (input === '-' && folder === undefined ? '-' : named('newcert.pem'));
  const key = text(args, 'key-out') ?? (split ? named('private.key') : undefined);
  const certificate = text(args, 'cert-out') ?? (split ? named('certificate.crt') : undefined);
  return [
    { path: combined, data: stripped.combined, secret: true },
    ...(key === undefined ? [] : [{ path: key, data: stripped.privateKey, secret: true }]),
    ...(certificate === undefined ? [] : [{ path: certificate, data: stripped.certificate, secret: false }]),
  ];
}
