import { decodeWire, wireFacts, type WireFacts } from '../../wire/index.js';
import { certificateFacts, fingerprint, issuerName, parseCertificate } from '../certificate.js';
import type { ServerVerdict, TlsFacts, TlsReach } from '../facts/index.js';
import { printable } from '../printable.js';
import type { Connection } from './connection.js';
import type { TlsError, TlsOptions } from './tls-context.js';
import { alertFacts, endFacts, notTlsFacts, partialFacts, requestFacts, roundTrip } from './wire-view.js';

/** What the handshake itself told, beside what is on the wire. */
export interface TlsState {
  /** How far it came; `nothing`: read it off the wire. */
  readonly reach: TlsReach;
  readonly timedOut: boolean;
  /** What the TLS library decided about the server; absent: nothing yet. */
  readonly trusted?: boolean;
  readonly error?: TlsError;
  readonly lowered: boolean;
  readonly waited?: number;
  readonly diffieHellmanBits?: number | undefined;
}

/** No server sends more in earnest. */
const mostCertificates = 32;

/** All that is known about a handshake, from the wire and from the TLS library. */
export function tlsFacts(connection: Connection, options: TlsOptions, state: TlsState): TlsFacts {
  const { events } = decodeWire(connection.recording, connection.keylog);
  const wire = wireFacts(events);
  // A HelloRetryRequest has chosen a version and a cipher as well.
  const hello = wire.serverHello ?? events.find((event) => event.kind === 'serverHello');
  const alpn = hello?.alpn ?? events.find((event) => event.kind === 'encryptedExtensions')?.alpn;
  const chain = (wire.serverCertificates ?? [])
    .slice(0, mostCertificates)
    .map(parseCertificate)
    .filter((found) => found !== undefined);
  const judged = options.judge(chain, state.trusted);
  return {
    address: connection.address,
    offered: offered(options, state, wire),
    reach: state.reach === 'nothing' ? reachOnWire(wire) : state.reach,
    ...(hello === undefined ? {} : { version: hello.version, cipher: hello.cipherSuite }),
    ...present('alpn', alpn === undefined ? undefined : printable(alpn)),
    ...present('request', requestFacts(wire, (options.identity?.certificates ?? []).map(issuerName))),
    ...present('sent', sentFacts(wire)),
    serverChain: chain.map(certificateFacts),
    ...present('verdict', judged === undefined ? undefined : verdict(judged, state)),
    alerts: alertFacts(wire),
    tickets: wire.tickets,
    ...present('end', endFacts(wire)),
    timedOut: state.timedOut,
    ...present('notTls', notTlsFacts(wire)),
    ...present('partial', partialFacts(wire)),
    ...(state.timedOut ? pauses(connection) : {}),
    ...present('error', state.error),
    bytes: { client: connection.recording.seen.client, server: connection.recording.seen.server },
    ...present('roundTrip', roundTrip(events)),
    ...present('waited', state.waited),
    ...present('diffieHellmanBits', state.diffieHellmanBits),
  };
}

/** Whether it fell silent, or was slow and still sending. */
function pauses({ recording }: Connection): Pick<TlsFacts, 'quiet' | 'pause'> {
  const times = recording.entries
    .filter((entry) => entry.kind === 'data' && entry.from === 'server')
    .map(({ at }) => at);
  const last = times.at(-1);
  if (last === undefined) return {};
  const between = times.slice(1).map((time, index) => Math.round(time - (times[index] ?? time)));
  const quiet = Math.round(recording.elapsed - last);
  return between.length === 0 ? { quiet } : { quiet, pause: Math.max(...between) };
}

function offered(options: TlsOptions, state: TlsState, { clientHello }: WireFacts): TlsFacts['offered'] {
  return {
    minVersion: options.minVersion,
    maxVersion: options.maxVersion,
    ...present('serverName', options.serverName),
    alpn: options.alpn,
    ...present('cipherSuites', clientHello?.cipherSuites),
    certificates: options.identity?.certificates.length ?? 0,
    loweredSecurity: state.lowered,
  };
}

function reachOnWire(wire: WireFacts): TlsReach {
  if (wire.clientFinished || wire.clientCertificates !== undefined) return 'client-flight';
  return wire.serverHello === undefined ? 'nothing' : 'server-hello';
}

function sentFacts(wire: WireFacts): TlsFacts['sent'] {
  const { clientCertificates: sent, clientProvedKey: provedKey } = wire;
  return sent === undefined
    ? undefined
    : { certificates: sent.length, sha256: sent.map(fingerprint), provedKey };
}

function verdict(
  judged: Omit<ServerVerdict, 'trusted' | 'error'>,
  { trusted, error }: TlsState,
): ServerVerdict {
  return {
    ...judged,
    ...present('trusted', trusted),
    ...(trusted === false && error !== undefined ? { error: error.code } : {}),
  };
}

/** A member that is there only when it has a value. */
export function present<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): Partial<Record<Key, Value>> {
  const member: Partial<Record<Key, Value>> = {};
  if (value !== undefined) member[key] = value;
  return member;
}
