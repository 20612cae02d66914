import { isNativeError } from 'node:util/types';
import { getHeapStatistics } from 'node:v8';
import { SapcertError } from '../../src/errors.js';
import type { Reader } from './reader.js';

/** What became of one input. `failure`: it broke the reader's contract. */
export type Outcome =
  | { readonly kind: 'read' | 'refused'; readonly code: string; readonly ms: number }
  | { readonly kind: 'failure'; readonly signature: string; readonly detail: string; readonly ms: number };

/** What one input may allocate, in bytes: far more than any real one needs. */
const mostMemory = 256 * 1024 * 1024;

export async function attempt(reader: Reader, input: Uint8Array): Promise<Outcome> {
  const before = memory();
  const start = performance.now();
  const result = await read(reader, input);
  const ms = performance.now() - start;
  const grown = memory() - before;
  if (result.kind !== 'failure' && grown > mostMemory) {
    return { kind: 'failure', signature: 'memory', detail: `${grown} bytes more are in use`, ms };
  }
  return { ...result, ms };
}

type Read =
  | { readonly kind: 'read' | 'refused'; readonly code: string }
  | { readonly kind: 'failure'; readonly signature: string; readonly detail: string };

async function read({ read, refuses }: Reader, input: Uint8Array): Promise<Read> {
  try {
    const code: unknown = await read(input);
    return { kind: 'read', code: typeof code === 'string' ? code : 'read' };
  } catch (error) {
    if (error instanceof SapcertError && refuses?.test(error.code) === true) {
      const unsaid = objection(error);
      return unsaid === undefined ? { kind: 'refused', code: error.code } : failure(error, unsaid);
    }
    return failure(error, 'thrown');
  }
}

/** What an error of ours never is. */
function objection({ message, hint = '' }: SapcertError): string | undefined {
  if (/undefined|\[object|NaN/.test(message + hint)) return 'a word that is none in the message';
  if (message.length > 4000) return 'a message without end';
  return undefined;
}

function failure(error: unknown, what: string): Read {
  const [name, stack] = isNativeError(error) ? [error.name, error.stack ?? ''] : ['no error', String(error)];
  const code = error instanceof SapcertError ? ` ${error.code}` : '';
  // The same place in the source is the same defect.
  const frame = /\n\s+at (?:async )?(?:new )?([\w.#<>$ ]+)/.exec(stack)?.[1] ?? '';
  return {
    kind: 'failure',
    signature: `${what}: ${name}${code} at ${frame.trim()}`,
    detail: stack.slice(0, 2000),
  };
}

function memory(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}
