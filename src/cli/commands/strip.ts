import type { StrippedBundle } from '../../bundle/strip.js';
import { SapcertError } from '../../errors.js';
import type { OutputFile } from '../../files/index.js';
import { checkOutputs, deliver } from '../deliver.js';
import type { ExitCode } from '../exit-code.js';
import { fleetOptions, isFleet, requireInput } from '../fleet-options.js';
import { outputPath } from '../inputs.js';
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
import { stripInput } from '../strip-input.js';
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
    'out-dir': { type: 'string', value: 'DIR', describe: 'the folder for all outputs, made if missing' },
    ...fleetOptions,
    resume: { type: 'boolean', describe: 'skip what is done already, as its content proves' },
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
    const { runStripFleet, soleInput } = await import('../strip-fleet.js');
    const sole = soleInput(args, terminal);
    return sole === undefined ? runStripFleet(args, terminal) : stripToFiles(sole, args, terminal);
  }
  return stripToFiles(input, args, terminal);
}

function checkUsage(args: Arguments): void {
  requireInput(args, 'sapcert strip device.pem');
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

async function stripToFiles(name: string, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const paths = outputPaths(name, args);
  checkOutputs(Object.values(paths), args);
  const { stripped, ...rest } = await stripInput(name, args, terminal);
  return deliver({ ...rest, outputs: outputsOf(paths, stripped) }, args, terminal);
}

interface OutputPaths {
  readonly combined: string;
  readonly key: string | undefined;
  readonly certificate: string | undefined;
}

function outputPaths(input: string, args: Arguments): OutputPaths {
  const folder = text(args, 'out-dir');
  const named = (suffix: string): string => outputPath(input, suffix, folder);
  const split = flag(args, 'split');
  return {
    combined: text(args, 'output') ?? (input === '-' && folder === undefined ? '-' : named('newcert.pem')),
    key: text(args, 'key-out') ?? (split ? named('private.key') : undefined),
    certificate: text(args, 'cert-out') ?? (split ? named('certificate.crt') : undefined),
  };
}

function outputsOf({ combined, key, certificate }: OutputPaths, stripped: StrippedBundle): OutputFile[] {
  return [
    { path: combined, data: stripped.combined, secret: true },
    ...(key === undefined ? [] : [{ path: key, data: stripped.privateKey, secret: true }]),
    ...(certificate === undefined ? [] : [{ path: certificate, data: stripped.certificate, secret: false }]),
  ];
}
