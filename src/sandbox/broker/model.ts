import { SapcertError } from '../../errors.js';

/** Types of a property as SAP's device model names them. */
export type PropertyType = 'integer' | 'long' | 'float' | 'double' | 'boolean' | 'string' | 'binary' | 'date';

/** What the gateway knows about sensors and their capabilities. Without a model it takes any. */
export interface DeviceModel {
  /** Alternate id of a capability -> its properties in their order, each with its type. */
  readonly capabilities: Readonly<Record<string, Readonly<Record<string, PropertyType>>>>;
  /** Alternate ids of the sensors; any when left out. */
  readonly sensors?: readonly string[] | undefined;
}

const isWhole = (value: unknown): boolean => /^[+-]?\d+$/.test(String(value));
const isNumeric = (value: unknown): boolean =>
  String(value).trim() !== '' && Number.isFinite(Number(value)) && typeof value !== 'boolean';

/** Values arrive as JSON of their own type or as text: SAP's own examples send `"25"`. */
const accepts: Record<PropertyType, (value: unknown) => boolean> = {
  integer: (value) => isWhole(value) && Math.abs(Number(value)) <= 2 ** 31,
  long: isWhole,
  float: isNumeric,
  double: isNumeric,
  boolean: (value) => value === true || value === false || value === 'true' || value === 'false',
  string: (value) => typeof value === 'string',
  binary: (value) => typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
  date: isTime,
};

export function fits(type: PropertyType, value: unknown): boolean {
  return value === null || accepts[type](value);
}

/** Milliseconds since 1970 as a number or in digits, or an ISO 8601 date. */
export function isTime(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  if (typeof value !== 'string') return false;
  return /^\d+$/.test(value) || (/^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value)));
}

/**
 * Reads `model.json`.
 *
 * @throws SapcertError `file.malformed`
 */
export function parseModel(text: string, file: string): DeviceModel {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SapcertError('file.malformed', 'not JSON', { place: { file }, cause });
  }
  if (!isModel(json)) {
    throw new SapcertError('file.malformed', 'not a device model', {
      place: { file },
      hint: 'for example: {"capabilities": {"climate": {"temperature": "float"}}, "sensors": ["1"]}',
    });
  }
  return json;
}

function isModel(json: unknown): json is DeviceModel {
  if (!isRecord(json) || !isRecord(json['capabilities'])) return false;
  const { capabilities, sensors } = json;
  const typed = Object.values(capabilities).every(
    (properties) =>
      isRecord(properties) &&
      Object.values(properties).every((type) => typeof type === 'string' && Object.hasOwn(accepts, type)),
  );
  return (
    typed &&
    (sensors === undefined || (Array.isArray(sensors) && sensors.every((id) => typeof id === 'string')))
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
