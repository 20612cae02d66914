import type { Inspection } from '../bundle/inspect/index.js';
import type { Place } from '../errors.js';
import type { FetchAttempt } from '../net/index.js';
import type { Paint } from './terminal.js';

/** What the text and the JSON of one inspected input are made from. */
export interface InspectReport extends Inspection {
  /** The name of the input. */
  readonly input: string;
  /** What `--fetch-chain` tried. */
  readonly fetched?: readonly FetchAttempt[] | undefined;
}

export interface Page {
  readonly width: number;
  readonly paint: Paint;
  readonly now: Date;
}

export function keyWords(type: string, size: number | string | undefined): string {
  const name = /^(?:ed|x)\d/.test(type) ? type.charAt(0).toUpperCase() + type.slice(1) : type.toUpperCase();
  return size === undefined ? name : `${name} ${size}`;
}

/** Where it stands, without the name of the input. */
export function placeWords({ block, line }: Place): string {
  if (line === undefined) return block === undefined ? '' : `block ${block}`;
  return block === undefined ? `line ${line}` : `block ${block}, line ${line}`;
}

export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
