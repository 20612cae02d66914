import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Recorder, type WireRecording } from '../../src/wire/recording.js';

export interface Relay {
  readonly port: number;
  /** One for each connection, in their order. */
  readonly recordings: readonly WireRecording[];
  readonly stop: () => void;
}

/** Stands between any client and any server and records what they say. */
export async function relayTo(target: number): Promise<Relay> {
  const recordings: WireRecording[] = [];
  const server = createServer((inbound) => {
    const recorder = new Recorder();
    recordings.push(recorder);
    const outbound = connect({ port: target, host: '127.0.0.1' });
    recorder.connected(undefined, undefined);
    for (const [from, to, side] of [
      [inbound, outbound, 'client'],
      [outbound, inbound, 'server'],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        recorder.data(side, chunk);
        to.write(chunk);
      });
      from.on('end', () => {
        recorder.fin(side);
        to.end();
      });
      from.on('error', () => to.destroy());
    }
    inbound.once('close', () => recorder.closed());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, recordings, stop: () => server.close() };
}
