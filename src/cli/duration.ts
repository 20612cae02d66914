import { SapcertError } from '../errors.js';

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * Reads a span of time such as `90m`, `36h`, `30d` or `8w`.
 *
 * @param option the name of the option, for the error
 * @returns milliseconds
 * @throws SapcertError `usage.invalid`
 */
export function readDuration(text: string, option: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|[smhdw])$/.exec(text.trim()) ?? [];
  const milliseconds = Number(amount) * (units[unit] ?? Number.NaN);
  if (amount !== '' && Number.isFinite(milliseconds)) return milliseconds;
  throw new SapcertError(
    'usage.invalid',
    `--${option} takes a number and a unit, not ${JSON.stringify(text)}`,
    {
      hint: `s, m, h, d or w: --${option} ${option === 'expires-within' ? '30d' : '30s'}`,
    },
  );
}
