import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { backoffDelay } from '../../src/connector/backoff.js';
import { Fifo } from '../../src/connector/fifo.js';
import { Outbox } from '../../src/connector/outbox.js';
import { Outgoing } from '../../src/connector/outgoing.js';
import { PacketIds } from '../../src/connector/packet-ids.js';
import { SendWindow } from '../../src/connector/send-window.js';
import { lateAcknowledgements, missingConfirmations } from '../../src/connector/silence.js';
import type { Qos } from '../../src/connector/types.js';

class Silent extends Outgoing {
  override settle(): void {
    // Nobody waits.
  }
}

function message(name: string, { ids = [], qos = 1 }: { ids?: string[]; qos?: Qos } = {}): Outgoing {
  return new Silent(name, name, qos, ids);
}

const unlimited = { window: 1000, receiveMaximum: 1000 };

function takeAll(outbox: Outbox, limits = unlimited, now = 0): string[] {
  const taken: string[] = [];
  for (let next = outbox.next(limits, now); next !== undefined; next = outbox.next(limits, now))
    taken.push(next.topic);
  return taken;
}

describe('back-off', () => {
  const limits = { minimumDelay: 500, maximumDelay: 30_000 };

  test('doubles up to the maximum, half of it random', () => {
    const lowest = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempt) => backoffDelay(attempt, limits, () => 0));
    expect(lowest).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    expect(backoffDelay(3, limits, () => 0.5)).toBe(1500);
  });

  test('two devices seldom come back at the same moment', () => {
    const delays = Array.from({ length: 100 }, () => Math.round(backoffDelay(4, limits)));
    expect(new Set(delays).size).toBeGreaterThan(50);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(2000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(4000);
  });
});

test('a queue gives back what it was given, in order', () => {
  const queue = new Fifo<number>();
  const out: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    for (let item = 0; item < 1500; item += 1) queue.push(round * 1500 + item);
    for (let count = 0; count < 1400; count += 1) out.push(queue.shift() ?? -1);
  }
  expect(queue).toHaveLength(500);
  expect([...out, ...queue.drain()]).toEqual(Array.from({ length: 7500 }, (_, index) => index));
  expect(queue.shift()).toBeUndefined();
});

describe('the outbox', () => {
  test('keeps to the window and to Receive Maximum', () => {
    const outbox = new Outbox();
    const messages = ['a', 'b', 'c', 'd', 'e'].map((name) => message(name, { ids: [name] }));
    for (const one of messages) outbox.add(one);
    expect(takeAll(outbox, { window: 3, receiveMaximum: 2 })).toEqual(['a', 'b']);
    outbox.confirm(messages[0]!, 0);
    expect(takeAll(outbox, { window: 3, receiveMaximum: 2 })).toEqual(['c']);
    outbox.confirm(messages[1]!, 0);
    expect(takeAll(outbox, { window: 3, receiveMaximum: 2 })).toEqual([]);
    outbox.finish(messages[0]!);
    expect(takeAll(outbox, { window: 3, receiveMaximum: 2 })).toEqual(['d']);
    expect([outbox.waiting, outbox.underWay, outbox.size]).toEqual([1, 3, 4]);
  });

  test('an acknowledgement before the PUBACK leaves the broker its due', () => {
    const outbox = new Outbox();
    const [first, second] = [message('a', { ids: ['a'] }), message('b', { ids: ['b'] })];
    outbox.add(first);
    outbox.add(second);
    expect(takeAll(outbox, { window: 9, receiveMaximum: 1 })).toEqual(['a']);
    outbox.finish(first);
    expect(takeAll(outbox, { window: 9, receiveMaximum: 1 })).toEqual([]);
    outbox.confirm(first, 0);
    expect(takeAll(outbox, { window: 9, receiveMaximum: 1 })).toEqual(['b']);
  });

  test('what is not confirmed is sent again first, in its old order', () => {
    const outbox = new Outbox();
    const messages = ['a', 'b', 'c', 'd'].map((name) => message(name, { ids: [name] }));
    for (const one of messages) outbox.add(one);
    takeAll(outbox, { window: 3, receiveMaximum: 3 });
    outbox.confirm(messages[1]!, 0);
    outbox.connectionLost();
    expect(outbox.repeats).toBe(2);
    expect(takeAll(outbox)).toEqual(['a', 'c', 'd']);
  });

  test('a session that is gone takes with it what had arrived and was not acknowledged', () => {
    const outbox = new Outbox();
    const messages = ['a', 'b', 'c'].map((name) => message(name, { ids: [name], qos: name === 'b' ? 0 : 1 }));
    for (const one of messages) outbox.add(one);
    takeAll(outbox);
    for (const one of messages) outbox.confirm(one, 0);
    outbox.connectionLost();
    expect(outbox.repeats).toBe(0);
    outbox.sessionLost();
    expect(takeAll(outbox)).toEqual(['a', 'c']);
    expect([...outbox.arrived].map(({ topic }) => topic)).toEqual(['b']);
  });

  test('whatever happens, every message is waiting, under way or done, and leaves in order', () => {
    const step = fc.constantFrom('add', 'take', 'confirm', 'finish', 'cancel', 'lose', 'forget');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const outbox = new Outbox();
        const all: Outgoing[] = [];
        let link: Outgoing[] = [];
        const act: Record<string, () => void> = {
          add: () => {
            const one = message(String(all.length), { ids: all.length % 2 === 0 ? ['x'] : [] });
            all.push(one);
            outbox.add(one);
          },
          take: () => {
            const one = outbox.next({ window: 8, receiveMaximum: 5 }, 0);
            if (one !== undefined) link.push(one);
          },
          confirm: () => {
            const one = link.shift();
            if (one === undefined) return;
            outbox.confirm(one, 0);
            if (one.ids.length === 0) outbox.finish(one);
          },
          finish: () => {
            const [one] = outbox.arrived;
            if (one !== undefined) outbox.finish(one);
          },
          cancel: () => {
            const one = all.find(({ state }) => state === 'waiting');
            if (one !== undefined) outbox.finish(one);
          },
          lose: () => {
            outbox.connectionLost();
            link = [];
          },
          forget: () => {
            outbox.connectionLost();
            outbox.sessionLost();
            link = [];
          },
        };
        for (const name of steps) {
          act[name]?.();
          const states = all.map(({ state }) => state);
          expect(outbox.waiting).toBe(states.filter((state) => state === 'waiting').length);
          expect(outbox.sent.size).toBe(states.filter((state) => state === 'sent').length);
          expect(outbox.arrived.size).toBe(states.filter((state) => state === 'arrived').length);
          expect(outbox.underWay).toBeLessThanOrEqual(8);
          const orders = [...outbox.sent].map(({ sequence }) => sequence);
          expect(orders).toEqual(orders.toSorted((a, b) => a - b));
        }
        expect(outbox.all().map(({ topic }) => topic)).toEqual(
          all.filter(({ state }) => state !== 'done').map(({ topic }) => topic),
        );
      }),
    );
  });
});

describe('packet identifiers', () => {
  test('none is given out twice before it is free', () => {
    const ids = new PacketIds();
    const held = ids.allocate() ?? 0;
    const others = new Set<number>();
    for (let count = 0; count < 200_000; count += 1) {
      const id = ids.allocate() ?? 0;
      others.add(id);
      ids.deallocate(id);
    }
    expect([held, 0, 0x1_0000].filter((id) => others.has(id))).toEqual([]);
    expect(others.size).toBe(0xfffe);
  });

  test('null when all are in use', () => {
    const ids = new PacketIds();
    const all = new Set(Array.from({ length: 0xffff }, () => ids.allocate()));
    expect(all.size).toBe(0xffff);
    expect(ids.allocate()).toBeNull();
  });

  test('one can be asked for', () => {
    const ids = new PacketIds();
    ids.demand(500);
    expect([ids.allocate(), ids.getLastAllocated(), ids.allocate()]).toEqual([500, 500, 1]);
    ids.demand(500);
    expect(ids.allocate()).toBe(2);
  });
});

/** A line with a fixed round trip to a broker that needs `cost` for each message; times in milliseconds. */
function settle(
  window: SendWindow,
  { roundTrip, cost }: { roundTrip: number; cost: number },
  rounds = 20,
): number {
  let now = 0;
  for (let round = 0; round < rounds; round += 1) {
    const batch = Array.from({ length: window.size }, () => ({}));
    window.sent(batch.at(-1)!, now);
    window.exhausted();
    now += roundTrip;
    for (const one of batch) window.done(one, (now += cost));
  }
  return window.size;
}

describe('the window', () => {
  test.each([
    ['a broker next door', { roundTrip: 0.2, cost: 0.01 }, 100],
    ['a long way', { roundTrip: 50, cost: 0.001 }, 1000],
    ['a slow broker', { roundTrip: 1, cost: 10 }, 100],
  ])('%s', (_name, line, size) => {
    expect(settle(new SendWindow(), line)).toBe(size);
  });

  test('a fixed one stays', () => {
    expect(settle(new SendWindow(20), { roundTrip: 50, cost: 0 })).toBe(20);
  });

  test('does not grow when there is nothing more to send', () => {
    const window = new SendWindow();
    for (let now = 0; now < 5000; now += 50) {
      const one = {};
      window.sent(one, now);
      window.done(one, now + 50);
    }
    expect(window.size).toBe(100);
  });

  test('opens step by step after a loss, from less with each', () => {
    const window = new SendWindow(100);
    window.connectionLost();
    expect(window.size).toBe(25);
    for (let count = 0; count < 50; count += 1) window.confirmed();
    expect(window.size).toBe(75);
    window.connectionLost();
    window.connectionLost();
    expect(window.size).toBe(4);
    for (let count = 0; count < 4; count += 1) window.connectionLost();
    expect(window.size).toBe(1);
    for (let count = 0; count < 500; count += 1) window.confirmed();
    expect(window.size).toBe(100);
  });

  test('is small again after a silence, and stays so', () => {
    const window = new SendWindow();
    settle(window, { roundTrip: 50, cost: 0.001 });
    window.shrink();
    expect(settle(window, { roundTrip: 50, cost: 0.001 })).toBe(100);
  });
});

describe('deadlines', () => {
  function sent(...ages: number[]): Outgoing[] {
    return ages.map((age, index) => {
      const one = message(String(index));
      one.sequence = index + 1;
      one.since = 1000 - age;
      return one;
    });
  }
  const topics = (messages: readonly Outgoing[]): string[] => messages.map(({ topic }) => topic);

  test.each<[string, number[], { upTo: number; last: number }, string[]]>([
    ['a slow broker that goes on confirming is left alone', [90, 80, 20], { upTo: 0, last: 990 }, []],
    ['a silent one is not: what is old enough', [90, 80, 20], { upTo: 0, last: 900 }, ['0', '1']],
    ['one that was passed over', [90, 80, 20], { upTo: 2, last: 999 }, ['0']],
    ['passed over, but not for long', [40, 30], { upTo: 2, last: 999 }, []],
  ])('%s', (_name, ages, confirmations, missing) => {
    expect(topics(missingConfirmations(sent(...ages), confirmations, 1000, 50))).toEqual(missing);
  });

  test('acknowledgements that are late', () => {
    expect(topics(lateAcknowledgements(sent(90, 51, 50, 20), 1000, 50))).toEqual(['0', '1']);
  });
});
