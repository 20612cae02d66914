import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { IPublishPacket } from 'mqtt-packet';
import {
  connectDevice,
  type ConnectDeviceOptions,
  type DeviceConnection,
  type ReconnectingInfo,
} from '../../src/connector/index.js';
import type { SapcertError } from '../../src/errors.js';
import { temporaryFolder } from '../support/temp.js';
import { until } from './support/processes.js';
import {
  accept,
  confirm,
  scriptedBroker,
  type Peer,
  type Script,
  type ScriptedBroker,
} from './support/scripted-broker.js';
import { makeWorld, type World } from './support/world.js';

const folder = temporaryFolder();
let world: World;
const open: { close: () => unknown }[] = [];

beforeAll(async () => {
  world = await makeWorld(folder);
});

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

interface Connected {
  readonly broker: ScriptedBroker;
  readonly connection: DeviceConnection;
}

async function connected(script: Script, options: ConnectDeviceOptions = {}): Promise<Connected> {
  const broker = await scriptedBroker(world, script);
  open.push(broker);
  const connection = await connectDevice({
    bundle: world.bundle,
    passphrase: world.secret,
    host: 'localhost',
    port: broker.port,
    ca: world.ca,
    profile: 'generic',
    reconnect: { minimumDelay: 10 },
    ...options,
  });
  open.push({ close: () => connection.close({ timeout: 0 }) });
  return { broker, connection };
}

const payloads = (broker: ScriptedBroker, number?: number): string[] =>
  broker.published
    .filter(({ connection }) => number === undefined || connection === number)
    .map(({ payload }) => payload.toString());

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

describe('what is under way', () => {
  test.each<[string, ConnectDeviceOptions, number]>([
    ['the window', { window: 7 }, 7],
    ["MQTT 5's Receive Maximum", { mqttVersion: '5', window: 50 }, 3],
    ['the smaller of the two', { mqttVersion: '5', window: 2 }, 2],
  ])('is never more than %s', async (_name, options, limit) => {
    let underWay = 0;
    let most = 0;
    const { connection } = await connected(
      {
        onConnect: (peer) => accept(peer, { receiveMaximum: 3 }),
        onPublish: (packet, peer) => {
          most = Math.max(most, ++underWay);
          setTimeout(() => {
            underWay -= 1;
            confirm(packet, peer);
          }, 2);
        },
      },
      options,
    );
    const summary = await connection.sendAll(numbers(limit * 3), { topic: 't' });
    expect(summary.acknowledged).toBe(limit * 3);
    expect(most).toBe(limit);
  });

  test('the source is read no faster than messages leave', async () => {
    let taken = 0;
    function* source(): Generator<string> {
      for (; taken < 100_000; taken += 1) yield 'x';
    }
    const { connection, broker } = await connected(
      { onPublish: () => undefined },
      { queueLimit: 50, window: 10 },
    );
    const controller = new AbortController();
    const sending = connection.sendAll(source(), { topic: 't', signal: controller.signal });
    await until(() => broker.published.length === 10);
    await sleep(50);
    expect(taken).toBeLessThan(70);
    expect(connection.pending).toBeLessThan(70);
    controller.abort();
    await expect(sending).rejects.toMatchObject({ code: 'interrupted' });
    expect(connection.pending).toBe(0);
  });

  test('a full queue refuses more, until it is ready again', async () => {
    const held: (() => void)[] = [];
    const { connection } = await connected(
      { onPublish: (packet, peer) => held.push(() => confirm(packet, peer)) },
      { queueLimit: 5, window: 1 },
    );
    const sent = numbers(5).map((text) => connection.publish('t', text));
    await until(() => held.length === 1);
    sent.push(connection.publish('t', '5'));
    await expect(connection.publish('t', 'too many')).rejects.toMatchObject({ code: 'queue.full' });
    const ready = connection.ready();
    while (connection.pending > 0) {
      held.shift()?.();
      await sleep(2);
    }
    await ready;
    await expect(Promise.all(sent)).resolves.toHaveLength(6);
  });

  test('a source that waits can be interrupted', async () => {
    async function* endless(): AsyncGenerator<string> {
      yield 'one';
      await new Promise(() => undefined);
    }
    const { connection, broker } = await connected({});
    const controller = new AbortController();
    const sending = connection.sendAll(endless(), { topic: 't', signal: controller.signal });
    await until(() => broker.published.length === 1);
    controller.abort();
    await expect(sending).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('many can wait with one signal', async () => {
    const warnings: string[] = [];
    const onWarning = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', onWarning);
    const { connection } = await connected({ onPublish: () => undefined });
    const controller = new AbortController();
    const { signal } = controller;
    const sent = Promise.allSettled(numbers(50).map((text) => connection.publish('t', text, { signal })));
    await sleep(20);
    controller.abort();
    const codes = (await sent).map(
      (result) => result.status === 'rejected' && (result.reason as SapcertError).code,
    );
    process.off('warning', onWarning);
    expect(new Set(codes)).toEqual(new Set(['interrupted']));
    expect(warnings).toEqual([]);
  });

  test('what the source or onResult throws ends it', async () => {
    const { connection } = await connected({});
    function* broken(): Generator<string> {
      yield 'one';
      throw new Error('no more input');
    }
    await expect(connection.sendAll(broken(), { topic: 't' })).rejects.toThrow('no more input');
    const onResult = (): void => {
      throw new Error('disk full');
    };
    await expect(connection.sendAll(numbers(10), { topic: 't', onResult })).rejects.toThrow('disk full');
    await expect(connection.publish('t', 'still there')).resolves.toMatchObject({ from: 'broker' });
  });
});

describe('when the connection is lost', () => {
  /** Confirms the first `count` of each connection and then drops it, but for the last connection. */
  const dropAfter = (count: number, connections: number): Script => {
    const seen = new Map<number, number>();
    return {
      onPublish: (packet, peer) => {
        const number = (seen.get(peer.number) ?? 0) + 1;
        seen.set(peer.number, number);
        if (number <= count || peer.number > connections) confirm(packet, peer);
        else peer.socket.end();
      },
    };
  };

  test('what was not confirmed is sent again, in order and marked, and nothing else', async () => {
    const { connection, broker } = await connected(dropAfter(5, 1), { window: 10 });
    const summary = await connection.sendAll(numbers(20), { topic: 't' });
    expect(summary.acknowledged).toBe(20);
    expect(payloads(broker, 2)).toEqual(numbers(20).slice(5));
    const sentBefore = payloads(broker, 1).length;
    const marked = broker.published.filter(({ connection: number, dup }) => number === 2 && dup);
    expect(marked.length).toBeGreaterThanOrEqual(sentBefore - 5);
    expect(marked.length).toBeLessThanOrEqual(10);
    expect(new Set(payloads(broker)).size).toBe(20);
  });

  test('one reconnects each time, and says so', async () => {
    const { connection } = await connected(dropAfter(3, 4), { window: 5 });
    const reasons: string[] = [];
    const reconnects: number[] = [];
    connection.on('reconnecting', ({ reason }) => reasons.push(reason.code));
    connection.on('connected', (info) => reconnects.push(info.reconnects));
    const summary = await connection.sendAll(numbers(40), { topic: 't' });
    expect(summary.acknowledged).toBe(40);
    expect(reasons).toHaveLength(4);
    expect(reasons.every((code) => code.startsWith('tcp.'))).toBe(true);
    expect(reconnects).toEqual([1, 2, 3, 4]);
  });

  test('what had arrived and was not acknowledged by the gateway is sent again when the session is gone', async () => {
    const acknowledge = (packet: IPublishPacket, peer: Peer): void => {
      const { measureMessageId: id } = JSON.parse(packet.payload.toString()) as { measureMessageId: string };
      const payload = JSON.stringify([{ id, code: 202, messages: [] }]);
      peer.send({ cmd: 'publish', topic: 'ack/pump-1', payload, qos: 0, dup: false, retain: false });
    };
    const { connection, broker } = await connected(
      {
        onPublish: (packet, peer) => {
          confirm(packet, peer);
          if (peer.number > 1) acknowledge(packet, peer);
          else setTimeout(() => peer.socket.destroy(), 20);
        },
      },
      { profile: 'sap-iot' },
    );
    const measure = { capabilityAlternateId: 'c', sensorAlternateId: 's', measures: [[1]] };
    await expect(connection.send(measure)).resolves.toMatchObject({ code: 202 });
    expect(broker.published.map(({ connection: number, dup }) => [number, dup])).toEqual([
      [1, false],
      [2, false],
    ]);
  });

  test('a session that the broker kept saves sending it again, and brings what came meanwhile', async () => {
    const later = (peer: Peer, id: string): void => {
      const payload = JSON.stringify([{ id, code: 200, messages: [] }]);
      peer.send({ cmd: 'publish', topic: 'ack/pump-1', payload, qos: 0, dup: false, retain: false });
    };
    const { connection, broker } = await connected(
      {
        onConnect: (peer) => {
          accept(peer, {}, peer.number > 1);
          if (peer.number > 1) later(peer, 'm');
        },
        onPublish: (packet, peer) => {
          confirm(packet, peer);
          setTimeout(() => peer.socket.destroy(), 20);
        },
      },
      { profile: 'sap-iot', session: 'persistent' },
    );
    const measure = {
      capabilityAlternateId: 'c',
      sensorAlternateId: 's',
      measures: [[1]],
      measureMessageId: 'm',
    };
    await expect(connection.send(measure)).resolves.toMatchObject({ id: 'm', code: 200 });
    expect(broker.published).toHaveLength(1);
    expect(broker.connects.map(({ clean }) => clean)).toEqual([false, false]);
  });

  test('in a session that was kept a message keeps its packet identifier', async () => {
    const { connection, broker } = await connected(
      {
        onConnect: (peer) => accept(peer, {}, peer.number > 1),
        onPublish: (packet, peer) => (peer.number > 1 ? confirm(packet, peer) : void peer.socket.destroy()),
      },
      { session: 'persistent', window: 1 },
    );
    await connection.publish('t', 'x');
    await connection.publish('t', 'y');
    const [first, second, third] = broker.published;
    expect(second).toMatchObject({ messageId: first?.messageId, dup: true });
    expect(third?.messageId).not.toBe(first?.messageId);
  });

  test('QoS 0 is never sent twice', async () => {
    const { connection, broker } = await connected({
      onPublish: (_packet, peer) => void peer.socket.destroy(),
    });
    const reconnected = once(connection, 'connected');
    await connection.publish('t', 'x', { qos: 0 });
    await reconnected;
    await sleep(50);
    expect(payloads(broker)).toEqual(['x']);
  });

  test('QoS 2 ends with PUBCOMP', async () => {
    const { connection, broker } = await connected({});
    await expect(connection.publish('t', 'x', { qos: 2 })).resolves.toMatchObject({ from: 'broker' });
    expect(broker.packets.map(({ cmd }) => cmd)).toEqual(['connect', 'publish', 'pubrel']);
  });

  test('commands are subscribed again', async () => {
    const { connection, broker } = await connected(
      { onPublish: (packet, peer) => (peer.number > 1 ? confirm(packet, peer) : void peer.socket.destroy()) },
      { profile: 'sap-iot', ack: false },
    );
    const subscriptions = (): string[] =>
      broker.packets.flatMap((packet) =>
        packet.cmd === 'subscribe' ? packet.subscriptions.map(({ topic }) => topic) : [],
      );
    connection.onCommand(() => undefined);
    await until(() => subscriptions().length === 1);
    await connection.publish('t', 'x');
    await until(() => subscriptions().length === 2);
    expect(subscriptions()).toEqual(['commands/pump-1', 'commands/pump-1']);
  });
});

describe('when one gives up', () => {
  test('reconnect: false ends at the first loss, and with it everything under way', async () => {
    const { connection } = await connected(
      { onPublish: (_packet, peer) => void peer.socket.destroy() },
      { reconnect: false },
    );
    const ended = once(connection, 'disconnected');
    await expect(connection.sendAll(numbers(500), { topic: 't' })).rejects.toMatchObject({
      code: 'tcp.closed',
    });
    const [reason] = (await ended) as [SapcertError];
    expect(reason.code).toBe('tcp.closed');
    await expect(connection.publish('t', 'x')).rejects.toMatchObject({ code: 'tcp.closed' });
    expect(connection.pending).toBe(0);
  });

  test('refusals in a row', async () => {
    const { connection, broker } = await connected(
      {
        onConnect: (peer) => {
          if (peer.number === 1) accept(peer);
          else peer.send({ cmd: 'connack', sessionPresent: false, returnCode: 5 });
        },
        onPublish: (_packet, peer) => void peer.socket.destroy(),
      },
      { reconnect: { minimumDelay: 1, maximumRefusals: 2 } },
    );
    await expect(connection.publish('t', 'x')).rejects.toMatchObject({ code: 'mqtt.not-authorized' });
    expect(broker.connects).toHaveLength(3);
  });

  test('a time without a connection', async () => {
    const { connection, broker } = await connected(
      {},
      { reconnect: { minimumDelay: 20, maximumDelay: 20, giveUpAfter: 200 } },
    );
    const attempts: ReconnectingInfo[] = [];
    connection.on('reconnecting', (info) => attempts.push(info));
    const ended = once(connection, 'disconnected');
    broker.close();
    const [reason] = (await ended) as [SapcertError];
    expect(reason.code).toBe('tcp.refused');
    expect(attempts.length).toBeGreaterThan(3);
    expect(attempts.map(({ attempt }) => attempt)).toEqual(attempts.map((_, index) => index + 1));
  });

  test('a session that another client takes over is not taken back', async () => {
    const { connection, broker } = await connected(
      {
        onPublish: (_packet, peer) => {
          peer.send({ cmd: 'disconnect', reasonCode: 0x8e, properties: { reasonString: 'other' } });
          peer.socket.end();
        },
      },
      { mqttVersion: '5' },
    );
    await expect(connection.publish('t', 'x')).rejects.toMatchObject({
      code: 'mqtt.session-taken-over',
      message: expect.stringContaining('("other")') as unknown,
    });
    expect(broker.connects).toHaveLength(1);
  });

  test('the first connection is tried again only when asked', async () => {
    const script = (): Script => ({
      onConnect: (peer) => (peer.number < 3 ? void peer.socket.destroy() : accept(peer)),
    });
    await expect(connected(script())).rejects.toMatchObject({ code: 'mqtt.closed-before-connack' });
    const { broker } = await connected(script(), { reconnect: { minimumDelay: 1, first: true } });
    expect(broker.connects).toHaveLength(3);
  });
});

describe('a broker that does not confirm', () => {
  test('anything: one connects anew, and gives up after three times', async () => {
    const { connection, broker } = await connected({ onPublish: () => undefined }, { pubackTimeout: 60 });
    await expect(connection.publish('t', 'x')).rejects.toMatchObject({
      code: 'mqtt.no-puback',
      message: 'the broker did not confirm a message within 0.06 s, and was sent 3 times',
    });
    expect(broker.connects.length).toBeGreaterThanOrEqual(3);
    expect(broker.published.map(({ dup }) => dup)).toEqual([false, true, true]);
  });

  test('now and then: all arrive, and only what was not confirmed is sent again', async () => {
    let count = 0;
    const dropped: string[] = [];
    const { connection, broker } = await connected(
      {
        onPublish: (packet, peer) => {
          count += 1;
          if (!packet.dup && count % 100 === 50) dropped.push(packet.payload.toString());
          else confirm(packet, peer);
        },
      },
      { pubackTimeout: 150, window: 20 },
    );
    const summary = await connection.sendAll(numbers(500), { topic: 't' });
    expect(summary.acknowledged).toBe(500);
    const sends = new Map<string, number>();
    for (const text of payloads(broker)) sends.set(text, (sends.get(text) ?? 0) + 1);
    expect(sends.size).toBe(500);
    expect(dropped.length).toBeGreaterThan(2);
    expect(dropped.every((text) => (sends.get(text) ?? 0) > 1)).toBe(true);
    // Each new connection sends again at most what was under way.
    expect(payloads(broker).length - 500).toBeLessThanOrEqual((broker.connects.length - 1) * 20);
  });

  test('slowly, one after the other: nothing is sent twice', async () => {
    const queue: (() => void)[] = [];
    const timer = setInterval(() => queue.shift()?.(), 15);
    const { connection, broker } = await connected(
      { onPublish: (packet, peer) => queue.push(() => confirm(packet, peer)) },
      { pubackTimeout: 1000 },
    );
    const summary = await connection.sendAll(numbers(100), { topic: 't' });
    clearInterval(timer);
    expect(summary.acknowledged).toBe(100);
    expect(payloads(broker)).toEqual(numbers(100));
    expect(broker.connects).toHaveLength(1);
  });

  test('a message that ends every connection is given up, and what is behind it arrives', async () => {
    const { connection, broker } = await connected(
      {
        onPublish: (packet, peer) =>
          packet.payload.toString() === 'poison' ? void peer.socket.destroy() : confirm(packet, peer),
      },
      { reconnect: { minimumDelay: 1 } },
    );
    const items = [...numbers(30), 'poison', ...numbers(60).slice(30)];
    const failed: string[] = [];
    const summary = await connection.sendAll(items, {
      topic: 't',
      onResult: (result) => {
        if (result.outcome !== 'acknowledged')
          failed.push(`${result.item} ${result.outcome} ${result.error.code}`);
      },
    });
    expect(summary.acknowledged).toBe(60);
    expect(failed).toEqual(['poison refused mqtt.publish-refused']);
    expect(payloads(broker).filter((text) => text === 'poison').length).toBeLessThanOrEqual(12);
  });
});

describe("the broker's own limits", () => {
  const five = { mqttVersion: '5' } as const;

  test.each<[string, Record<string, unknown>, string, number]>([
    ['too large', { maximumPacketSize: 100 }, 'mqtt.packet-too-large', 1],
    ['QoS', { maximumQoS: 1 }, 'mqtt.qos-refused', 2],
  ])('%s: refused before it is sent', async (_name, properties, code, qos) => {
    const { connection, broker } = await connected({ onConnect: (peer) => accept(peer, properties) }, five);
    await expect(connection.publish('t', 'x'.repeat(200), { qos: qos as 1 })).rejects.toMatchObject({ code });
    expect(broker.published).toHaveLength(0);
    await expect(connection.publish('t', 'x')).resolves.toMatchObject({ from: 'broker' });
  });

  test('a PUBACK that says no', async () => {
    const { connection } = await connected(
      { onPublish: ({ messageId = 0 }, { send }) => send({ cmd: 'puback', messageId, reasonCode: 0x97 }) },
      five,
    );
    await expect(connection.publish('t', 'x')).rejects.toMatchObject({
      code: 'mqtt.publish-refused',
      message: expect.stringContaining('0x97') as unknown,
    });
  });

  test("Cumulocity's", async () => {
    const { connection } = await connected({}, { profile: 'cumulocity' });
    await expect(connection.publish('s/us', 'x'.repeat(16_184))).rejects.toMatchObject({
      code: 'mqtt.packet-too-large',
    });
    await expect(connection.publish('s/us', 'x'.repeat(16_000))).resolves.toMatchObject({ from: 'broker' });
  });
});

describe('the end', () => {
  test('close waits for what is under way', async () => {
    const { connection, broker } = await connected({
      onPublish: (packet, peer) => void setTimeout(() => confirm(packet, peer), 100),
    });
    const sent = connection.publish('t', 'x');
    await sleep(10);
    await connection.close();
    await expect(sent).resolves.toMatchObject({ from: 'broker' });
    await until(() => broker.packets.at(-1)?.cmd === 'disconnect');
    await expect(connection.publish('t', 'y')).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('but not for ever', async () => {
    const { connection } = await connected({ onPublish: () => undefined });
    const sent = connection.publish('t', 'x');
    const outcome = sent.catch((error: unknown) => error);
    await connection.close({ timeout: 50 });
    await expect(outcome).resolves.toMatchObject({
      code: 'interrupted',
      message: 'the connection was closed',
    });
    expect(connection.state).toBe('disconnected');
  });

  test('it can be asked for twice, and while there is no connection', async () => {
    const { connection, broker } = await connected({}, { reconnect: { minimumDelay: 10_000 } });
    const lost = once(connection, 'reconnecting');
    broker.close();
    await lost;
    await Promise.all([connection.close(), connection.close()]);
    expect(connection.state).toBe('disconnected');
  });
});

describe('acknowledgements without an id', () => {
  test('go to the oldest measure of the same sensor and capability', async () => {
    const waiting: string[] = [];
    const { connection } = await connected(
      {
        onPublish: (packet, peer) => {
          confirm(packet, peer);
          const { sensorAlternateId } = JSON.parse(packet.payload.toString()) as Record<string, string>;
          waiting.unshift(sensorAlternateId ?? '');
          if (waiting.length < 3) return;
          for (const sensor of waiting) {
            const code = sensor === 'b' ? 400 : 200;
            const payload = JSON.stringify({ capabilityAlternateId: 'c', sensorAlternateId: sensor, code });
            peer.send({ cmd: 'publish', topic: 'ack/pump-1', payload, qos: 0, dup: false, retain: false });
          }
        },
      },
      { profile: 'sap-iot' },
    );
    const measure = (sensorAlternateId: string) => ({
      capabilityAlternateId: 'c',
      sensorAlternateId,
      measures: [[1]],
    });
    const results = await Promise.allSettled(
      ['a', 'b', 'a'].map((sensor) => connection.send(measure(sensor))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
