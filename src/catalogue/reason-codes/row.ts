import type { Entry } from '../entry.js';

/** A reason code of MQTT 5 with the packets that may carry it. */
export interface ReasonCode extends Entry {
  readonly code: number;
  /** The standard's own words. */
  readonly name: string;
  readonly packets: readonly string[];
}

export type ReasonRow = readonly [
  code: number,
  name: string,
  packets: string,
  explanation: string,
  causes?: readonly string[],
  remedy?: readonly string[],
];
