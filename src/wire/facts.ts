import type {
  AlertEvent,
  CertificateRequestEvent,
  ClientHelloEvent,
  PartialMessageEvent,
  PartialRecordEvent,
  PlaintextEvent,
  ServerHelloEvent,
  UndecodableEvent,
  WireEvent,
} from './events.js';
import type { PlaintextProtocol } from './plaintext.js';
import type { Side } from './recording.js';

/** What a diagnosis asks about one connection. Of what can happen twice, the last counts, if nothing else is said. */
export interface WireFacts {
  readonly connected: boolean;
  /** Node's codes: ECONNREFUSED, ETIMEDOUT ... */
  readonly tcpErrors: readonly string[];
  readonly clientHello?: ClientHelloEvent | undefined;
  /** Never a HelloRetryRequest. */
  readonly serverHello?: ServerHelloEvent | undefined;
  readonly helloRetryRequest: boolean;
  /** The application protocol that the server chose. */
  readonly alpn?: string | undefined;
  readonly certificateRequest?: CertificateRequestEvent | undefined;
  /** DER, base64, as on the wire. Undefined: there was no Certificate message; empty: it had none in it. */
  readonly serverCertificates?: readonly string[] | undefined;
  /** As above: empty is "asked, and we had none to send". */
  readonly clientCertificates?: readonly string[] | undefined;
  /** Our CertificateVerify went out. */
  readonly clientProvedKey: boolean;
  readonly serverFinished: boolean;
  readonly clientFinished: boolean;
  readonly alerts: readonly AlertEvent[];
  readonly tickets: number;
  readonly firstTicketAt?: number | undefined;
  /** Bytes of plaintext. */
  readonly applicationData: Readonly<Record<Side, number>>;
  /** What the server's application data looks like. */
  readonly applicationProtocol?: PlaintextProtocol | undefined;
  /** The server does not speak TLS. */
  readonly notTls?: PlaintextEvent | undefined;
  /** The server stopped in the middle of something. */
  readonly partial?: PartialRecordEvent | PartialMessageEvent | undefined;
  /** How the connection ended, and who ended it first. Undefined while it lives. */
  readonly ended?:
    | { readonly by: Side; readonly how: 'fin' | 'rst' | 'close' | 'error'; readonly at: number }
    | undefined;
  readonly undecodable: readonly UndecodableEvent[];
}

/** Picks the facts of one connection out of its events. */
export function wireFacts(events: readonly WireEvent[]): WireFacts {
  const of = <K extends WireEvent['kind']>(kind: K) =>
    events.filter((event): event is Extract<WireEvent, { kind: K }> => event.kind === kind);
  const hellos = of('serverHello');
  const tickets = of('newSessionTicket');
  const data = of('applicationData');
  const finished = events.filter(({ kind }) => kind === 'finished');
  const partial = [...of('partialRecord'), ...of('partialMessage')];
  const sum = (side: Side) => data.filter(from(side)).reduce((total, { bytes }) => total + bytes, 0);
  return {
    connected: of('tcpConnect').length > 0,
    tcpErrors: of('tcpError').map(({ code }) => code),
    clientHello: of('clientHello').at(-1),
    serverHello: hellos.findLast(({ helloRetryRequest }) => !helloRetryRequest),
    helloRetryRequest: hellos.some(({ helloRetryRequest }) => helloRetryRequest),
    alpn: [...hellos, ...of('encryptedExtensions')].findLast(({ alpn }) => alpn !== undefined)?.alpn,
    certificateRequest: of('certificateRequest').at(-1),
    serverCertificates: of('certificate').findLast(from('server'))?.certificates,
    clientCertificates: of('certificate').findLast(from('client'))?.certificates,
    clientProvedKey: of('certificateVerify').some(from('client')),
    serverFinished: finished.some(from('server')),
    clientFinished: finished.some(from('client')),
    alerts: of('alert'),
    tickets: tickets.length,
    firstTicketAt: tickets[0]?.at,
    applicationData: { client: sum('client'), server: sum('server') },
    applicationProtocol: data.find((event) => event.from === 'server' && event.looksLike)?.looksLike,
    notTls: of('plaintext').find(from('server')),
    partial: partial.find(from('server')),
    ended: ending(events),
    undecodable: of('undecodable'),
  };
}

function from(side: Side) {
  return (event: WireEvent): boolean => event.from === side;
}

function ending(events: readonly WireEvent[]): WireFacts['ended'] {
  for (const { kind, from: by, at } of events) {
    if (kind === 'fin' || kind === 'rst' || kind === 'close') return { by, how: kind, at };
    if (kind === 'tcpError') return { by, how: 'error', at };
  }
  return undefined;
}
