import { EventLog, type PlaintextChunk } from './event-log.js';
import type { WireEvent } from './events.js';
import { classifyPlaintext, textSample } from './plaintext.js';
import type { Side, WireEntry, WireRecording } from './recording.js';
import type { Flow } from './tls/flow.js';
import { parseKeylog } from './tls/keylog.js';
import { TlsSession } from './tls/session.js';

export interface DecodedWire {
  readonly events: readonly WireEvent[];
  /** What both sides said, decrypted. It may hold passwords: never print or keep it. */
  readonly plaintext: readonly PlaintextChunk[];
}

/**
 * Reads a recording. Works at any time, also while the connection lives, and always from the start.
 * @param keylog Lines as of the `keylog` event of Node's TLS socket. What they do not open stays an
 *   `encryptedRecord`.
 */
export function decodeWire(recording: WireRecording, keylog: readonly string[] = []): DecodedWire {
  const log = new EventLog();
  const session = new TlsSession(parseKeylog(keylog), log);
  let connected = false;
  for (const entry of recording.entries) {
    if (log.full) break;
    if (entry.kind === 'data') session.receive(entry.from, entry.at, entry.bytes);
    else log.add(tcpEvent(entry, recording, connected));
    connected ||= entry.kind === 'connect';
  }
  addUnspent(session.flows.client, recording, log);
  addUnspent(session.flows.server, recording, log);
  if (recording.cut) log.add({ kind: 'recordingCut', at: lastAt(recording), from: 'client', bytes: 0 });
  return { events: log.sorted(), plaintext: log.plaintext };
}

const resets: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

function tcpEvent(
  entry: Exclude<WireEntry, { kind: 'data' }>,
  { local, remote }: WireRecording,
  connected: boolean,
): WireEvent {
  const seen = { at: entry.at, bytes: 0 };
  switch (entry.kind) {
    case 'connect':
      return { kind: 'tcpConnect', ...seen, from: 'client', ms: entry.at, local, remote };
    case 'fin':
      return { kind: 'fin', ...seen, from: entry.from };
    case 'error': {
      const kind = connected && resets.has(entry.code) ? 'rst' : 'tcpError';
      return { kind, ...seen, from: 'server', code: entry.code };
    }
    case 'close':
      break;
  }
  return { kind: 'close', ...seen, from: entry.by };
}

/** What one side began to say and did not finish, or said in another language than TLS. */
function addUnspent(flow: Flow, { elapsed, cut }: WireRecording, log: EventLog): void {
  const { from, lastAt: at } = flow;
  if (flow.spokenAt !== undefined) {
    log.add({ kind: 'plaintext', at: flow.spokenAt, from, ...spokenFacts(from, flow.spoken) });
  }
  // Where the recording was cut, the rest is missing here and not on the wire.
  if (cut) return;
  const silentFor = elapsed - at;
  const record = flow.records.rest();
  const message = flow.messages.rest();
  if (record !== undefined)
    log.add({ kind: 'partialRecord', at, from, bytes: record.have, ...record, silentFor });
  else if (message !== undefined) {
    log.add({ kind: 'partialMessage', at, from, bytes: message.have, ...message, silentFor });
  }
}

function spokenFacts(from: Side, spoken: readonly Uint8Array[]) {
  const head = Buffer.concat(spoken.slice(0, 256)).subarray(0, 256);
  return {
    bytes: spoken.reduce((sum, { length }) => sum + length, 0),
    protocol: classifyPlaintext(head) ?? ('unknown' as const),
    sample: from === 'server' ? textSample(head) : '',
  };
}

function lastAt({ entries }: WireRecording): number {
  return entries.at(-1)?.at ?? 0;
}
