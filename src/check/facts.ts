import type { KeyEncryption, WarningCode } from '../bundle/index.js';
import type { ErrorCode } from '../codes.js';
import type { Place } from '../errors.js';

/**
 * What the probes saw, stage by stage. All of it is plain JSON: a saved report is diagnosed again from these
 * facts alone. Nothing here is secret; text that came from a peer is made printable before it gets here.
 */

/** A certificate as a diagnosis asks about it. */
export interface CertificateFacts {
  /** One line, in the order of the certificate. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256, hexadecimal with colons. */
  readonly sha256: string;
  readonly key: { readonly type: string; readonly bits?: number; readonly curve?: string };
  /** For example `sha256WithRSAEncryption`; an OID where the name is not known. */
  readonly signature: string;
  /** Basic constraints say that it may issue certificates. */
  readonly isCa: boolean;
  /** It names itself as issuer. */
  readonly selfIssued: boolean;
  /** `clientAuth`, `serverAuth`, `anyExtendedKeyUsage`, ... or an OID; absent: not restricted. */
  readonly extendedKeyUsage?: readonly string[];
  /** RFC 5280 section 4.2.1.3 names; absent: not restricted. */
  readonly keyUsage?: readonly string[];
  /** Subject alternative names as `DNS:example.com`, `IP:192.0.2.1`. */
  readonly names?: readonly string[];
  /** Where its issuer's certificate can be downloaded (RFC 5280 section 4.2.2.1). */
  readonly issuerUrls?: readonly string[];
}

export interface FileFacts {
  /** Whether the check has a device certificate at all. */
  readonly given: boolean;
  readonly name?: string;
  readonly format?: string;
  readonly key?: {
    readonly type: string;
    readonly bits?: number;
    readonly curve?: string;
    /** Absent: not encrypted. */
    readonly encryption?: KeyEncryption;
  };
  readonly leaf?: CertificateFacts;
  /** The issuers of the leaf that the input holds, in order. */
  readonly chain: readonly CertificateFacts[];
  /** Certificates of authorities in the input that do not lead from the leaf upwards. */
  readonly others?: readonly CertificateFacts[];
  /** Whether the input has them in the order that TLS sends them. */
  readonly inOrder?: boolean;
  /** The name of the issuer that is missing; absent: the chain ends at a root, or there is no certificate. */
  readonly missingIssuer?: string;
  /** What the CN says, where it is of a form that SAP issues. */
  readonly device?: { readonly deviceId: string; readonly form: string };
  /** Everything that is wrong with it. Not empty: nothing was contacted. */
  readonly defects: readonly FileDefect[];
  readonly notes: readonly { readonly code: WarningCode; readonly message: string }[];
  readonly trust: TrustFacts;
}

export interface FileDefect {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly place?: Place;
}

/** Which authorities the server's certificate is held against. */
export interface TrustFacts {
  readonly source: 'ca-file' | 'default';
  readonly name?: string;
  readonly count: number;
  /** What is in the CA file; absent for the default roots. */
  readonly certificates?: readonly CertificateFacts[];
}

export type AddressFamily = 4 | 6;

export interface DnsFacts {
  readonly name: string;
  /** The target was given as an address: nothing had to be looked up. */
  readonly literal: boolean;
  readonly addresses: readonly { readonly address: string; readonly family: AddressFamily }[];
  readonly error?: { readonly code: string; readonly message: string };
  readonly timedOut: boolean;
}

export type TcpOutcome = 'connected' | 'refused' | 'timeout' | 'unreachable' | 'reset' | 'failed';

export interface TcpAttempt {
  readonly address: string;
  readonly family: AddressFamily;
  readonly outcome: TcpOutcome;
  /** The system's error code, for example `ECONNREFUSED`. */
  readonly code?: string;
  readonly ms: number;
}

export interface TcpFacts {
  readonly port: number;
  /** In the order of the look-up. */
  readonly attempts: readonly TcpAttempt[];
  /** The address that the later stages use. */
  readonly used?: { readonly address: string; readonly family: AddressFamily };
  /** Whether this machine has an address of each family beyond loopback. */
  readonly local: { readonly ipv4: boolean; readonly ipv6: boolean };
}

/** How a connection ended, as far as it was seen. */
export interface ConnectionEnd {
  readonly by: 'server' | 'client';
  readonly how: 'fin' | 'rst' | 'error' | 'close';
  /** Milliseconds since the connection was begun. */
  readonly at: number;
}

export interface AlertFacts {
  readonly from: 'server' | 'client';
  readonly level?: 'warning' | 'fatal';
  /** Absent: it was encrypted and could not be read. */
  readonly number?: number;
  readonly name?: string;
  readonly at: number;
}

/** What is wrong with the chain that the server showed, found on our own from the certificates on the wire. */
export interface ServerVerdict {
  /** What the TLS library decided; absent: it did not get that far. */
  readonly trusted?: boolean;
  /** The TLS library's reason, for example `CERT_HAS_EXPIRED`. */
  readonly error?: string;
  /** Whether the certificate is for the name that was asked for; absent: there was none. */
  readonly nameMatches?: boolean;
  /** The names that it is for. */
  readonly certificateNames: readonly string[];
  /** The path leads to one of the authorities that are trusted. */
  readonly anchored: boolean;
  /** The subject of that authority. */
  readonly anchor?: string;
  /** Where the path breaks: the issuer that is neither on the wire nor trusted. */
  readonly missingIssuer?: string;
  /** The missing certificate was found among the device's own: the server's chain is incomplete for certain. */
  readonly completedByBundle: boolean;
  /** The default roots would have accepted it (only said where a CA file was given). */
  readonly defaultRootsAccept?: boolean;
  /** A trusted authority bears the issuer's name but has another key. */
  readonly sameNameOtherKey: boolean;
  /** The server's certificates do not stand in the order that TLS asks for. */
  readonly outOfOrder: boolean;
  /** The CA file holds the server's own certificate. */
  readonly leafIsInCaFile: boolean;
  /** A trusted authority and the missing issuer belong to the same organisation. */
  readonly issuerOfSameOrganisation: boolean;
}

/** How far a TLS handshake came. */
export type TlsReach = 'nothing' | 'server-hello' | 'client-flight' | 'secured' | 'settled';

export interface TlsFacts {
  readonly address: string;
  readonly offered: {
    readonly minVersion: string;
    readonly maxVersion: string;
    readonly serverName?: string;
    readonly alpn: readonly string[];
    /** IANA names; absent: no ClientHello went out. */
    readonly cipherSuites?: readonly string[];
    /** How many certificates we were ready to send; 0: none configured. */
    readonly certificates: number;
    /** The security level was lowered, because our own certificate cannot be loaded otherwise. */
    readonly loweredSecurity: boolean;
  };
  readonly reach: TlsReach;
  readonly version?: string;
  readonly cipher?: string;
  readonly alpn?: string;
  /** The server asked for a certificate. */
  readonly request?: {
    /** Names of authorities, RFC 4514; empty: any. */
    readonly authorities: readonly string[];
    readonly signatureAlgorithms: readonly string[];
    /** TLS 1.2 only. */
    readonly certificateTypes: readonly string[];
    /** The issuer of the certificate that we sent last is among them; absent: none was sent, or none were named. */
    readonly namesOurIssuer?: boolean;
  };
  /** What our Certificate message really held; absent: no such message was sent. */
  readonly sent?: {
    readonly certificates: number;
    readonly sha256: readonly string[];
    readonly provedKey: boolean;
  };
  /** As on the wire. */
  readonly serverChain: readonly CertificateFacts[];
  readonly verdict?: ServerVerdict;
  readonly alerts: readonly AlertFacts[];
  readonly tickets: number;
  readonly end?: ConnectionEnd;
  readonly timedOut: boolean;
  /** The server's first bytes were not TLS. */
  readonly notTls?: { readonly protocol: string; readonly sample: string };
  /** A record or message that was begun and never finished. */
  readonly partial?: { readonly have: number; readonly need: number; readonly what: string };
  /** Milliseconds between the server's last bytes and the end of our patience; absent: it was not that which ended it. */
  readonly quiet?: number;
  /** Milliseconds of the longest pause between bytes of the server; absent as `quiet` is, and where it never paused. */
  readonly pause?: number;
  /** What Node's TLS said, where it failed. */
  readonly error?: { readonly code: string; readonly message: string };
  readonly bytes: { readonly client: number; readonly server: number };
  /** From the ClientHello to the server's first answer: about one round trip. */
  readonly roundTrip?: number;
  /** How long nothing was sent after the handshake, to let a late refusal arrive. */
  readonly waited?: number;
  /** The size of a Diffie-Hellman group that the server chose (RFC 5246 section 7.4.3); absent where it is a curve. */
  readonly diffieHellmanBits?: number;
}

export type MqttReach = 'nothing' | 'connect-sent' | 'connected' | 'stayed';

export interface MqttFacts {
  readonly protocolVersion: '3.1.1' | '5';
  readonly clientId: string;
  readonly username: boolean;
  readonly password: boolean;
  readonly keepalive: number;
  readonly reach: MqttReach;
  readonly connack?: ConnackFacts;
  /** MQTT 5: the server said why it ended the connection. */
  readonly disconnect?: ReasonFacts & { readonly serverReference?: string };
  readonly subscriptions: readonly (ReasonFacts & { readonly topic: string; readonly granted: boolean })[];
  /** SUBACK came for this packet identifier, which is not that of our SUBSCRIBE. */
  readonly otherPacketId?: number;
  /** CONNECT to CONNACK, PINGREQ to PINGRESP. */
  readonly connackMs?: number;
  readonly pingMs?: number;
  /** Alerts that came after the handshake. */
  readonly alerts: readonly AlertFacts[];
  readonly end?: ConnectionEnd;
  /** What was under way when the connection ended or the time was up. */
  readonly during?: MqttStep;
  readonly timedOut: boolean;
  /** Bytes of a packet that was begun and never finished. */
  readonly partialBytes?: number;
  /** What came was not MQTT. */
  readonly malformed?: { readonly why: string; readonly protocol?: string; readonly sample: string };
  /** How long the connection was kept after CONNACK. */
  readonly stayedMs?: number;
}

export type MqttStep = 'connack' | 'suback' | 'puback' | 'ack' | 'pingresp' | 'watching';

/** A return or reason code with what the server added to it. */
export interface ReasonFacts {
  readonly code: number;
  /** Its name in the standard of the protocol version that was spoken. */
  readonly name: string;
  readonly reasonString?: string;
}

export interface ConnackFacts extends ReasonFacts {
  readonly sessionPresent: boolean;
  /** MQTT 5 properties of the answer, without the Reason String. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

export interface AckFacts {
  readonly publish?: {
    readonly topic: string;
    readonly qos: 0 | 1 | 2;
    readonly bytes: number;
    /** PUBACK or PUBREC; 3.1.1 has no codes: 0. */
    readonly acknowledged?: ReasonFacts;
    readonly ms?: number;
    /** PUBACK or PUBREC came for this packet identifier, which is not that of our message. */
    readonly otherPacketId?: number;
  };
  /** Where the acknowledgement is waited for. */
  readonly subscription?: ReasonFacts & { readonly topic: string; readonly granted: boolean };
  /** SUBACK came for this packet identifier, which is not that of our SUBSCRIBE. */
  readonly otherPacketId?: number;
  /** Why it was not even sent: what the server allows stands in its CONNACK. */
  readonly withheld?: { readonly why: 'qos' | 'size' | 'retain'; readonly limit: number };
  /** The topic on which the application acknowledges; absent: the profile has none. */
  readonly ackTopic?: string;
  readonly acks: readonly {
    readonly id?: string;
    readonly code: number;
    readonly messages: readonly string[];
  }[];
  /** How many acknowledgements came there for other messages than ours. */
  readonly otherAcks?: number;
  readonly malformed?: MqttFacts['malformed'] & object;
  readonly disconnect?: ReasonFacts;
  readonly end?: ConnectionEnd;
  readonly during?: MqttStep;
  readonly timedOut: boolean;
}
