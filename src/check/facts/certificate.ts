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
