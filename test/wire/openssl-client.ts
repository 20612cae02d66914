import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerEnv } from '../support/peers.js';
import { eventually } from './connection.js';
import type { Relay } from './relay.js';

/** What `openssl s_client -msg` says of a connection, and its key log. */
export interface ClientSays {
  /** `client ClientHello 296`, `server Alert fatal unknown_ca`, in the order in which it saw them. */
  readonly messages: readonly string[];
  readonly keylog: readonly string[];
}

let runs = 0;

/**
 * Connects through the relay. Once it is connected `steps` are done one after the other: a text is a line that
 * it is given (`K` makes it ask for new keys), a function does something elsewhere. After each, what it causes on
 * the wire is waited for.
 */
export async function sClient(
  relay: Relay,
  args: readonly string[],
  cwd: string,
  steps: readonly (string | (() => void))[] = [],
): Promise<ClientSays> {
  const keylogFile = join(cwd, `keylog-${(runs += 1)}.txt`);
  const all = ['s_client', '-connect', `127.0.0.1:${relay.port}`, '-msg', '-keylogfile', keylogFile, ...args];
  const child = spawn('openssl', all, { cwd, env: peerEnv(), stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
  }
  child.stdin.on('error', () => undefined);
  let ended = false;
  const exit = once(child, 'close').then(() => (ended = true));
  await eventually(() => ended || output.includes('Verify return code'), 's_client to connect');
  await quiet(relay);
  for (const step of steps) {
    const before = traffic(relay);
    if (typeof step === 'string') child.stdin.write(`${step}\n`);
    else step();
    await eventually(() => ended || traffic(relay) > before, 'something on the wire');
    await quiet(relay);
  }
  if (!ended) child.stdin.write('Q\n');
  await exit;
  const keylog = existsSync(keylogFile) ? readFileSync(keylogFile, 'latin1').split('\n') : [];
  return { messages: messagesIn(output), keylog };
}

function traffic(relay: Relay): number {
  return relay.recordings.reduce((sum, { seen }) => sum + seen.client + seen.server, 0);
}

/** Until nothing has moved for a while. */
async function quiet(relay: Relay): Promise<void> {
  for (let before = -1; before !== traffic(relay);) {
    before = traffic(relay);
    await new Promise((resolve) => {
      setTimeout(resolve, 60);
    });
  }
}

function messagesIn(output: string): string[] {
  const found = output.matchAll(/^(<<<|>>>) .*?, (Handshake|Alert) \[length ([\da-f]+)\], (.*)$/gm);
  return [...found].map(([, arrow, kind, length, what]) => {
    const side = arrow === '>>>' ? 'client' : 'server';
    return kind === 'Alert' ? `${side} Alert ${what}` : `${side} ${what} ${Number.parseInt(length!, 16)}`;
  });
}
