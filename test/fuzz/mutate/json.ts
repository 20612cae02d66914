import type { Random } from '../random.js';
import { mutateBytes } from './bytes.js';

type Holder = Record<string, unknown> | unknown[];

/** Changes one member of a JSON document, however deep, and leaves it JSON; sometimes it is none afterwards. */
export function mutateJson(bytes: Buffer, random: Random, other: Buffer): Buffer {
  const json = random.chance(0.85) ? parse(bytes) : undefined;
  if (json === undefined) return mutateBytes(bytes, random, other, tokens);
  if (!isHolder(json) || random.chance(0.02)) return written(foreign(random, json), bytes);
  const holders = holdersIn(json);
  const holder = random.pick(holders);
  const names = Object.keys(holder);
  const name = names.length === 0 ? 'x' : random.pick(names);
  switch (random.below(5)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(name), 1);
      else delete holder[name];
      break;
    case 1:
      if (Array.isArray(holder)) holder.push(structuredClone(random.pick(holders)));
      else set(holder, random.pick(keys), structuredClone(holder[name]));
      break;
    case 2:
      set(holder, name, structuredClone(random.pick(valuesIn(parse(other) ?? json))));
      break;
    case 3:
      set(holder, name, altered(valueOf(holder, name), random));
      break;
    default:
      set(holder, name, foreign(random, json));
  }
  return written(json, bytes);
}

const tokens = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  'true',
  '1e999',
  '-0',
  String.raw`\u0000`,
  '\ufeff',
].map((token) => Buffer.from(token));

const keys = ['__proto__', 'constructor', 'toString', 'length', '', 'id', 'code', 'secret', 'then', '0'];

function foreign(random: Random, json: unknown): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => random.chance(0.5),
    () => random.pick([0, -1, 1.5, 65_536, 2 ** 53, 1e308, -1e-9, 200]),
    () => '',
    () =>
      random.pick([
        '\n',
        '\u0000',
        '\u202e',
        '\ud800',
        'x'.repeat(3000),
        '__proto__',
        '1e5',
        '-----BEGIN X-----',
      ]),
    () => [],
    () => ({}),
    () => [structuredClone(json)],
    () => ({ toString: 'x', length: -1 }),
    () => JSON.parse('{"__proto__": {"x": 1}}') as unknown,
  ])();
}

function altered(value: unknown, random: Random): unknown {
  if (typeof value === 'string') {
    const bytes = mutateBytes(Buffer.from(value), random, Buffer.from(value), tokens);
    return bytes.toString(random.chance(0.9) ? 'utf8' : 'latin1');
  }
  if (typeof value === 'number')
    return random.pick([-value, value + 1, value * 1e9, value / 3, String(value)]);
  return [value];
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as unknown;
  } catch {
    return undefined;
  }
}

function written(json: unknown, before: Buffer): Buffer {
  const text = JSON.stringify(json) ?? '';
  return text.length > 8 * before.length + 20_000 ? before : Buffer.from(text);
}

function holdersIn(json: Holder): Holder[] {
  return [json, ...Object.values(json).filter(isHolder).flatMap(holdersIn)];
}

function valuesIn(json: unknown): unknown[] {
  return [json, ...(isHolder(json) ? Object.values(json).flatMap(valuesIn) : [])];
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null;
}

function valueOf(holder: Holder, name: string): unknown {
  return (holder as Record<string, unknown>)[name];
}

/** As `JSON.parse` makes it: `__proto__` is a member like any other. */
function set(holder: Holder, name: string, value: unknown): void {
  const enough = { value, enumerable: true, configurable: true, writable: true };
  if (!Array.isArray(holder)) Object.defineProperty(holder, name, enough);
  else if (Number(name) < holder.length) holder[Number(name)] = value;
}
