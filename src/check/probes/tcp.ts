import { networkInterfaces } from 'node:os';
import type { Ran } from '../evidence.js';
import type { TcpAttempt, TcpFacts } from '../facts/index.js';
import { type ConnectResult, type Connection, openConnection } from './connection.js';
import { Deadline, since } from './deadline.js';
import type { FoundAddress } from './dns.js';

export interface TcpProbe {
  readonly evidence: Ran<'tcp'>;
  /** To the first address that answered, in the order of the look-up. */
  readonly connection?: Connection;
}

/** Once one address has answered, the others get this long, or three times what the first one needed. */
const grace = { shortest: 50, longest: 500, factor: 3 };

/**
 * Connects to all addresses at once, keeps the first that answers and closes the others. An address that says
 * nothing does not hold up one that does.
 */
export async function probeTcp(
  addresses: readonly FoundAddress[],
  port: number,
  deadline: Deadline,
): Promise<TcpProbe> {
  const start = performance.now();
  const enough = new AbortController();
  const waiting = new Deadline(deadline.ms, either(deadline.signal, enough.signal));
  const tries = addresses.map(async ({ address, family }) => {
    const began = performance.now();
    const result = await openConnection(address, port, waiting);
    if (result.outcome === 'connected') endSoon(enough, since(began));
    return { family, result, ms: since(began) };
  });
  const done = await Promise.all(tries);
  enough.abort();
  const [kept, ...others] = done.filter(({ result }) => result.outcome === 'connected');
  for (const other of others) other.result.connection.stream.destroy();
  const attempts = done.map(({ family, result, ms }): TcpAttempt => attempt(family, result, ms));
  const facts: TcpFacts = {
    port,
    attempts,
    local: localFamilies(),
    ...(kept === undefined ? {} : { used: { address: kept.result.connection.address, family: kept.family } }),
  };
  const outcome = kept === undefined ? 'failed' : 'ok';
  const evidence: Ran<'tcp'> = { stage: 'tcp', outcome, ms: since(start), facts };
  return kept === undefined ? { evidence } : { evidence, connection: kept.result.connection };
}

function attempt(family: 4 | 6, { outcome, code, connection }: ConnectResult, ms: number): TcpAttempt {
  return { address: connection.address, family, outcome, ms, ...(code === undefined ? {} : { code }) };
}

function endSoon(enough: AbortController, ms: number): void {
  const left = Math.min(grace.longest, Math.max(grace.shortest, grace.factor * ms));
  setTimeout(() => enough.abort(), left).unref();
}

function either(a: AbortSignal | undefined, b: AbortSignal): AbortSignal {
  return a === undefined ? b : AbortSignal.any([a, b]);
}

/** Whether this machine has an address of each family that reaches beyond itself. */
function localFamilies(): TcpFacts['local'] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outward = all.filter(({ internal, address }) => !internal && !/^fe80:/i.test(address));
  return {
    ipv4: outward.some(({ family }) => family === 'IPv4'),
    ipv6: outward.some(({ family }) => family === 'IPv6'),
  };
}
