import { randomBytes } from 'node:crypto';
import { isRecord } from './acknowledgements.js';
import type { Measure } from './types.js';

/** A message ready to be published, and the ids that its acknowledgements will bear. */
export interface Encoded {
  readonly payload: string;
  readonly ids: readonly string[];
}

export type MakeId = () => string;

/** Ids that are short and differ from those of any other connection. */
export function idMaker(): MakeId {
  const prefix = randomBytes(5).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `${prefix}-${count.toString(36)}`;
  };
}

/** Gives the measure an id where it has none. */
export function encodeMeasure(measure: Measure, makeId: MakeId): Encoded {
  const id = measure.measureMessageId ?? makeId();
  return { payload: JSON.stringify({ ...measure, measureMessageId: id }), ids: [id] };
}

/**
 * Gives a message that is JSON text already an id where it has none, and leaves the rest of the text as it is.
 * An array is several messages in one.
 *
 * @returns `undefined` if it is neither a JSON object nor an array of them
 */
export function encodeText(text: string, makeId: MakeId): Encoded | undefined {
  const json = parse(text);
  if (Array.isArray(json)) return encodeList(json, makeId);
  if (!isRecord(json)) return undefined;
  const given = idOf(json);
  if (given !== undefined) return { payload: text, ids: [given] };
  const id = makeId();
  if ('measureMessageId' in json)
    return { payload: JSON.stringify({ ...json, measureMessageId: id }), ids: [id] };
  const inside = text.indexOf('{') + 1;
  const comma = Object.keys(json).length === 0 ? '' : ',';
  return { payload: `{"measureMessageId":"${id}"${comma}${text.slice(inside)}`, ids: [id] };
}

function encodeList(list: readonly unknown[], makeId: MakeId): Encoded | undefined {
  if (list.length === 0 || !list.every(isRecord)) return undefined;
  const messages = list.map((message) => ({ ...message, measureMessageId: idOf(message) ?? makeId() }));
  return { payload: JSON.stringify(messages), ids: messages.map(({ measureMessageId }) => measureMessageId) };
}

function idOf(message: Readonly<Record<string, unknown>>): string | undefined {
  const id = message['measureMessageId'];
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

function parse(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}
