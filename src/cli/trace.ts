import type { RecordedConnection, Trace } from '../check/index.js';
import { writeFiles } from '../files/index.js';
import { type Arguments, flag } from './options.js';
import { printWarnings } from './report.js';
import type { Terminal } from './terminal.js';

export type { Trace } from '../check/index.js';

/** Every connection of a check as a ladder of messages. */
export async function traceOf(connections: readonly RecordedConnection[]): Promise<readonly Trace[]> {
  const { ladderRows, traceConnection } = await import('../wire/index.js');
  const { tlsAlert } = await import('../catalogue/index.js');
  const explanations = {
    explainAlert: (number: number) => tlsAlert(number)?.explanation,
  };
  return Promise.all(
    connections.map(async ({ label, recording, keylog }) => ({
      connection: label,
      rows: ladderRows(await traceConnection(recording, keylog), explanations),
    })),
  );
}

export async function renderTrace(trace: readonly Trace[], width: number): Promise<string> {
  const { renderLadder } = await import('../wire/index.js');
  return trace
    .map(({ connection, rows }) => `${titleOf(connection)}\n${renderLadder(rows, width)}\n`)
    .join('\n');
}

function titleOf(connection: string): string {
  return connection === 'first-pass' ? 'the connection' : `experiment ${connection}`;
}

/** Writes the capture; with its secrets it is as confidential as what was said. */
export async function writeCapture(
  path: string,
  connections: readonly RecordedConnection[],
  args: Arguments,
  terminal: Terminal,
): Promise<void> {
  const { writePcapng } = await import('../wire/index.js');
  const withSecrets = !flag(args, 'pcap-no-secrets');
  const data = writePcapng(
    connections.map(({ recording, keylog }) => ({
      recording,
      keylog: withSecrets ? keylog : undefined,
      serverPort: mqttPort,
    })),
  );
  writeFiles([{ path, data, secret: true }], { overwrite: flag(args, 'overwrite') });
  const secrets = withSecrets
    ? 'it holds the TLS secrets of these connections, so whoever has it reads all that was sent'
    : 'without TLS secrets: what was encrypted stays encrypted';
  const synthetic = `the TCP layer is synthesised, with ${mqttPort} as the server's port`;
  printWarnings([{ code: 'capture.written', message: `${path}: ${secrets}; ${synthetic}` }], terminal);
}

/** Wireshark looks for MQTT inside TLS on this port. */
const mqttPort = 8883;
