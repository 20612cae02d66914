import type {
  IConnackPacket,
  IDisconnectPacket,
  IPubackPacket,
  IPubrecPacket,
  ISubackPacket,
} from 'mqtt-packet';
import { reasonCode, returnCode } from '../../catalogue/index.js';
import type { ConnackFacts, ReasonFacts } from '../facts/index.js';
import { printable } from '../printable.js';
import type { ProtocolLevel } from './mqtt-session.js';

/** The code of a CONNACK, under the name that its protocol version gives it, with all that came along. */
export function connackFacts(packet: IConnackPacket, level: ProtocolLevel): ConnackFacts {
  const code = packet.reasonCode ?? packet.returnCode ?? 0xff;
  const { reasonString, ...properties } = packet.properties ?? {};
  return {
    ...reasonFacts(code, codeName(code, level), reasonString),
    sessionPresent: packet.sessionPresent,
    properties: plainProperties(properties),
  };
}

/** An MQTT 5 client may get a 3.1.1 answer (1 to 5), and the other way round (0x80 and above). */
function codeName(code: number, level: ProtocolLevel): string {
  const old = code < 0x80 ? returnCode(code)?.name : undefined;
  const name = level === 5 && code === 0 ? 'Success' : (old ?? reasonCode(code)?.name);
  return name ?? 'a code that the standard does not have';
}

export function subackFacts(packet: ISubackPacket, level: ProtocolLevel): ReasonFacts {
  const { granted, properties } = packet;
  const [first] = granted;
  const code = typeof first === 'number' ? first : 0x80;
  const name = level === 4 && code === 0x80 ? 'Failure' : (reasonCode(code)?.name ?? 'unknown');
  return reasonFacts(code, name, properties?.reasonString);
}

export function confirmationFacts(packet: IPubackPacket | IPubrecPacket): ReasonFacts {
  const { reasonCode: code = 0, properties } = packet;
  return reasonFacts(code, reasonCode(code)?.name ?? 'unknown', properties?.reasonString);
}

export function disconnectFacts(
  packet: IDisconnectPacket,
): ReasonFacts & { readonly serverReference?: string } {
  const code = packet.reasonCode ?? 0;
  const { reasonString, serverReference } = packet.properties ?? {};
  const name = code === 0 ? 'Normal disconnection' : (reasonCode(code)?.name ?? 'unknown');
  return {
    ...reasonFacts(code, name, reasonString),
    ...(serverReference === undefined ? {} : { serverReference: printable(serverReference) }),
  };
}

function reasonFacts(code: number, name: string, reasonString: string | undefined): ReasonFacts {
  return { code, name, ...(reasonString === undefined ? {} : { reasonString: printable(reasonString) }) };
}

/** User properties become `user: name`; authentication data is left out. */
function plainProperties(properties: object): ConnackFacts['properties'] {
  const plain: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(properties) as [string, unknown][]) {
    if (typeof value === 'string') plain[name] = printable(value);
    if (typeof value === 'number' || typeof value === 'boolean') plain[name] = value;
    if (name === 'userProperties' && typeof value === 'object' && value !== null) {
      for (const [key, text] of Object.entries(value).slice(0, 20))
        plain[`user: ${printable(key)}`] = printable(String(text));
    }
  }
  return plain;
}
