import { setImmediate } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { decodeWire, wireFacts } from '../../wire/index.js';
import { fatalAlert } from '../diagnose/failure.js';
import type { Ran } from '../evidence.js';
import type { TlsFacts } from '../facts/index.js';
import { errorWords, printable } from '../printable.js';
import { gravestWeakness } from '../strength.js';
import { Channel } from './channel.js';
import { type Connection, gone } from './connection.js';
import { type Deadline, Ended, since } from './deadline.js';
import { type TlsError, type TlsOptions, prepareContext, startTls } from './tls-context.js';
import { type TlsState, tlsFacts } from './tls-facts.js';
import { alertFacts, look, roundTrip } from './wire-view.js';

export interface TlsProbe {
  readonly evidence: Ran<'tls'>;
  /** Open, and the server is verified: only then is anything more sent. */
  readonly channel?: Channel;
}

/**
 * Does the handshake and then waits, sending nothing: in TLS 1.3 a client is done before the server has looked
 * at its certificate (RFC 8446 section 4.4.2.4), so a refusal comes late. The server's certificate is verified
 * in every handshake; a server that does not pass gets no further byte.
 */
export async function probeTls(
  connection: Connection,
  options: TlsOptions,
  deadline: Deadline,
): Promise<TlsProbe> {
  const start = performance.now();
  const failed = (state: TlsState): TlsProbe => {
    const facts = tlsFacts(connection, options, state);
    connection.stream.destroy();
    return { evidence: { stage: 'tls', outcome: 'failed', ms: since(start), facts } };
  };
  const prepared = prepareContext(options);
  if ('error' in prepared)
    return failed({ reach: 'nothing', timedOut: false, lowered: false, error: prepared.error });

  const { lowered } = prepared;
  const secure = startTls(connection, options, prepared.context);
  const shaken = await handshake(secure, deadline);
  if (!shaken.secured) {
    if (!shaken.timedOut) await gone(connection, deadline);
    return failed({ reach: 'nothing', lowered, ...shaken });
  }
  const channel = new Channel(secure);
  const waited = await settle(secure, channel, connection, options, deadline);
  const settled = {
    timedOut: false,
    trusted: true,
    lowered,
    waited,
    diffieHellmanBits: shaken.diffieHellmanBits,
  };
  if (channel.ended || endedOnWire(connection)) {
    await gone(connection, deadline);
    return failed({ ...settled, reach: 'secured', ...channelError(channel) });
  }
  const facts = tlsFacts(connection, options, { ...settled, reach: 'settled' });
  if (lowered && facts.serverChain.some((certificate) => gravestWeakness(certificate) !== undefined)) {
    return failed({ ...settled, reach: 'secured', trusted: false, error: tooWeak });
  }
  return { evidence: { stage: 'tls', outcome: 'ok', ms: since(start), facts }, channel };
}

/** At the lower level our own check stands in for the TLS library's. */
const tooWeak: TlsError = { code: 'CA_MD_TOO_WEAK', message: 'the server certificate is too weak' };

interface Shaken {
  readonly secured: boolean;
  readonly timedOut: boolean;
  readonly trusted?: boolean;
  readonly error?: TlsError;
  readonly diffieHellmanBits?: number | undefined;
}

async function handshake(secure: TLSSocket, deadline: Deadline): Promise<Shaken> {
  try {
    return await deadline.wait<Shaken>((done) => {
      secure.once('secureConnect', () => {
        const diffieHellmanBits = finiteFieldBits(secure);
        done({ secured: true, timedOut: false, trusted: true, diffieHellmanBits });
      });
      secure.once('close', () => done({ secured: false, timedOut: false }));
      secure.on('error', (error: Error) => {
        done({ secured: false, timedOut: false, ...distrust(secure), error: errorWords(error) });
      });
      return undefined;
    });
  } catch (error) {
    return { secured: false, timedOut: error instanceof Ended && error.why === 'timeout' };
  }
}

/** Of a group of integers; those of curves have no such weakness. */
function finiteFieldBits(secure: TLSSocket): number | undefined {
  const key: { readonly type?: string; readonly size?: number } = secure.getEphemeralKeyInfo() ?? {};
  return key.type === 'DH' ? key.size : undefined;
}

/** The handshake was done, and the server's certificate did not pass. */
function distrust(secure: TLSSocket): { readonly trusted?: false } {
  const { authorizationError } = secure as { readonly authorizationError?: unknown };
  return authorizationError === undefined || authorizationError === null ? {} : { trusted: false };
}

/** Milliseconds. Checking a chain takes a gateway a while; a ticket says that it is through with the handshake. */
const settling = { shortest: 60, longest: 1500, afterTicket: 25, last: 1000, afterTicketLast: 300 };

/** @returns how long it waited, in milliseconds */
async function settle(
  secure: TLSSocket,
  channel: Channel,
  connection: Connection,
  { holdMs, last = false }: TlsOptions,
  deadline: Deadline,
): Promise<number> {
  const start = performance.now();
  const { events } = decodeWire(connection.recording, connection.keylog);
  const trip = roundTrip(events) ?? 0;
  const asked = wireFacts(events).certificateRequest !== undefined;
  const late = last && asked && secure.getProtocol() === 'TLSv1.3';
  const shortest = late ? settling.last : settling.shortest;
  const usual = Math.min(settling.longest, shortest + (asked ? 3 : 1) * trip);
  const afterTicket = (late ? settling.afterTicketLast : settling.afterTicket) + trip / 2;
  const wait = deadline.within(holdMs ?? usual);
  let ticketAt = Number.POSITIVE_INFINITY;
  secure.on('session', () => {
    if (secure.getProtocol() === 'TLSv1.3') ticketAt = Math.min(ticketAt, performance.now());
  });
  while (!channel.ended && !wait.over) {
    // A refusal follows a ticket at once, where there is one: Node's servers send both.
    const through = performance.now() - ticketAt >= afterTicket;
    if (through && holdMs === undefined) break;
    await channel.end(wait.within(10)).catch(() => undefined);
  }
  // Timers come before sockets: after a stall of this machine an answer may be there that was not read yet.
  await setImmediate();
  return since(start);
}

/** The bytes tell of an end before the TLS library does. */
function endedOnWire(connection: Connection): boolean {
  const wire = look(connection);
  return wire.ended !== undefined || fatalAlert({ alerts: alertFacts(wire) }) !== undefined;
}

function channelError({ error }: Channel): { readonly error?: TlsFacts['error'] & object } {
  return error === undefined ? {} : { error: { code: error.code, message: printable(error.message) } };
}
