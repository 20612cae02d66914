import { type FindFleetOptions, parseShard } from '../fleet/index.js';
import { checkSources } from './inputs.js';
import { onOneLine } from './layout.js';
import { type Arguments, text } from './options.js';
import { say } from './say.js';
import type { Terminal } from './terminal.js';

/**
 * What the options say about where inputs and their secrets come from.
 *
 * @throws SapcertError `usage.invalid`
 */
export function fleetSources(
  args: Arguments,
  terminal: Terminal,
): Pick<FindFleetOptions, 'inputs' | 'listFile' | 'secretsFile' | 'shard'> {
  const [listFile, secretsFile, shard] = ['from-file', 'secrets', 'shard'].map((name) => text(args, name));
  checkSources([...args.inputs, listFile, secretsFile], [text(args, 'passin')]);
  return {
    inputs: args.inputs,
    listFile,
    secretsFile,
    shard: shard === undefined ? undefined : parseShard(shard, terminal.env),
  };
}

const fewExamples = 3;

/** Says which of the inputs are not taken for bundles. */
export function sayLeftOut(leftOut: readonly string[], terminal: Terminal): void {
  const [first] = leftOut;
  if (first === undefined) return;
  const examples = leftOut.slice(0, fewExamples).map(onOneLine).join(', ');
  const more = leftOut.length > fewExamples ? ', …' : '';
  const what = leftOut.length === 1 ? 'left out, as it belongs' : 'left out, as they belong';
  say(
    'note',
    `${leftOut.length} ${what} to other inputs (outputs and secret files): ${examples}${more}`,
    terminal,
  );
}
