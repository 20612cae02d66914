import type { MqttPacketView } from './mqtt/packets.js';
import type { PlaintextProtocol } from './plaintext.js';
import type { Endpoint, Side } from './recording.js';

/**
 * What happened on the wire, as plain data that survives `JSON.stringify`: DER is base64 text, and what a peer
 * sent as text holds no control characters. `at` is in milliseconds since the recording began, `bytes` the size
 * of the thing itself (a handshake message with its header, the plaintext of application data).
 */
interface Seen {
  readonly at: number;
  readonly from: Side;
  readonly bytes: number;
}

interface SeenInTls extends Seen {
  /** It was inside an encrypted record. */
  readonly encrypted: boolean;
}

export interface TcpConnectEvent extends Seen {
  readonly kind: 'tcpConnect';
  readonly ms: number;
  readonly local?: Endpoint | undefined;
  readonly remote?: Endpoint | undefined;
}

/** The connection failed, before or after it was established, and not by a reset. */
export interface TcpErrorEvent extends Seen {
  readonly kind: 'tcpError';
  /** ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH ... */
  readonly code: string;
}

export interface FinEvent extends Seen {
  readonly kind: 'fin';
}

export interface RstEvent extends Seen {
  readonly kind: 'rst';
  /** ECONNRESET where we read, EPIPE where we wrote. */
  readonly code: string;
}

/** The connection is gone. `from` ended it first. */
export interface CloseEvent extends Seen {
  readonly kind: 'close';
}

export interface ClientHelloEvent extends SeenInTls {
  readonly kind: 'clientHello';
  /** Highest first as the client lists them: `TLSv1.3`, `TLSv1.2`. */
  readonly versions: readonly string[];
  readonly serverName?: string | undefined;
  readonly alpn: readonly string[];
  readonly cipherSuites: readonly string[];
  readonly signatureAlgorithms: readonly string[];
  readonly groups: readonly string[];
  readonly keyShares: readonly string[];
  /** It offered to go on with an earlier session. */
  readonly resumption: boolean;
  /** The second ClientHello, after a HelloRetryRequest. */
  readonly afterRetry: boolean;
}

export interface ServerHelloEvent extends SeenInTls {
  readonly kind: 'serverHello';
  readonly version: string;
  readonly cipherSuite: string;
  readonly helloRetryRequest: boolean;
  readonly group?: string | undefined;
  readonly alpn?: string | undefined;
  /** An earlier session goes on: no certificates follow. */
  readonly resumed: boolean;
}

export interface EncryptedExtensionsEvent extends SeenInTls {
  readonly kind: 'encryptedExtensions';
  readonly alpn?: string | undefined;
  readonly serverNameAccepted: boolean;
}

export interface AuthorityName {
  /** RFC 4514: `CN=Device CA,O=Example`. */
  readonly name: string;
  /** The Name's DER, base64. */
  readonly der: string;
}

export interface CertificateRequestEvent extends SeenInTls {
  readonly kind: 'certificateRequest';
  /** The CA names asked for. None: any CA will do. */
  readonly authorities: readonly AuthorityName[];
  readonly signatureAlgorithms: readonly string[];
  /** TLS 1.2 only. */
  readonly certificateTypes: readonly string[];
  /** TLS 1.3, asked after the handshake. */
  readonly postHandshake: boolean;
}

export interface CertificateEvent extends SeenInTls {
  readonly kind: 'certificate';
  /** DER, base64, in the order of the wire. */
  readonly certificates: readonly string[];
  readonly empty: boolean;
  readonly ocspStapled: boolean;
}

export interface CertificateVerifyEvent extends SeenInTls {
  readonly kind: 'certificateVerify';
  readonly signatureAlgorithm: string;
}

export interface ServerKeyExchangeEvent extends SeenInTls {
  readonly kind: 'serverKeyExchange';
  readonly group?: string | undefined;
  readonly signatureAlgorithm?: string | undefined;
}

export interface NewSessionTicketEvent extends SeenInTls {
  readonly kind: 'newSessionTicket';
  readonly lifetimeSeconds: number;
}

export interface KeyUpdateEvent extends SeenInTls {
  readonly kind: 'keyUpdate';
  /** The sender wants the other side to change its keys too. */
  readonly requested: boolean;
}

/** Handshake messages of which only their being there is told. */
export interface PlainHandshakeEvent extends SeenInTls {
  readonly kind:
    | 'finished'
    | 'serverHelloDone'
    | 'clientKeyExchange'
    | 'certificateStatus'
    | 'helloRequest'
    | 'endOfEarlyData';
}

export interface OtherHandshakeEvent extends SeenInTls {
  readonly kind: 'handshakeMessage';
  readonly messageType: number;
  readonly name: string;
}

export interface AlertEvent extends SeenInTls {
  readonly kind: 'alert';
  /** These three are unknown where the alert is encrypted and its secret was not given. */
  readonly level?: 'warning' | 'fatal' | undefined;
  readonly number?: number | undefined;
  readonly name?: string | undefined;
}

export interface ChangeCipherSpecEvent extends SeenInTls {
  readonly kind: 'changeCipherSpec';
  /** False for the one that TLS 1.3 sends only to please middleboxes (RFC 8446 appendix D.4). */
  readonly effective: boolean;
}

export interface ApplicationDataEvent extends SeenInTls {
  readonly kind: 'applicationData';
  /** On the first that a side sends, where its bytes are recognised. */
  readonly looksLike?: PlaintextProtocol | undefined;
}

export interface EncryptedRecordEvent extends SeenInTls {
  readonly kind: 'encryptedRecord';
  readonly recordType: string;
  /** `lost-track`: an earlier record of this side could not be opened. */
  readonly why: 'no-secret' | 'unsupported-cipher' | 'lost-track';
}

/** A side that does not speak TLS. */
export interface PlaintextEvent extends Seen {
  readonly kind: 'plaintext';
  readonly protocol: PlaintextProtocol | 'unknown';
  /** The first line of what a server said, where it is text. Never what we said: it may hold a password. */
  readonly sample: string;
}

/** Part of a record, and nothing after it. */
export interface PartialRecordEvent extends Seen {
  readonly kind: 'partialRecord';
  readonly have: number;
  readonly need: number;
  readonly recordType: string;
  /** Milliseconds since its last byte. */
  readonly silentFor: number;
}

/** Whole records, but only part of the handshake message in them. */
export interface PartialMessageEvent extends Seen {
  readonly kind: 'partialMessage';
  readonly have: number;
  readonly need: number;
  readonly name: string;
  readonly silentFor: number;
}

export interface UndecodableEvent extends Seen {
  readonly kind: 'undecodable';
  /** Lower case, no full stop. */
  readonly why: string;
}

/** Nothing is known from here on: the recording reached its limit, or there were too many events. */
export interface RecordingCutEvent extends Seen {
  readonly kind: 'recordingCut';
}

export interface MqttEvent extends Seen {
  readonly kind: 'mqtt';
  readonly packet: MqttPacketView;
}

export type HandshakeEvent =
  | ClientHelloEvent
  | ServerHelloEvent
  | EncryptedExtensionsEvent
  | CertificateRequestEvent
  | CertificateEvent
  | CertificateVerifyEvent
  | ServerKeyExchangeEvent
  | NewSessionTicketEvent
  | KeyUpdateEvent
  | PlainHandshakeEvent
  | OtherHandshakeEvent;

/** What a TLS record said. These, and only these, have the field `encrypted`. */
export type TlsEvent =
  | HandshakeEvent
  | AlertEvent
  | ChangeCipherSpecEvent
  | ApplicationDataEvent
  | EncryptedRecordEvent;

/** What happened to the connection, or to the reading of it. */
export type ConnectionEvent =
  | TcpConnectEvent
  | TcpErrorEvent
  | FinEvent
  | RstEvent
  | CloseEvent
  | PlaintextEvent
  | PartialRecordEvent
  | PartialMessageEvent
  | UndecodableEvent
  | RecordingCutEvent;

export type WireEvent = ConnectionEvent | TlsEvent | MqttEvent;
