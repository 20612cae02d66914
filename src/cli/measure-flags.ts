import type { Measure } from '../connector/index.js';
import { SapcertError } from '../errors.js';

/**
 * One measure out of flags: `temperature=25 humidity=40`. A value that is a JSON number, boolean or null goes as
 * that, anything else as text, also what a double cannot hold: an integer that it would change, and a number so
 * large or so small that it would become infinite or zero. A fraction is rounded to the nearest double.
 *
 * @throws SapcertError `usage.invalid`
 */
export function measureOf(
  capability: string | undefined,
  sensor: string | undefined,
  properties: readonly string[],
): Measure {
  if (capability === undefined || sensor === undefined) {
    const missing = capability === undefined ? '--capability' : '--sensor';
    throw new SapcertError('usage.invalid', `a measure needs ${missing} ID`, {
      hint: 'the alternate ids of capability and sensor stand in the device model of SAP IoT',
    });
  }
  const values = properties.map(propertyOf);
  const names = values.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new SapcertError('usage.invalid', `the property ${twice} is given twice`, {
      hint: 'the flags are one measure; several go as NDJSON, one a line, with --file FILE or through a pipe',
    });
  }
  return {
    capabilityAlternateId: capability,
    sensorAlternateId: sensor,
    measures: [Object.fromEntries(values)],
  };
}

function propertyOf(given: string): [name: string, value: unknown] {
  const equals = given.indexOf('=');
  if (equals > 0) return [given.slice(0, equals), valueOf(given.slice(equals + 1))];
  throw new SapcertError('usage.invalid', '--measure takes NAME=VALUE', {
    hint: 'for example --measure temperature=25; several: --measure temperature=25 --measure humidity=40',
  });
}

function valueOf(text: string): unknown {
  if (/^-?\d/.test(text) && !isKept(text)) return text;
  return /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/.test(text)
    ? JSON.parse(text)
    : text;
}

function isKept(text: string): boolean {
  const number = Number(text);
  if (number === 0) return !/^[^eE]*[1-9]/.test(text);
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}
