import { checkOutputs, deliver } from '../deliver.js';
import type { ExitCode } from '../exit-code.js';
import { outputPath } from '../inputs.js';
import {
  type Arguments,
  type CommandSpec,
  jsonOption,
  outputOptions,
  partOptions,
  secretOptions,
  text,
} from '../options.js';
import { stripInput } from '../strip-input.js';
import type { Terminal } from '../terminal.js';

export const splitSpec: CommandSpec = {
  name: 'split',
  describe: 'write the private key and the certificate of a device bundle as two files',
  positional: {
    name: 'input',
    describe: 'bundle: PEM, DER, PKCS#12, a JSON download, or -',
    required: true,
    many: false,
  },
  options: {
    'key-out': {
      type: 'string',
      value: 'FILE',
      describe: 'the private key; - for standard output',
      shownDefault: '<stem>.private.key beside the input',
    },
    'cert-out': {
      type: 'string',
      value: 'FILE',
      describe: 'the certificate; - for standard output',
      shownDefault: '<stem>.certificate.crt beside the input',
    },
    'out-dir': { type: 'string', value: 'DIR', describe: 'the folder for both, made if missing' },
    ...outputOptions,
    ...partOptions,
    ...secretOptions,
    ...jsonOption,
  },
  examples: [
    ['sapcert split device.pem', 'write device.private.key and device.certificate.crt'],
    ['sapcert split device.pem --key-out private.key --cert-out certificate.crt', 'under other names'],
  ],
};

export async function runSplit(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const [name = '-'] = args.inputs;
  const folder = text(args, 'out-dir');
  const key = text(args, 'key-out') ?? outputPath(name, 'private.key', folder);
  const certificate = text(args, 'cert-out') ?? outputPath(name, 'certificate.crt', folder);
  checkOutputs([key, certificate], args);
  const { stripped, ...rest } = await stripInput(name, args, terminal);
  const outputs = [
    { path: key, data: stripped.privateKey, secret: true },
    { path: certificate, data: stripped.certificate, secret: false },
  ];
  return deliver({ ...rest, outputs }, args, terminal);
}
