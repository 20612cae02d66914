import { decodeWire } from './decode.js';
import type { WireEvent } from './events.js';
import { decodeMqtt } from './mqtt/decode.js';
import type { WireRecording } from './recording.js';

/** All events of a connection by time, those of MQTT among them (see `decodeWire` for the parameters). */
export async function traceConnection(
  recording: WireRecording,
  keylog: readonly string[] = [],
): Promise<readonly WireEvent[]> {
  const { events, plaintext } = decodeWire(recording, keylog);
  const mqtt = await decodeMqtt(plaintext);
  return [...events, ...mqtt].toSorted((a, b) => a.at - b.at);
}
