import { type StrippedBundle, stripBundle } from '../bundle/strip.js';
import { type Delivery, filesRead } from './deliver.js';
import { displayName, libraryOptions, readBundleInput, withSecret } from './inputs.js';
import { type Arguments, text } from './options.js';
import { certificatesOf, keyFormatOf } from './outcome.js';
import type { Terminal } from './terminal.js';

/** A bundle that was stripped, before anything is written. */
export interface StrippedInput extends Omit<Delivery, 'outputs'> {
  readonly stripped: StrippedBundle;
}

/** Reads one bundle, finds its secret, and does what strip and split have in common. */
export async function stripInput(name: string, args: Arguments, terminal: Terminal): Promise<StrippedInput> {
  const input = readBundleInput(name, args);
  const options = {
    ...libraryOptions(input),
    keyFormat: keyFormatOf(args),
    certificates: certificatesOf(args),
  };
  const { result, warnings } = await withSecret(input, args, terminal, (passphrase) =>
    stripBundle(input.bytes, { ...options, passphrase }),
  );
  return {
    stripped: result,
    inputs: filesRead([name, text(args, 'key'), text(args, 'chain')], [text(args, 'passin')]),
    outcome: { input: displayName(name), warnings: [...warnings, ...result.warnings], bundle: result },
  };
}
