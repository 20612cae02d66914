import { type CombineOptions, combineBundle } from '../../bundle/combine.js';
import { maximumInputSize } from '../../bundle/material.js';
import { SapcertError } from '../../errors.js';
import { readInput } from '../../files/index.js';
import { checkOutputs, deliver, filesRead } from '../deliver.js';
import type { ExitCode } from '../exit-code.js';
import { checkSources, displayName, withSecret } from '../inputs.js';
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
import { certificatesOf, keyFormatOf } from '../outcome.js';
import { readSource } from '../secret.js';
import type { Terminal } from '../terminal.js';

export const combineSpec: CommandSpec = {
  name: 'combine',
  describe: 'put a private key and its certificate, which lie apart, into one file',
  options: {
    ...partOptions,
    cert: { type: 'string', value: 'FILE', describe: 'the device certificate, alone or with its chain' },
    output: {
      type: 'string',
      alias: 'o',
      value: 'FILE',
      describe: 'the combined file; - for standard output',
      shownDefault: 'newcert.pem',
    },
    p12: { type: 'string', value: 'FILE', describe: 'write PKCS#12 (AES-256, MAC with SHA-256) instead' },
    encrypt: { type: 'boolean', describe: 'keep the key encrypted: PBES2, AES-256, PBKDF2 with SHA-256' },
    passout: {
      type: 'string',
      value: 'SOURCE',
      describe: 'where the secret of an encrypted output comes from, as --passin',
      shownDefault: 'SAPCERT_PASSOUT, else a prompt',
    },
    ...outputOptions,
    ...secretOptions,
    ...jsonOption,
  },
  wordsHint: 'sapcert combine --key private.key --cert certificate.crt',
  examples: [
    ['sapcert combine --key private.key --cert certificate.crt', 'write newcert.pem'],
    [
      'sapcert combine --key private.key --cert certificate.crt --chain ca.crt --p12 device.p12',
      'ask for a secret, write PKCS#12',
    ],
    [
      'sapcert combine --key private.key --cert certificate.crt --encrypt --passout env:NEW_SECRET',
      'encrypt the key again',
    ],
  ],
};

export async function runCombine(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { keyFile, certificateFile, output, format } = readUsage(args);
  const chainFile = text(args, 'chain');
  const files = [keyFile, certificateFile, chainFile];
  const sources = [text(args, 'passin'), text(args, 'passout')];
  checkSources(files, sources);
  checkOutputs([output], args);
  const parts = {
    key: readInput(keyFile, maximumInputSize),
    certificate: readInput(certificateFile, maximumInputSize),
    chain: chainFile === undefined ? undefined : readInput(chainFile, maximumInputSize),
  };
  const options: CombineOptions = {
    file: displayName(certificateFile),
    keyFile: displayName(keyFile),
    chainFile: chainFile && displayName(chainFile),
    allowSlowKdf: flag(args, 'allow-slow-kdf'),
    keyFormat: keyFormatOf(args),
    certificates: certificatesOf(args),
    format,
    outputPassphrase: format === 'pem' ? undefined : await outputSecret(args, terminal),
  };
  const { result, warnings } = await withSecret({ name: keyFile }, args, terminal, (passphrase) =>
    combineBundle(parts, { ...options, passphrase }),
  );
  const delivery = {
    outputs: [{ path: output, data: result.combined, secret: true }],
    inputs: filesRead(files, sources),
    outcome: { input: displayName(keyFile), warnings: [...warnings, ...result.warnings], bundle: result },
  };
  return deliver(delivery, args, terminal);
}

interface Usage {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly output: string;
  readonly format: 'pem' | 'encrypted-pem' | 'pkcs12';
}

function readUsage(args: Arguments): Usage {
  const [keyFile, certificateFile] = [text(args, 'key'), text(args, 'cert')];
  const [p12, output] = [text(args, 'p12'), text(args, 'output')];
  const format = p12 !== undefined ? 'pkcs12' : flag(args, 'encrypt') ? 'encrypted-pem' : 'pem';
  if (keyFile === undefined || certificateFile === undefined) {
    const missing = keyFile === undefined ? '--key' : '--cert';
    throw new SapcertError('usage.invalid', `combine needs ${missing} FILE`, {
      hint: 'sapcert combine --key private.key --cert certificate.crt',
    });
  }
  if (p12 !== undefined && output !== undefined) {
    throw new SapcertError('usage.invalid', '--p12 FILE names the output itself: leave --output out');
  }
  if (p12 !== undefined && flag(args, 'encrypt')) {
    throw new SapcertError('usage.invalid', 'a PKCS#12 file is always encrypted: leave --encrypt out');
  }
  if (format === 'pem' && text(args, 'passout') !== undefined) {
    throw new SapcertError('usage.invalid', '--passout is the secret of an encrypted output', {
      hint: 'add --encrypt, or --p12 FILE',
    });
  }
  if (format !== 'pem' && (keyFormatOf(args) ?? 'pkcs8') !== 'pkcs8') {
    throw new SapcertError('usage.invalid', 'an encrypted key is always PKCS#8: leave --key-format out');
  }
  return { keyFile, certificateFile, output: p12 ?? output ?? 'newcert.pem', format };
}

/** The secret of the output is asked for twice: nobody sees what they type. */
async function outputSecret(args: Arguments, terminal: Terminal): Promise<string> {
  const source = text(args, 'passout');
  if (source !== undefined) return readSource(source, 'passout', terminal).passphrase;
  const fromEnvironment = terminal.env['SAPCERT_PASSOUT'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment;
  const ask = terminal.askSecrets;
  if (ask === undefined) {
    throw new SapcertError('usage.invalid', 'an encrypted output needs a secret of its own', {
      hint: 'give it with --passout file:PATH or env:NAME, or set SAPCERT_PASSOUT',
    });
  }
  const [first, second] = await ask('secret for the output: ', 'the same again: ');
  if (first !== undefined && first !== '' && first === second) return first;
  throw new SapcertError(
    'usage.invalid',
    first === '' ? 'the secret is empty' : 'the two secrets differ; nothing was written',
  );
}
