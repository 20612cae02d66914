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
  const word = /^[a-z][a-z0-9-]*$/.test(type);
  const curve = /^(?:ed|x)\d/.test(type);
  const name = curve ? type.charAt(0).toUpperCase() + type.slice(1) : word ? type.toUpperCase() : type;
  return size === undefined ? name : `${name} ${size}`;
}

/**
 * Where it stands: `block 2, line 30`, before it the name of what holds it, where that is not the input itself (a
 * part of a JSON download, a file of `--key` or `--chain`).
 */
export function placeWords({ file = '', block, line }: Place, input: string): string {
  const parts = [
    file === input ? '' : file.startsWith(`${input} (`) ? file.slice(input.length + 2, -1) : file,
    block === undefined ? '' : `block ${block}`,
    line === undefined ? '' : `line ${line}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
