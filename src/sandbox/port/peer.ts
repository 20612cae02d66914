import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { parseDeviceName } from '../../bundle/device-name.js';
import type { Peer } from './admission.js';

/** Who is at the other end of a finished handshake, as OpenSSL verified it. */
export function peerOf(socket: TLSSocket): Peer {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { kind: 'none' };
  const deviceId = deviceIdOf(certificate);
  if (socket.authorized) return { kind: 'verified', deviceId };
  return { kind: 'unverified', deviceId, reason: verifyError(socket) };
}

/** `certificate.subject` has the escapes of RFC 2253; the legacy form has the name as it is. */
function deviceIdOf(certificate: X509Certificate): string | undefined {
  const { CN } = certificate.toLegacyObject().subject;
  return typeof CN === 'string' ? parseDeviceName(CN)?.deviceId : undefined;
}

/** OpenSSL's name of what is wrong, such as `CERT_HAS_EXPIRED`: Node keeps it as text, its types say Error. */
export function verifyError(socket: TLSSocket): string {
  return String(socket.authorizationError);
}
