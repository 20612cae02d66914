import { connectionReasons } from './connection.js';
import { laterReasons } from './later.js';
import type { ReasonCode } from './row.js';

export type { ReasonCode } from './row.js';

const rows = [...connectionReasons, ...laterReasons].toSorted(([a], [b]) => a - b);

/** All reason codes of MQTT 5, ascending. */
export const reasonCodes: readonly ReasonCode[] = rows.map(
  ([code, name, packets, explanation, causes = [], remedy = []]) => ({
    code,
    name,
    packets: packets.split(' '),
    title: `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    explanation,
    causes,
    remedy,
    source: `MQTT 5.0 section 2.4, reason code 0x${code.toString(16).padStart(2, '0').toUpperCase()}`,
  }),
);

export function reasonCode(code: number): ReasonCode | undefined {
  return reasonCodes.find((row) => row.code === code);
}
