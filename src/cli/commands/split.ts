import { join } from 'node:path';
import { splitBundle } from '../../bundle/strip.js';
import { writeFiles } from '../../files/index.js';
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
      describe: 'the private key',
      shownDefault: '<stem>.private.key beside the input',
    },
    'cert-out': {
      type: 'string',
      value: 'FILE',
      describe: 'the certificate',
      shownDefault: '<stem>.certificate.crt beside the input',
    },
    'out-dir': { type: 'string', value: 'DIR', describe: 'the folder for both' },
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
  const input = readBundleInput(name, args);
  const options = {
    ...libraryOptions(input),
    keyFormat: keyFormatOf(args),
    certificates: certificatesOf(args),
  };
  const { result, warnings } = await withSecret(input, args, terminal, (passphrase) =>
    splitBundle(input.bytes, { ...options, passphrase }),
  );
  const path = (option: string, suffix: string): string => {
    const folder = text(args, 'out-dir');
    const file = `${stemOf(name)}.${suffix}`;
    return text(args, option) ?? (folder === undefined ? besideInput(name, file) : join(folder, file));
  };
  const written = writeFiles(
    [
      { path: path('key-out', 'private.key'), data: result.privateKey, secret: true },
      { path: path('cert-out', 'certificate.crt'), data: result.certificate, secret: false },
    ],
    { overwrite: flag(args, 'overwrite'), inputs: existingPaths([name, input.keyFile, input.chainFile]) },
  );
  const outcome: Outcome = {
    input: displayName(name),
    written,
    warnings: [...warnings, ...result.warnings],
    bundle: result,
  };
  reportOutcome(outcome, flag(args, 'json'), terminal);
  return 0;
}
