import { SapcertError } from '../errors.js';
import { statsOf } from '../files/index.js';
import { type Arguments, type OptionTable, text } from './options.js';

/** Options of the commands that take many inputs. */
export const fleetOptions: OptionTable = {
  'from-file': { type: 'string', value: 'LIST', describe: 'a file that lists more inputs, one a line' },
  secrets: { type: 'string', value: 'FILE', describe: 'CSV or JSON with the secret of each file or device' },
  shard: {
    type: 'string',
    value: 'I/N',
    describe: 'take one part of the inputs; auto: as the job engine says',
  },
  unordered: { type: 'boolean', describe: 'report results as they come' },
};

/** Whether there may be many bundles: folders and patterns stand for more than one file. */
export function isFleet(args: Arguments): boolean {
  return args.inputs.length > 1 || hasFleetOptions(args) || args.inputs.some(isFolderOrPattern);
}

export function hasFleetOptions({ options }: Arguments): boolean {
  return fleetOnly.some((name) => name in options);
}

export function isFolderOrPattern(input: string): boolean {
  const stats = statsOf(input);
  return stats === undefined ? /[*?[{]/.test(input) : stats.isDirectory();
}

const fleetOnly = [...Object.keys(fleetOptions), 'resume', 'concurrency', 'rate'];

/** @throws SapcertError `usage.invalid` when nothing was named */
export function requireInput(args: Arguments, example: string): void {
  if (args.inputs.length > 0 || text(args, 'from-file') !== undefined) return;
  throw new SapcertError('usage.invalid', 'there is no input', {
    hint: `${example}; what comes through a pipe is the input -`,
  });
}
