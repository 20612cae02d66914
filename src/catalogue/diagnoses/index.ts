import type { DiagnosisCode } from '../../codes.js';
import type { Entry } from '../entry.js';
import { certificateEntries, chainEntries, fileEntries, keyEntries } from './file.js';
import { ackEntries, mqttEntries } from './mqtt.js';
import { dnsEntries, tcpEntries } from './network.js';
import { tlsClientEntries } from './tls-client.js';
import { tlsPortEntries } from './tls-port.js';
import { tlsServerEntries } from './tls-server.js';

/** The words of every diagnosis; the compiler sees to it that none is missing. */
export const diagnosisCatalogue: Readonly<Record<DiagnosisCode, Entry>> = {
  ...fileEntries,
  ...keyEntries,
  ...certificateEntries,
  ...chainEntries,
  ...dnsEntries,
  ...tcpEntries,
  ...tlsPortEntries,
  ...tlsServerEntries,
  ...tlsClientEntries,
  ...mqttEntries,
  ...ackEntries,
};

export function diagnosisEntry(code: DiagnosisCode): Entry {
  return diagnosisCatalogue[code];
}

export function isDiagnosisCode(text: string): text is DiagnosisCode {
  return Object.hasOwn(diagnosisCatalogue, text);
}
