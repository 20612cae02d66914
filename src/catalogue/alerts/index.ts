import { certificateAlerts } from './certificate.js';
import { protocolAlerts } from './protocol.js';
import type { TlsAlert } from './row.js';

export type { TlsAlert } from './row.js';

const rows = [...certificateAlerts, ...protocolAlerts].toSorted(([a], [b]) => a - b);

/** All alerts of TLS 1.2, TLS 1.3 and their extensions, ascending. */
export const tlsAlerts: readonly TlsAlert[] = rows.map(
  ([number, name, source, explanation, causes = [], remedy = []]) => ({
    number,
    name,
    title: `${name.replaceAll('_', ' ')} (TLS alert ${number})`,
    explanation,
    causes,
    remedy,
    source,
  }),
);

export function tlsAlert(number: number): TlsAlert | undefined {
  return tlsAlerts.find((row) => row.number === number);
}
