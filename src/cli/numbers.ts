import { SapcertError } from '../errors.js';

/**
 * A whole number as an option's value.
 *
 * @throws SapcertError `usage.invalid`
 */
export function readWholeNumber(
  given: string | undefined,
  option: string,
  least: number,
  most: number,
): number | undefined {
  if (given === undefined) return undefined;
  const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new SapcertError('usage.invalid', `--${option} takes a whole number from ${least} to ${most}`);
}

/**
 * JSON as an option's value.
 *
 * @throws SapcertError `usage.invalid`, without a word of the text
 */
export function readJson(given: string, option: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    throw new SapcertError('usage.invalid', `--${option} takes JSON, and this is none`, {
      hint: `in single quotes: --${option} '{"capabilityAlternateId":"c","sensorAlternateId":"s","measures":[["25"]]}'; sapcert send takes NAME=VALUE`,
    });
  }
}
