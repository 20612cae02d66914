/** What listens on the port. */
export type PortKind =
  /** The gateway: MQTT over TLS. */
  | 'gateway'
  | 'plain-mqtt'
  | 'http'
  | 'https'
  /** Takes connections and says nothing. */
  | 'silent'
  /** Ends each connection at once. */
  | 'closes'
  /** Resets each connection at once. */
  | 'resets'
  /** Sends the first part of the server's TLS flight and nothing after it. */
  | 'stalls';

export type ServerCertificate =
  | 'good'
  | 'expired'
  | 'not-yet-valid'
  /** Issued by an authority that no client of this sandbox has. */
  | 'foreign-authority'
  | 'other-host'
  | 'without-intermediate'
  | 'self-signed'
  /** RSA with 1024 bits. */
  | 'weak-key'
  /** A P-256 key, for `TlsLimit` `ec-signatures-only`. */
  | 'ec-key';

export type TlsLimit =
  | 'none'
  /** Nothing newer than TLS 1.1. */
  | 'old-version'
  /** A single cipher suite that its certificate does not fit. */
  | 'no-common-cipher'
  | 'server-name-refused'
  /** MQTT only for clients that ask for it by ALPN, HTTPS for the others. */
  | 'alpn-required'
  /** Takes ECDSA signatures only: a device with an RSA key cannot show its certificate. */
  | 'ec-signatures-only';

/** Which certificates the gateway verifies devices against. */
export type DeviceTrust =
  /** The authority that issued the device certificates, and the root above it. */
  | 'issuer'
  /** The root alone: a device has to send the intermediate with its leaf. */
  | 'root-only'
  /** An authority that issued none of the device certificates. */
  | 'foreign';

/** What kind of certificate the sandbox hands to its devices. */
export type DeviceCertificate = 'good' | 'expired' | 'not-yet-valid' | 'server-purpose';

/** Where a device certificate is verified. SAP's gateway does it after TLS, most brokers within. */
export type VerifiedAt =
  | { readonly layer: 'mqtt' }
  /** `alert`: the TLS alert for every refused certificate instead of the one that fits the reason. */
  | { readonly layer: 'tls'; readonly alert?: number };

export type Connack =
  | { readonly kind: 'as-due' }
  | { readonly kind: 'code'; readonly returnCode: 1 | 2 | 3 | 4 | 5 }
  | { readonly kind: 'close' }
  | { readonly kind: 'silence' }
  /** Bytes that are no CONNACK. */
  | { readonly kind: 'garbage' };

/** Everything in which a gateway can misbehave; a fault changes some of it. */
export interface Behaviour {
  readonly port: PortKind;
  readonly serverCertificate: ServerCertificate;
  readonly tlsLimit: TlsLimit;
  readonly requestsCertificate: boolean;
  readonly verifiedAt: VerifiedAt;
  readonly deviceTrust: DeviceTrust;
  readonly deviceCertificate: DeviceCertificate;
  /** `crl`: the devices stand on the authority's revocation list; `blocked`: the broker alone refuses them. */
  readonly revoked: 'no' | 'crl' | 'blocked';
  readonly connack: Connack;
  readonly subscribe: 'granted' | 'refused';
  readonly publish: 'taken' | 'closes';
  /** The highest QoS that a device may publish with; above it the connection is closed. */
  readonly maximumQos: 0 | 1 | 2;
  /** Bytes of payload above which the connection is closed. */
  readonly maximumPayload: number;
  readonly acknowledgement: 'as-due' | 'none' | 'refused' | 'late';
  /** Packets of the broker that are lost on their way. */
  readonly loses: 'nothing' | 'puback' | 'pingresp';
  /** Everything that the broker says arrives late. */
  readonly slow: boolean;
  /** What happens to a connection again and again. */
  readonly periodically: 'nothing' | 'cut' | 'taken-over';
}

/** SAP's gateway as it behaves when all is well. */
export const usualBehaviour: Behaviour = {
  port: 'gateway',
  serverCertificate: 'good',
  tlsLimit: 'none',
  requestsCertificate: true,
  verifiedAt: { layer: 'mqtt' },
  deviceTrust: 'issuer',
  deviceCertificate: 'good',
  revoked: 'no',
  connack: { kind: 'as-due' },
  subscribe: 'granted',
  publish: 'taken',
  maximumQos: 2,
  maximumPayload: Number.POSITIVE_INFINITY,
  acknowledgement: 'as-due',
  loses: 'nothing',
  slow: false,
  periodically: 'nothing',
};
