import { Duplex } from 'node:stream';
import type { Aedes, Client } from 'aedes';
import { generate } from 'mqtt-packet';

/**
 * Every `everyMs` milliseconds somebody else connects with the id of each device that is there, so that the
 * broker ends the first connection [MQTT-3.1.4-2], and leaves again.
 */
export function takeOver(aedes: Aedes, everyMs: number): NodeJS.Timeout {
  const present = new Set<string>();
  const rivals = new WeakSet<object>();
  const isRival = ({ conn }: Client): boolean => rivals.has(conn);
  aedes.on('clientReady', (client) => void (isRival(client) || present.add(client.id)));
  aedes.on('clientDisconnect', (client) => void (isRival(client) || present.delete(client.id)));
  return setInterval(() => {
    for (const clientId of present) {
      const rival = rivalConnection(clientId);
      rivals.add(rival);
      aedes.handle(rival);
      setTimeout(() => rival.destroy(), 100).unref();
    }
  }, everyMs);
}

function rivalConnection(clientId: string): Duplex {
  const connection = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  connection.push(
    generate({ cmd: 'connect', clientId, protocolId: 'MQTT', protocolVersion: 4, clean: true }),
  );
  return connection;
}
