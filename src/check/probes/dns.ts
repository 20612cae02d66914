import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Ran } from '../evidence.js';
import type { AddressFamily, DnsFacts } from '../facts/index.js';
import { errorWords } from '../printable.js';
import { type Deadline, Ended, since } from './deadline.js';

export interface FoundAddress {
  readonly address: string;
  readonly family: AddressFamily;
}

/** How names become addresses. The system's own way by default: the one that every client uses. */
export type Lookup = (name: string) => Promise<readonly FoundAddress[]>;

/** A name with more addresses than this is a pool, of which these stand for the rest. */
const most = 8;

/** Finds all addresses of the host, IPv4 and IPv6, in the order in which a client would try them. */
export async function probeDns(
  name: string,
  deadline: Deadline,
  lookup: Lookup = lookUp,
): Promise<Ran<'dns'>> {
  const start = performance.now();
  const base = { name, literal: isAddress(name), addresses: [], timedOut: false };
  try {
    const addresses = await deadline.race(addressesOf(name, lookup));
    return done(addresses.length > 0, { ...base, addresses: addresses.slice(0, most) });
  } catch (error) {
    if (error instanceof Ended) return done(false, { ...base, timedOut: error.why === 'timeout' });
    return done(false, { ...base, error: errorWords(error) });
  }

  function done(found: boolean, facts: DnsFacts): Ran<'dns'> {
    return { stage: 'dns', outcome: found ? 'ok' : 'failed', ms: since(start), facts };
  }
}

async function addressesOf(name: string, lookup: Lookup): Promise<readonly FoundAddress[]> {
  if (isAddress(name)) return [{ address: name, family: isIP(withoutZone(name)) === 6 ? 6 : 4 }];
  if (/^localhost\.?$/i.test(name)) return loopback(await lookup(name).catch(() => []));
  return lookup(name);
}

async function lookUp(name: string): Promise<readonly FoundAddress[]> {
  const found = await systemLookup(name, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

/** A hosts file may know only one of the two (RFC 6761 section 6.3 wants both). */
function loopback(found: readonly FoundAddress[]): readonly FoundAddress[] {
  const both: readonly FoundAddress[] = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  return [...found, ...both.filter(({ address }) => !found.some((known) => known.address === address))];
}

function isAddress(name: string): boolean {
  return isIP(withoutZone(name)) !== 0;
}

function withoutZone(name: string): string {
  return name.replace(/%.*$/, '');
}
