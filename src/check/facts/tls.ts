import type { CertificateFacts } from './certificate.js';
import type { AlertFacts, ConnectionEnd } from './connection.js';

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
  /** Its SHA-256: the CA file may hold several of one name. */
  readonly anchorSha256?: string;
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
