/** Building blocks of the JSON Schema (draft 2020-12). */
export const text = { type: 'string' } as const;
export const number = { type: 'number', minimum: 0 } as const;
export const flag = { type: 'boolean' } as const;
export const isoTime = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`,
} as const;
export const texts = { type: 'array', items: text } as const;

export function object(
  required: Readonly<Record<string, unknown>>,
  optional: Readonly<Record<string, unknown>> = {},
): object {
  return {
    type: 'object',
    required: Object.keys(required),
    properties: { ...required, ...optional },
    additionalProperties: false,
  };
}

export function list(items: unknown): object {
  return { type: 'array', items };
}

export function oneOf(...values: readonly (string | number)[]): object {
  return { enum: values };
}
