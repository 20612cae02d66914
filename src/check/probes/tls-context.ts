import type { KeyObject, X509Certificate } from 'node:crypto';
import {
  type SecureContext,
  type TLSSocket,
  DEFAULT_CIPHERS,
  checkServerIdentity,
  connect,
  createSecureContext,
} from 'node:tls';
import type { ServerVerdict } from '../facts/index.js';
import { errorWords } from '../printable.js';
import type { Connection } from './connection.js';

/** What we present in a handshake. */
export interface ClientIdentity {
  /** The leaf first. */
  readonly certificates: readonly X509Certificate[];
  readonly key: KeyObject;
}

export type OpensslVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export type Judge = (
  chain: readonly X509Certificate[],
  trusted: boolean | undefined,
) => Omit<ServerVerdict, 'trusted' | 'error'> | undefined;

export interface TlsOptions {
  /** The name or address that the server's certificate must be for. */
  readonly verifyName: string;
  readonly serverName?: string | undefined;
  readonly alpn: readonly string[];
  readonly minVersion: OpensslVersion;
  readonly maxVersion: OpensslVersion;
  readonly identity?: ClientIdentity | undefined;
  /** PEM of the authorities to trust; absent: Node's own. */
  readonly trust?: readonly string[] | undefined;
  /** How long nothing is sent after the handshake; by default as long as a late refusal needs. */
  readonly holdMs?: number | undefined;
  /** Nothing is said after the handshake: a late refusal is seen now or never. */
  readonly last?: boolean;
  /** Says what is wrong with the server's certificates. */
  readonly judge: Judge;
}

export interface TlsError {
  readonly code: string;
  readonly message: string;
}

export type Prepared =
  | { readonly context: SecureContext; readonly lowered: boolean }
  | { readonly error: TlsError };

/**
 * Loads what the handshake needs. A certificate of ours that is too weak for the TLS library is sent all the
 * same, at a lower security level: the server decides about it.
 */
export function prepareContext(options: TlsOptions): Prepared {
  const { identity, trust, minVersion, maxVersion } = options;
  const base = {
    minVersion,
    maxVersion,
    // An intermediate in the CA file is trusted as it stands; other clients want its root, and a warning says so.
    allowPartialTrustChain: true,
    ...(trust === undefined ? {} : { ca: [...trust] }),
    ...identityOptions(identity),
  };
  try {
    return { context: createSecureContext(base), lowered: false };
  } catch (error) {
    if (identity === undefined) return { error: errorWords(error) };
    try {
      return {
        context: createSecureContext({ ...base, ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0` }),
        lowered: true,
      };
    } catch {
      return { error: errorWords(error) };
    }
  }
}

/** Begins the handshake over a recorded connection. The server is verified, always. */
export function startTls(
  connection: Connection,
  options: TlsOptions,
  secureContext: SecureContext,
): TLSSocket {
  const { verifyName, serverName = '', alpn } = options;
  const secure = connect({
    socket: connection.stream,
    host: verifyName,
    servername: serverName,
    secureContext,
    rejectUnauthorized: true,
    // Without this, Node holds the certificate against whatever name it thinks it connected to.
    checkServerIdentity: (_, certificate) => checkServerIdentity(verifyName.replace(/%.*$/, ''), certificate),
    ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
  });
  secure.on('keylog', (line: Buffer) => connection.keylog.push(line.toString('latin1')));
  return secure;
}

/** The key goes from memory to memory: it never touches a file. */
function identityOptions(identity: ClientIdentity | undefined): {
  readonly cert?: string;
  readonly key?: string;
} {
  if (identity === undefined) return {};
  return {
    cert: identity.certificates.map((certificate) => certificate.toString()).join(''),
    key: identity.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
