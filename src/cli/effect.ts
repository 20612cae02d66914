import { SapcertError } from '../errors.js';
import type { Arguments } from './options.js';

/**
 * Refuses what would have no effect, by its name: who gives an option wants something by it.
 *
 * @param effective the options that have an effect here
 * @param where why the others have none, such as `with --from nothing is contacted`
 * @throws SapcertError `usage.invalid`
 */
export function refuseAllBut(
  effective: readonly string[],
  { inputs, options }: Arguments,
  where: string,
): void {
  const idle = Object.keys(options).filter((name) => !effective.includes(name));
  const names = [...(inputs.length > 0 ? ['an input'] : []), ...idle.map((name) => `--${name}`)];
  if (names.length === 0) return;
  throw new SapcertError('usage.invalid', `${where}: ${inWords(names)} would have no effect`, {
    hint: `leave ${names.length === 1 ? 'it' : 'them'} out; what has an effect: ${effective.map((name) => `--${name}`).join(', ')}`,
  });
}

/**
 * Refuses an option that means nothing without another one.
 *
 * @param needs which one needs which; of several any one is enough
 * @throws SapcertError `usage.invalid`
 */
export function refuseWithout(
  needs: Readonly<Record<string, readonly string[]>>,
  { options }: Arguments,
): void {
  for (const [name, others] of Object.entries(needs)) {
    if (!(name in options) || others.some((other) => other in options)) continue;
    const needed = others.map((other) => `--${other}`).join(' or ');
    throw new SapcertError('usage.invalid', `--${name} has no effect without ${needed}`, {
      hint: `add ${needed}, or leave --${name} out`,
    });
  }
}

function inWords(names: readonly string[]): string {
  const [last = '', ...before] = names.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`;
}
