import { isRecord, parseJson } from './acknowledgements.js';
import type { DeviceCommand } from './types.js';

/** SAP's `{sensorAlternateId, capabilityAlternateId, command}` is taken apart; anything else is left as it is. */
export function parseCommand(topic: string, payload: Uint8Array): DeviceCommand {
  const json = parseJson(payload);
  if (!isRecord(json) || !('command' in json)) return { topic, payload };
  return {
    topic,
    payload,
    sensorAlternateId: textOf(json['sensorAlternateId']),
    capabilityAlternateId: textOf(json['capabilityAlternateId']),
    command: json['command'],
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
