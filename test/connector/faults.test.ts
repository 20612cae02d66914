import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { connectDevice, type ConnectDeviceOptions } from '../../src/connector/index.js';
import { liveMemory } from '../support/memory.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { mosquitto, subscriber } from './support/mosquitto.js';
import { until } from './support/processes.js';
import { proxyTo } from './support/proxy.js';
import { makeWorld, type World } from './support/world.js';

/** SAPCERT_SOAK=1: everything at full length. */
const soak = process.env['SAPCERT_SOAK'] === '1';
const folder = temporaryFolder();
let world: World;
const cleanUps: (() => unknown)[] = [];

if (soak) jest.setTimeout(300_000);

beforeAll(async () => {
  world = await makeWorld(folder);
});

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function optionsFor(port: number): ConnectDeviceOptions {
  const { bundle, secret: passphrase, ca } = world;
  const reconnect = { minimumDelay: 20, maximumDelay: 200 };
  return { bundle, passphrase, host: 'localhost', port, ca, profile: 'generic', reconnect };
}

const line = (number: number): string => `{"measures":[[${number}]]}`;

/** `count` lines; `at` is called with each hundredth of them. */
function* lines(count: number, at: (hundredth: number) => void = () => undefined): Generator<string> {
  const step = count / 100;
  for (let number = 0; number < count; number += 1) {
    if (number > 0 && number % step === 0) at(number / step);
    yield line(number);
  }
}

function occurrences(received: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const text of received) times.set(text, (times.get(text) ?? 0) + 1);
  return times;
}

describeWithPeer(['mosquitto', 'mosquitto_pub'], 'a device whose', () => {
  test('broker is killed and started again in mid-stream', async () => {
    const count = soak ? 100_000 : 10_000;
    const broker = await mosquitto(world);
    cleanUps.push(() => broker.kill());
    const connection = await connectDevice(optionsFor(broker.port));
    cleanUps.push(() => connection.close({ timeout: 0 }));
    const reasons: string[] = [];
    connection.on('reconnecting', ({ reason }) => reasons.push(reason.code));
    let restarts = 0;
    let busy: Promise<void> | undefined;
    const confirmed = new Set<string>();
    const summary = await connection.sendAll(
      lines(count, (hundredth) => {
        if (hundredth % 20 === 0)
          busy = (busy ?? Promise.resolve()).then(() => broker.restart()).then(() => void (restarts += 1));
      }),
      { topic: 't', onResult: ({ item, outcome }) => outcome === 'acknowledged' && confirmed.add(item) },
    );
    await busy;
    expect(summary).toEqual({ acknowledged: count, refused: 0, unanswered: 0, invalid: 0 });
    expect(confirmed.size).toBe(count);
    expect(restarts).toBe(4);
    expect(reasons.length).toBeGreaterThanOrEqual(1);
    expect(reasons.filter((code) => !/^tcp\.|^mqtt\.closed-before-connack$/.test(code))).toEqual([]);
  });

  test('connection is cut 20 times: every measure arrives, and memory stays flat', async () => {
    const count = soak ? 100_000 : 20_000;
    const window = 100;
    const broker = await mosquitto(world);
    const proxy = await proxyTo(broker.port);
    const observer = await subscriber(world, broker.port, 't');
    cleanUps.push(
      () => broker.kill(),
      () => proxy.close(),
      () => observer.stop(),
    );
    const connection = await connectDevice({ ...optionsFor(proxy.port), window });
    cleanUps.push(() => connection.close({ timeout: 0 }));
    const held: number[] = [];
    let resent = 0;
    connection.on('connected', ({ resending }) => (resent += resending));
    const summary = await connection.sendAll(
      lines(count, (hundredth) => {
        if (hundredth % 20 === 10) held.push(liveMemory());
        if (hundredth % 5 === 0 || hundredth === 99) setImmediate(proxy.cut);
      }),
      { topic: 't' },
    );
    expect(summary).toEqual({ acknowledged: count, refused: 0, unanswered: 0, invalid: 0 });
    await until(() => observer.received.includes(line(count - 1)));
    await sleep(100);
    const times = occurrences(observer.received);
    expect(times.size).toBe(count);
    expect(proxy.connections()).toBeGreaterThanOrEqual(20);
    // Nothing is sent twice without need: only what was under way when the connection was cut.
    expect(observer.received.length - count).toBeLessThanOrEqual(resent);
    expect(resent).toBeLessThanOrEqual((proxy.connections() - 1) * window);
    // The observer's copy of a measure takes some 250 bytes here; ours would take as many again if they stayed.
    const grown = (held.at(-1) ?? Infinity) - (held[0] ?? 0);
    expect(grown / (0.8 * count)).toBeLessThan(400);
  });

  test('connection is cut every few hundred milliseconds', async () => {
    const count = soak ? 50_000 : 3000;
    const broker = await mosquitto(world);
    const proxy = await proxyTo(broker.port, 5);
    const observer = await subscriber(world, broker.port, 't');
    const timer = setInterval(proxy.cut, 300);
    cleanUps.push(
      () => broker.kill(),
      () => proxy.close(),
      () => observer.stop(),
      () => clearInterval(timer),
    );
    const connection = await connectDevice(optionsFor(proxy.port));
    cleanUps.push(() => connection.close({ timeout: 0 }));
    // A measure now and then, as a device has them.
    async function* now(): AsyncGenerator<string> {
      for (const text of lines(count)) {
        if (Math.random() < 0.03) await sleep(20);
        yield text;
      }
    }
    const summary = await connection.sendAll(now(), { topic: 't' });
    clearInterval(timer);
    expect(summary.acknowledged).toBe(count);
    await until(() => occurrences(observer.received).size === count);
    expect(proxy.connections()).toBeGreaterThan(2);
  });

  test('network swallows everything for a while', async () => {
    const broker = await mosquitto(world);
    const proxy = await proxyTo(broker.port);
    cleanUps.push(
      () => broker.kill(),
      () => proxy.close(),
    );
    const connection = await connectDevice({
      ...optionsFor(proxy.port),
      pubackTimeout: 300,
      connectTimeout: 2000,
    });
    cleanUps.push(() => connection.close({ timeout: 0 }));
    await connection.publish('t', 'before');
    proxy.hold('server');
    const sent = connection.publish('t', 'during');
    await until(() => proxy.connections() === 2 || connection.state !== 'connected');
    proxy.hold(undefined);
    await expect(sent).resolves.toMatchObject({ from: 'broker' });
  });

  test('clock jumps by years while measures are under way', async () => {
    const broker = await mosquitto(world);
    const proxy = await proxyTo(broker.port, 20);
    const { now } = Date;
    cleanUps.push(
      () => broker.kill(),
      () => proxy.close(),
      () => (Date.now = now),
    );
    const connection = await connectDevice({
      ...optionsFor(proxy.port),
      pubackTimeout: 10_000,
      keepalive: 2,
    });
    cleanUps.push(() => connection.close({ timeout: 0 }));
    const lost: string[] = [];
    connection.on('reconnecting', ({ reason }) => lost.push(reason.code));
    const years = 10 * 365 * 86_400_000;
    for (const jump of [years, -years, 0]) {
      Date.now = () => now() + jump;
      const summary = await connection.sendAll(lines(500), { topic: 't' });
      expect(summary.acknowledged).toBe(500);
    }
    await sleep(3200);
    expect(lost).toEqual([]);
  });
});
