import { SapcertError } from '../errors.js';
import { readCsv } from './csv.js';
import { textOf } from './text.js';

/**
 * Secrets by what they are for: the path of a file as it was given, its name, its name without the ending, or a
 * device's id.
 */
export type SecretTable = ReadonlyMap<string, string>;

/**
 * Reads a table of secrets.
 *
 * - JSON: `{"device.pem": "secret", "pump-0001": "secret"}`, or a list of objects
 *   `{"file": "device.pem", "secret": "…"}` or `{"device": "pump-0001", "secret": "…"}`;
 * - CSV: two columns, file or device and secret; or columns named like those members.
 *
 * @param input text, or bytes: UTF-8, UTF-16 with its mark, or else Windows-1252, as spreadsheets write it
 * @param file its name in messages
 * @throws SapcertError `file.malformed`; it never quotes the table, of which any column may hold the secrets
 */
export function readSecretTable(input: string | Uint8Array, file?: string): SecretTable {
  const text = typeof input === 'string' ? input : textOf(input);
  const content = text.replace(/^\ufeff/, '');
  const entries = /^\s*[[{]/.test(content) ? fromJson(content, file) : fromCsv(content, file);
  const table = new Map<string, string>();
  for (const { keys, secret, where } of entries) {
    if (keys.length === 0 || secret === '') {
      const missing = secret === '' ? 'secret' : 'file or device';
      throw malformed(`${where} of the secrets has no ${missing}`, file);
    }
    for (const key of keys) {
      if ((table.get(key) ?? secret) !== secret) throw ambiguous(entries, key, where, file);
      table.set(key, secret);
    }
  }
  if (table.size === 0) throw malformed('there is no secret in it', file);
  return table;
}

interface Entry {
  readonly keys: readonly string[];
  readonly secret: string;
  readonly where: string;
}

/** Names of columns and members, in lower case without spaces, underscores and hyphens. */
const secretNames: ReadonlySet<string> = new Set(['secret', 'password', 'passphrase', 'passwort', 'pin']);
const keyNames: ReadonlySet<string> = new Set(
  'file filename path name bundle input device deviceid devicealternateid alternateid clientid id cn'.split(
    ' ',
  ),
);

const normal = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '');

function fromCsv(text: string, file: string | undefined): readonly Entry[] {
  const [header, ...rest] = readCsv(text, file);
  if (header === undefined) return [];
  const names = header.fields.map(normal);
  const secretColumn = names.findIndex((name) => secretNames.has(name));
  const named = secretColumn >= 0 && names.some((name) => keyNames.has(name));
  const rows = named ? rest : [header, ...rest];
  return rows.map(({ fields, line }) => {
    if (!named && fields.length !== 2) {
      throw malformed(
        `line ${line} has not two columns, file or device and secret, but ${fields.length}`,
        file,
      );
    }
    const keys = named ? fields.filter((_, column) => keyNames.has(names[column] ?? '')) : fields.slice(0, 1);
    const secret = fields[named ? secretColumn : 1] ?? '';
    return { keys: keys.filter((key) => key !== ''), secret, where: `line ${line}` };
  });
}

function fromJson(text: string, file: string | undefined): readonly Entry[] {
  const json = parse(text, file);
  if (Array.isArray(json)) {
    return json.map((entry: unknown, index) => fromObject(entry, `entry ${index + 1}`, file));
  }
  return Object.entries(json).map(([key, secret]: [string, unknown], index) => {
    const where = `entry ${index + 1}`;
    if (typeof secret !== 'string') throw malformed(`the secret of ${where} is not a text`, file);
    return { keys: key === '' ? [] : [key], secret, where };
  });
}

function fromObject(entry: unknown, where: string, file: string | undefined): Entry {
  if (typeof entry !== 'object' || entry === null)
    throw malformed(`${where} of the secrets is no object`, file);
  const members = Object.entries(entry).filter(
    (member): member is [string, string] => typeof member[1] === 'string',
  );
  const secret = members.find(([name]) => secretNames.has(normal(name)))?.[1] ?? '';
  const keys = members.filter(([name, value]) => keyNames.has(normal(name)) && value !== '');
  return { keys: keys.map(([, value]) => value), secret, where };
}

function parse(text: string, file: string | undefined): object {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null) return json;
  } catch (error) {
    // V8 quotes the text around the mistake, which may be a secret: only the position goes on.
    const offset = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
    const line = offset === undefined ? undefined : text.slice(0, Number(offset)).split('\n').length;
    throw new SapcertError('file.malformed', 'not valid JSON', { place: { file, line } });
  }
  throw malformed('JSON, but no table of secrets', file);
}

/** The same device may have been issued two certificates, each with a secret of its own. */
function ambiguous(
  entries: readonly Entry[],
  key: string,
  where: string,
  file: string | undefined,
): SapcertError {
  const first = entries.find(({ keys }) => keys.includes(key))?.where ?? 'another';
  return new SapcertError(
    'file.malformed',
    `${where} of the secrets has another secret than ${first} for the same file or device`,
    { place: { file }, hint: 'where a device has several bundles, name their files instead of the device' },
  );
}

function malformed(message: string, file: string | undefined): SapcertError {
  return new SapcertError('file.malformed', message, {
    place: { file },
    hint: 'a table of secrets is CSV with the columns file (or device) and secret, or JSON: {"device.pem": "…"}; one secret for all goes with --passin file:PATH',
  });
}
