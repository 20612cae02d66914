import { expect, test } from '@jest/globals';
import {
  decodeWire,
  wireFacts,
  type PlaintextChunk,
  type Side,
  type WireEvent,
} from '../../src/wire/index.js';
import { describeWithPeer } from '../support/peers.js';
import { sClient } from './openssl-client.js';
import { rows } from './openssl-rows.js';
import { sServer } from './openssl-server.js';
import { makePki } from './pki.js';
import { relayTo } from './relay.js';

describeWithPeer('openssl', 'openssl s_client and we see the same messages', () => {
  const pki = makePki();

  test.each(rows)('$name', async ({ server, client = [], steps = [], seen = [], facts = {} }) => {
    const peer = await sServer(['-cert', 'server.crt', '-key', 'server.key', ...server], pki.dir);
    const relay = await relayTo(peer.port);
    try {
      const does = steps.map((step) =>
        step.startsWith('>') ? step.slice(2) : () => peer.write(`${step.slice(2)}\n`),
      );
      const { messages, keylog } = await sClient(relay, client, pki.dir, does);
      const { events, plaintext } = decodeWire(relay.recordings[0]!, keylog);
      for (const message of seen) expect(messages).toContainEqual(expect.stringMatching(message));
      expect(messages.length).toBeGreaterThan(1);
      expect(bySide(asOpensslSays(events))).toEqual(bySide(messages));
      expect(events.filter(({ kind }) => ['undecodable', 'encryptedRecord'].includes(kind))).toEqual([]);
      expect(wireFacts(events)).toMatchObject(facts);
      expect(said('client', plaintext)).toBe(typed(steps, '> '));
      expect(said('server', plaintext)).toBe(typed(steps, '< '));
    } finally {
      relay.stop();
      await peer.stop();
    }
  });
});

function asOpensslSays(events: readonly WireEvent[]): string[] {
  return events.flatMap((event) => {
    if (!('encrypted' in event)) return [];
    if (['changeCipherSpec', 'applicationData', 'encryptedRecord'].includes(event.kind)) return [];
    // OpenSSL knows this alert, but has no words for it.
    if (event.kind === 'alert' && event.number === 120) return [`${event.from} Alert fatal ???`];
    if (event.kind === 'alert') return [`${event.from} Alert ${event.level} ${event.name}`];
    return [`${event.from} ${event.kind[0]!.toUpperCase()}${event.kind.slice(1)} ${event.bytes}`];
  });
}

/**
 * s_client notes what it sends and what it hears when it does so: only the order of each side is the wire's. The
 * server's answer to its goodbye it does not wait for.
 */
function bySide(messages: readonly string[]): readonly string[][] {
  return ['client', 'server'].map((side) => {
    const own = messages.filter((message) => message.startsWith(side));
    return own.at(-1) === 'server Alert warning close_notify' ? own.slice(0, -1) : own;
  });
}

function said(side: Side, plaintext: readonly PlaintextChunk[]): string {
  return Buffer.concat(plaintext.flatMap(({ from, bytes }) => (from === side ? [bytes] : []))).toString();
}

/** The lines that were not commands. */
function typed(steps: readonly string[], prompt: string): string {
  const lines = steps.filter((step) => step.startsWith(prompt)).map((step) => step.slice(2));
  return lines
    .filter((line) => line.length > 1)
    .map((line) => `${line}\n`)
    .join('');
}
