import type { Acknowledgement } from './types.js';

/** One entry of what a gateway publishes on `ack/<device>`. */
export interface ReceivedAcknowledgement extends Acknowledgement {
  readonly from: 'application';
  readonly code: number;
  /** `capability/sensor` where it names them: older gateways give no id. */
  readonly sensor: string | undefined;
}

/** PUBACK, PUBCOMP, or with QoS 0 that it was written. */
export const brokerAcknowledgement: Acknowledgement = Object.freeze({
  from: 'broker',
  messages: [],
  provisional: false,
});

/**
 * Reads an acknowledgement of SAP's gateway: an object `{capabilityAlternateId, sensorAlternateId, code}` or an
 * array `[{id, code, messages}]`.
 *
 * @returns nothing for entries that are no acknowledgements
 */
export function parseAcknowledgements(payload: Uint8Array): ReceivedAcknowledgement[] {
  const json = parseJson(payload);
  const entries: readonly unknown[] = Array.isArray(json) ? json : [json];
  return entries.flatMap((entry) => {
    const read = readEntry(entry);
    return read === undefined ? [] : [read];
  });
}

/** 200 and 202 say yes; 202 says that it is processed later. */
export function isAccepted(acknowledgement: ReceivedAcknowledgement): boolean {
  return acknowledgement.code === 200 || acknowledgement.code === 202;
}

/** What tells the measures of one sensor and capability from others, or `undefined` if it is no such message. */
export function sensorOf(message: unknown): string | undefined {
  if (!isRecord(message)) return undefined;
  const { capabilityAlternateId, sensorAlternateId } = message;
  if (typeof capabilityAlternateId !== 'string' || typeof sensorAlternateId !== 'string') return undefined;
  return JSON.stringify([capabilityAlternateId, sensorAlternateId]);
}

export function parseJson(payload: Uint8Array): unknown {
  try {
    const json: unknown = JSON.parse(
      Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString(),
    );
    return json;
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readEntry(entry: unknown): ReceivedAcknowledgement | undefined {
  if (!isRecord(entry)) return undefined;
  const code = codeOf(entry['code']);
  if (code === undefined) return undefined;
  return {
    from: 'application',
    id: idOf(entry['id'] ?? entry['measureMessageId']),
    code,
    messages: messagesOf(entry['messages'] ?? entry['message']),
    provisional: code === 202,
    sensor: sensorOf(entry),
  };
}

function codeOf(code: unknown): number | undefined {
  const number = typeof code === 'string' && /^\d{1,9}$/.test(code) ? Number(code) : code;
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
}

function idOf(id: unknown): string | undefined {
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}

function messagesOf(messages: unknown): readonly string[] {
  if (messages === undefined || messages === null) return [];
  const list: readonly unknown[] = Array.isArray(messages) ? messages : [messages];
  return list.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
}
