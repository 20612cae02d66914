/** What of JSON Schema (draft 2020-12) the schema of the report uses. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly oneOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/**
 * Where a document departs from its schema first, as a path such as `stages/3/facts/alpn`, which names members of
 * the schema only; empty for the document itself. `undefined`: it conforms. Members that the schema does not have
 * are let pass, for a newer version may have written them.
 */
export function departure(value: unknown, schema: object): string | undefined {
  const { $defs = {} } = schema as Schema;
  return new Conformance($defs).departure(value, schema, [])?.join('/');
}

type Path = readonly (string | number)[];

class Conformance {
  constructor(private readonly definitions: Readonly<Record<string, Schema>>) {}

  departure(value: unknown, schema: Schema, path: Path): Path | undefined {
    const known = this.resolve(schema);
    if (!isAllowed(value, known)) return path;
    return (
      this.choice(value, known, path) ??
      (Array.isArray(value) ? this.items(value, known, path) : undefined) ??
      (isObject(value) ? this.members(value, known, path) : undefined)
    );
  }

  private resolve(schema: Schema): Schema {
    const { $ref } = schema;
    return $ref === undefined ? schema : (this.definitions[$ref.replace('#/$defs/', '')] ?? {});
  }

  private choice(value: unknown, schema: Schema, path: Path): Path | undefined {
    if (schema.if !== undefined) {
      const holds = this.departure(value, schema.if, path) === undefined;
      return this.departure(value, (holds ? schema.then : schema.else) ?? {}, path);
    }
    const departures = schema.oneOf?.map((one) => this.departure(value, one, path)) ?? [];
    if (departures.length === 0 || departures.includes(undefined)) return undefined;
    // Who got furthest is the one that was meant.
    return departures.toSorted((a, b) => (b?.length ?? 0) - (a?.length ?? 0))[0];
  }

  private items(values: readonly unknown[], { items, ...limits }: Schema, path: Path): Path | undefined {
    const { minItems = 0, maxItems = Infinity } = limits;
    if (values.length < minItems || values.length > maxItems) return path;
    if (items === undefined) return undefined;
    return first(values.entries(), ([index, value]) => this.departure(value, items, [...path, index]));
  }

  private members(value: JsonObject, schema: Schema, path: Path): Path | undefined {
    const { required = [], properties = {}, additionalProperties } = schema;
    const missing = required.find((name) => !Object.hasOwn(value, name));
    if (missing !== undefined) return [...path, missing];
    return first(Object.entries(value), ([name, member]) => {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (known !== undefined) return this.departure(member, known, [...path, name]);
      return typeof additionalProperties === 'object'
        ? this.departure(member, additionalProperties, path)
        : undefined;
    });
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

function isAllowed(value: unknown, schema: Schema): boolean {
  const { type, pattern, minimum } = schema;
  if (type !== undefined && ![type].flat().includes(typeOf(value))) return false;
  if ('const' in schema && value !== schema.const) return false;
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (pattern !== undefined && typeof value === 'string' && !new RegExp(pattern, 'u').test(value))
    return false;
  return typeof value !== 'number' || (Number.isFinite(value) && value >= (minimum ?? -Infinity));
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}

function isObject(value: unknown): value is JsonObject {
  return typeOf(value) === 'object';
}

function first<Item, Found>(
  items: Iterable<Item>,
  find: (item: Item) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
