import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../src/cli/main.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { peerEnv } from '../support/peers.js';

export interface Inspected {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What was asked at the terminal. */
  readonly asked: readonly string[];
  /** Standard output as JSON. */
  readonly json: () => Record<string, unknown>;
  /** Standard output as one JSON document a line. */
  readonly lines: () => Record<string, unknown>[];
}

export interface TerminalOptions {
  readonly env?: Terminal['env'];
  readonly now?: Date;
  readonly columns?: number;
  readonly colour?: boolean;
  /** Answers of somebody who sits at the terminal. */
  readonly answers?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Runs `sapcert inspect` with a terminal of its own; all but the terminal is real. */
export async function inspect(args: readonly string[], options: TerminalOptions = {}): Promise<Inspected> {
  const [out, err, asked]: [string[], string[], string[]] = [[], [], []];
  const { env = {}, now = new Date(), columns = 80, colour = false, answers, signal } = options;
  const terminal: Terminal = {
    out: (data) => out.push(typeof data === 'string' ? data : Buffer.from(data).toString()),
    err: (text) => err.push(text),
    env,
    stdinIsTerminal: answers !== undefined,
    stdoutIsTerminal: colour,
    stderrIsTerminal: colour,
    columns,
    stderrColumns: columns,
    askSecrets:
      answers === undefined
        ? undefined
        : (...questions) => {
            asked.push(...questions);
            return Promise.resolve(questions.map((_, index) => answers[index] ?? ''));
          },
    signal: signal ?? new AbortController().signal,
    now: () => now,
  };
  const code = await main(['inspect', ...args], terminal);
  const text = out.join('');
  const parse = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>;
  return {
    code,
    out: text,
    err: err.join(''),
    asked,
    json: () => parse(text),
    lines: () => text.trimEnd().split('\n').map(parse),
  };
}

/** What openssl prints; throws with what it said when it fails. */
export function openssl(args: readonly string[], input?: string | Uint8Array): string {
  return execFileSync('openssl', args, {
    encoding: 'utf8',
    env: peerEnv({ TZ: 'UTC' }),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  });
}

/** A function that writes files into a folder and says their paths. */
export function writerTo(folder: string): (name: string, data: string | Uint8Array) => string {
  return (name, data) => {
    const path = join(folder, name);
    writeFileSync(path, data, { mode: 0o600 });
    return path;
  };
}
