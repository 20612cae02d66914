import type { WireEvent, WireFacts } from '../../wire/index.js';
import { decodeWire, wireFacts } from '../../wire/index.js';
import type { AlertFacts, ConnectionEnd, TlsFacts } from '../facts/index.js';
import { printable } from '../printable.js';
import type { Connection } from './connection.js';

/** What the bytes of a connection say so far. */
export function look(connection: Connection): WireFacts {
  return wireFacts(decodeWire(connection.recording, connection.keylog).events);
}

export function alertFacts(wire: WireFacts): readonly AlertFacts[] {
  return wire.alerts
    .filter(({ number }) => number !== closeNotify)
    .slice(0, 20)
    .map(({ from, level, number, name, at }) => ({
      from,
      at: round(at),
      ...(level === undefined ? {} : { level }),
      ...(number === undefined ? {} : { number }),
      ...(name === undefined ? {} : { name }),
    }));
}

/** It only says that a side is done; RFC 8446 section 6.1. */
const closeNotify = 0;

export function endFacts(wire: WireFacts): ConnectionEnd | undefined {
  const { ended } = wire;
  if (ended === undefined) return undefined;
  // Who says close_notify ends the connection, whoever's FIN is the first (RFC 8446 section 6.1).
  const said = wire.alerts.find(({ number, from }) => number === closeNotify && from === 'server');
  const first = ended.by === 'client' && ended.how !== 'rst' && said !== undefined && said.at <= ended.at;
  return first
    ? { by: 'server', how: 'fin', at: round(said.at) }
    : { by: ended.by, how: ended.how, at: round(ended.at) };
}

export function requestFacts(wire: WireFacts, issuers: readonly string[]): TlsFacts['request'] {
  const request = wire.certificateRequest;
  if (request === undefined) return undefined;
  const { authorities, signatureAlgorithms, certificateTypes } = request;
  const asked = new Set(authorities.map(({ der }) => der));
  return {
    authorities: authorities.slice(0, 200).map(({ name }) => printable(certificateOrder(name))),
    signatureAlgorithms,
    certificateTypes,
    ...(asked.size === 0 || issuers.length === 0
      ? {}
      : { namesOurIssuer: issuers.some((issuer) => asked.has(issuer)) }),
  };
}

/** RFC 4514 writes a name backwards; everywhere else here it stands as in the certificate. */
function certificateOrder(name: string): string {
  return (name.match(/(?:\\.|[^,\\])+/g) ?? []).toReversed().join(', ');
}

export function partialFacts(wire: WireFacts): TlsFacts['partial'] {
  const { partial } = wire;
  if (partial === undefined || partial.from !== 'server') return undefined;
  const what = partial.kind === 'partialRecord' ? `${partial.recordType} record` : partial.name;
  return { have: partial.have, need: partial.need, what };
}

export function notTlsFacts(wire: WireFacts): TlsFacts['notTls'] {
  const { notTls } = wire;
  if (notTls === undefined || notTls.from !== 'server') return undefined;
  return { protocol: notTls.protocol, sample: printable(notTls.sample) };
}

/** From our first bytes to the server's first. */
export function roundTrip(events: readonly WireEvent[]): number | undefined {
  const asked = events.find(({ kind }) => kind === 'clientHello');
  const answered = events.find(({ kind, from }) => kind === 'serverHello' && from === 'server');
  return asked === undefined || answered === undefined ? undefined : round(answered.at - asked.at);
}

/** Tenths of a millisecond. */
export function round(ms: number): number {
  return Math.round(ms * 10) / 10;
}
