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
  return merge(events, mqtt);
}

/** A packet stands behind the bytes that brought it, also when more happened in the same moment. */
function merge(events: readonly WireEvent[], packets: readonly WireEvent[]): readonly WireEvent[] {
  const placed: { event: WireEvent; place: number }[] = events.map((event, place) => ({ event, place }));
  for (const event of packets) {
    const carrier = events.findLastIndex(
      ({ kind, at, from }) =>
        at === event.at && from === event.from && (kind === 'applicationData' || kind === 'plaintext'),
    );
    placed.push({ event, place: carrier < 0 ? events.length : carrier + 0.5 });
  }
  return placed.toSorted((a, b) => a.event.at - b.event.at || a.place - b.place).map(({ event }) => event);
}
