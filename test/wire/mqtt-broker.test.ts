import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mqttPacket, { type Packet } from 'mqtt-packet';
import type { WireEvent } from '../../src/wire/index.js';
import { describeWithPeer } from '../support/peers.js';
import { attempt, settled, type Attempt } from './connection.js';
import { mosquitto, type Broker } from './mosquitto-broker.js';
import { makePki } from './pki.js';

const secret = 'correct horse battery staple';

function generate(version: 4 | 5, packet: Packet): Buffer {
  return mqttPacket.generate(packet, { protocolVersion: version });
}

function types(events: readonly WireEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'mqtt' ? [event.packet.type] : []));
}

describeWithPeer(['openssl', 'mosquitto'], 'MQTT inside TLS, with a real mosquitto', () => {
  const pki = makePki();
  let broker: Broker;

  beforeAll(async () => {
    const files = ['cafile ca.crt', 'certfile server.crt', 'keyfile server.key'];
    broker = await mosquitto(pki.dir, [...files, 'require_certificate true', 'allow_anonymous true']);
  });
  afterAll(async () => broker.stop());

  async function open(version: 'TLSv1.2' | 'TLSv1.3'): Promise<Attempt> {
    const one = attempt(broker.port, {
      ca: pki.read('ca.crt'),
      cert: pki.read('client.chain.crt'),
      key: pki.read('client.key'),
      maxVersion: version,
    });
    await settled(one);
    return one;
  }

  /** Waits until so many packets have gone over the wire, and says which. */
  async function packets(one: Attempt, count: number): Promise<string[]> {
    for (const deadline = Date.now() + 10_000; ;) {
      const seen = types(await one.trace());
      if (seen.length >= count || Date.now() > deadline) return seen;
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  }

  test.each([
    ['TLSv1.2', 4],
    ['TLSv1.3', 5],
  ] as const)('%s, MQTT version %i: connected, subscribed, published', async (tls, version) => {
    const one = await open(tls);
    const options = version === 5 ? { nl: false, rap: false, rh: 0 } : {};
    const credentials = { username: 'u', password: Buffer.from(secret) };
    const connect = {
      cmd: 'connect',
      protocolId: 'MQTT',
      clean: true,
      clientId: 'd',
      keepalive: 60,
    } as const;
    const publish = { cmd: 'publish', messageId: 2, qos: 1, dup: false, retain: false } as const;

    one.secure.write(generate(version, { ...connect, protocolVersion: version, ...credentials }));
    expect(await packets(one, 2)).toEqual(['connect', 'connack']);
    const subscriptions = [{ topic: 't', qos: 1 as const, ...options }];
    one.secure.write(generate(version, { cmd: 'subscribe', messageId: 1, subscriptions }));
    expect(await packets(one, 4)).toEqual(['connect', 'connack', 'subscribe', 'suback']);
    one.secure.write(generate(version, { ...publish, topic: 't', payload: 'x' }));
    expect((await packets(one, 7)).slice(4).toSorted()).toEqual(['puback', 'publish', 'publish']);
    one.secure.end(generate(version, { cmd: 'disconnect' }));
    await one.closed;

    const events = await one.trace();
    expect(types(events).at(-1)).toBe('disconnect');
    expect(JSON.stringify(events)).not.toContain(secret);
    expect(events.filter(({ kind }) => kind === 'undecodable')).toEqual([]);
    const times = events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
