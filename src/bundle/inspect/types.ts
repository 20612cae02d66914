import type { ErrorCode } from '../../codes.js';
import type { Place } from '../../errors.js';
import type { BundleOptions } from '../bundle.js';
import type { DeviceName } from '../device-name.js';
import type { InputFormat } from '../material.js';
import type { CertificateSummary } from '../strip.js';
import type { BlockPlace, KeyEncryption, WarningCode } from '../types.js';
import type { ConnectionHints } from '../wrapped.js';
import type { InspectedStore } from './store.js';

export interface InspectOptions extends BundleOptions {
  /** The moment to which days left, expired and not yet valid refer; now by default. */
  readonly now?: Date | undefined;
  /**
   * Milliseconds. A certificate that ends within them, or has ended, is a problem. Without it what ends within 30
   * days is a warning.
   */
  readonly expiresWithin?: number | undefined;
  /** Certificates from elsewhere that may fill a gap of the chain, such as those an AIA URL led to. */
  readonly issuers?: readonly ForeignIssuer[] | undefined;
}

export interface ForeignIssuer {
  /** DER, as read by X509Certificate before. */
  readonly certificate: Uint8Array;
  /** Where it came from, in words or as a URL. */
  readonly from: string;
}

/** All that can be told about an input. Plain data: it can be written as JSON. */
export interface Inspection {
  readonly format: InputFormat;
  /** The PEM blocks of the input in their order, also those that are neither key nor certificate. */
  readonly blocks: readonly InspectedBlock[];
  /** The PKCS#12 files of the input; one of a JSON download is among them. */
  readonly stores: readonly InspectedStore[];
  readonly keys: readonly InspectedKey[];
  /** In the order of the input. */
  readonly certificates: readonly InspectedCertificate[];
  /** The number of the device's own certificate; absent where there is none, or only authorities are. */
  readonly leaf?: number | undefined;
  /** From each certificate that issued no other one upwards, the device's first. */
  readonly chains: readonly InspectedChain[];
  /** What ends first: of the device's certificate and its issuers, or of all where there is no device's. */
  readonly expiry?: Expiry | undefined;
  /** Host, port and client id, where the input names them (JSON downloads). */
  readonly connection: ConnectionHints;
  /** Whether the input brings its secret along (JSON downloads). */
  readonly bringsSecret: boolean;
  /** What makes it unusable: expired, key of another certificate, a secret that does not open the key, … */
  readonly problems: readonly Finding[];
  /** What is weak, what was mended, and what may surprise. */
  readonly warnings: readonly Finding[];
}

export interface InspectedBlock {
  readonly label: string;
  readonly place: BlockPlace;
}

export interface InspectedKey {
  readonly place: Place;
  /** The PEM label, or what the DER turned out to be, in the same words. */
  readonly label: string;
  /** How it is protected; absent: it is not encrypted. */
  readonly encryption?: KeyEncryption | undefined;
  /**
   * `open`: it was opened, with the secret or because it needs none. `locked`: it needs a secret, and none was
   * given. `refused`: it cannot be opened; `problems` says why.
   */
  readonly state: 'open' | 'locked' | 'refused';
  /** As node:crypto names it: `rsa`, `ec`, `ed25519`, …, or what it is in words; absent while a secret hides it. */
  readonly type?: string | undefined;
  /** Bits of an RSA or DSA modulus, or the name of an EC curve; known of an open key. */
  readonly size?: number | string | undefined;
  /** PKCS#12 friendlyName, where there was one. */
  readonly friendlyName?: string | undefined;
  /** Of an open key: the numbers of the certificates that belong to it. */
  readonly certificates?: readonly number[] | undefined;
}

/**
 * `leaf`: of a device or server. `intermediate`: of an authority that another one signed. `root`: of an authority
 * that signed itself.
 */
export type CertificateRole = 'leaf' | 'intermediate' | 'root';

/** What a certificate says of itself (RFC 5280), whatever stands beside it. */
export interface DescribedCertificate extends CertificateSummary {
  /** The most specific CN, without escapes: it may hold anything. */
  readonly commonName?: string | undefined;
  readonly issuerCommonName?: string | undefined;
  /** The parts of the CN where it has SAP's form. */
  readonly device?: DeviceName | undefined;
  /** 3 for all that have extensions. */
  readonly version: number;
  readonly key: { readonly type: string; readonly size: number | string | undefined };
  /** For example `sha256WithRSAEncryption`, `ecdsa-with-SHA256`, `RSASSA-PSS with SHA256`; an OID where it has no name. */
  readonly signatureAlgorithm: string;
  /** It names itself as its issuer. */
  readonly selfIssued: boolean;
  readonly isCa: boolean;
  /** How many more authorities may stand below this one. */
  readonly pathLength?: number | undefined;
  /** RFC 5280 section 4.2.1.3 names; absent: not restricted. */
  readonly keyUsage?: readonly string[] | undefined;
  /** `clientAuth`, `serverAuth`, … or an OID; absent: not restricted. */
  readonly extendedKeyUsage?: readonly string[] | undefined;
  /** As `DNS:example.com`, `IP:192.0.2.1`. */
  readonly alternativeNames: readonly string[];
  /** Authority information access: where the issuer's certificate can be had. */
  readonly caIssuers: readonly string[];
  readonly ocsp: readonly string[];
  readonly crl: readonly string[];
  /** Hexadecimal with colons. */
  readonly subjectKeyIdentifier?: string | undefined;
  readonly authorityKeyIdentifier?: string | undefined;
  /** Critical extensions that few programs know: what does not know one must refuse the certificate. */
  readonly otherCritical: readonly string[];
  readonly pem: string;
}

export interface InspectedCertificate extends DescribedCertificate {
  /** 1 for the first of the input; those from elsewhere come last. */
  readonly number: number;
  readonly place: Place;
  readonly role: CertificateRole;
  readonly validity: 'valid' | 'expired' | 'not-yet-valid';
  /** Whole days until notAfter; negative once it is past. */
  readonly daysLeft: number;
  /** PKCS#12 friendlyName, where there was one. */
  readonly friendlyName?: string | undefined;
  /** Not of the input: where it came from. */
  readonly from?: string | undefined;
}

export interface InspectedChain {
  /** The numbers of its certificates, each followed by its issuer. */
  readonly certificates: readonly number[];
  /** Absent: it ends in a root. */
  readonly missing?: MissingIssuer | undefined;
}

export interface MissingIssuer {
  /** The subject of the certificate that is missing, on one line. */
  readonly subject: string;
  /** `CN=` and its common name, or all of its subject where it has none. It may hold anything. */
  readonly name: string;
  /** Its key identifier, where the certificate that it issued names it. */
  readonly keyIdentifier?: string | undefined;
  /** Why it is needed, or why what bears its name will not do. A clause without a full stop. */
  readonly because: string;
  /** Where it can be had, by the certificate that it issued (RFC 5280 section 4.2.2.1). Never fetched here. */
  readonly urls: readonly string[];
}

export interface Expiry {
  /** ISO 8601, UTC. */
  readonly notAfter: string;
  readonly daysLeft: number;
  /** The number of the certificate. */
  readonly certificate: number;
}

/** One thing that was found out about an input. */
export interface Finding {
  readonly code: ErrorCode | WarningCode;
  /** Lower case, no full stop, no secret. */
  readonly message: string;
  readonly hint?: string | undefined;
  readonly place?: Place | undefined;
  /** The number of the certificate that it is about. */
  readonly certificate?: number | undefined;
}
