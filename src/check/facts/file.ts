import type { KeyEncryption, WarningCode } from '../../bundle/index.js';
import type { ErrorCode } from '../../codes.js';
import type { Place } from '../../errors.js';
import type { CertificateFacts } from './certificate.js';

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
