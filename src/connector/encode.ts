import { isUtf8 } from 'node:buffer';
import { SapcertError } from '../errors.js';
import { encodeMeasure, encodeText, type MakeId } from './measures.js';
import type { NdjsonLine } from './ndjson.js';
import type { Measure } from './types.js';

/** What can be sent: a measure, a message as it stands, or a line of a text of messages. */
export type Sendable = Measure | string | Uint8Array | NdjsonLine;

export interface Message {
  readonly payload: string | Buffer;
  /** The ids that acknowledgements will bear; none where none are waited for. */
  readonly ids: readonly string[];
}

const noIds: readonly string[] = [];

/**
 * Makes a message out of what is given.
 *
 * @param makeId for messages that are to be acknowledged and have no id; without it they go as they are
 * @returns what is wrong, where it is no message
 */
export function encode(item: Sendable, makeId: MakeId | undefined): Message | SapcertError {
  if (typeof item === 'string') return encodeBytes(item, undefined, makeId);
  if (item instanceof Uint8Array) return encodeBytes(item, undefined, makeId);
  if ('bytes' in item) return encodeLine(item, makeId);
  if (makeId !== undefined) return encodeMeasure(item, makeId);
  return { payload: JSON.stringify(item), ids: noIds };
}

function encodeLine({ line, bytes, defect }: NdjsonLine, makeId: MakeId | undefined): Message | SapcertError {
  if (defect !== undefined) return SapcertError.of([defect]);
  return encodeBytes(bytes, line, makeId);
}

function encodeBytes(
  content: string | Uint8Array,
  line: number | undefined,
  makeId: MakeId | undefined,
): Message | SapcertError {
  const payload = typeof content === 'string' ? content : asBuffer(content);
  if (makeId === undefined) return { payload, ids: noIds };
  const encoded =
    typeof payload === 'string' || isUtf8(payload) ? encodeText(payload.toString(), makeId) : undefined;
  return encoded ?? new SapcertError('file.malformed', 'not a JSON object', { place: { line } });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
