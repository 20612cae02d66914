import type { Socket } from 'node:net';
import { createServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { alerts, plainAlert, protectedAlert } from './alert.js';
import { peerOf, verifyError } from './peer.js';
import { Relay } from './relay.js';

/** As OpenSSL maps the result of a verification to an alert (ssl/statem/statem_lib.c, x509table). */
const alertsByReason: ReadonlyMap<string, number> = new Map([
  ['CERT_HAS_EXPIRED', alerts.certificateExpired],
  ['CERT_NOT_YET_VALID', alerts.badCertificate],
  ['CERT_REVOKED', alerts.certificateRevoked],
  ['INVALID_PURPOSE', alerts.unsupportedCertificate],
  ['UNABLE_TO_GET_ISSUER_CERT', alerts.unknownCa],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', alerts.unknownCa],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', alerts.unknownCa],
  ['SELF_SIGNED_CERT_IN_CHAIN', alerts.unknownCa],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', alerts.unknownCa],
]);

export interface RefusalInTls {
  readonly alert: number;
  readonly deviceId: string | undefined;
  readonly reason: string;
}

export interface Handlers {
  readonly accepted: (socket: TLSSocket) => void;
  readonly refused: (refusal: RefusalInTls) => void;
}

/**
 * Serves TLS on a socket and refuses a bad client certificate with an alert, where most brokers do it: while
 * the client still waits for the end of the handshake. Node verifies only afterwards and then closes without
 * a word; so what it sends last is held back until the certificate is judged, and replaced by the alert when
 * it is refused. In TLS 1.3 that is the first protected record after the server's flight.
 */
export function serveVerifying(
  socket: Socket,
  options: TlsOptions,
  forcedAlert: number | undefined,
  handlers: Handlers,
): void {
  const held: Buffer[] = [];
  let phase: 'flight' | 'flight-sent' | 'holding' | 'judged' = 'flight';
  let trafficSecret: Buffer | undefined;

  const relay = new Relay(socket, {
    outgoing: (chunk) => {
      if (phase !== 'holding') return chunk;
      held.push(chunk);
      return undefined;
    },
    incoming: () => {
      if (phase === 'flight-sent') phase = 'holding';
    },
  });
  const release = (): void => {
    phase = 'judged';
    if (held.length > 0) relay.send(Buffer.concat(held));
  };
  const server = createServer({ ...options, ciphers: verifyingCiphers });
  server.on('keylog', (line) => {
    const [label, , secret = ''] = line.toString('ascii').trim().split(' ');
    // TLS 1.2: the client's flight is being read. TLS 1.3: the server's flight is being made.
    if (label === 'CLIENT_RANDOM') phase = 'holding';
    if (label !== 'SERVER_TRAFFIC_SECRET_0') return;
    trafficSecret = Buffer.from(secret, 'hex');
    phase = 'flight-sent';
  });
  server.on('tlsClientError', () => release());
  server.on('secureConnection', (tls) => {
    const refusal = judge(tls, forcedAlert);
    if (refusal === undefined) {
      release();
      handlers.accepted(tls);
      return;
    }
    const { alert } = refusal;
    socket.end(trafficSecret === undefined ? plainAlert(alert) : protectedAlert(alert, trafficSecret));
    phase = 'holding';
    tls.on('error', () => undefined);
    tls.resume();
    handlers.refused(refusal);
  });
  server.emit('connection', relay);
}

/** The suite whose record protection `protectedAlert` knows, and for TLS 1.2 those with forward secrecy. */
const verifyingCiphers = 'TLS_AES_128_GCM_SHA256:ECDHE+AESGCM:ECDHE+CHACHA20';

function judge(tls: TLSSocket, forcedAlert: number | undefined): RefusalInTls | undefined {
  const peer = peerOf(tls);
  if (peer.kind === 'none') {
    const alert = tls.getProtocol() === 'TLSv1.3' ? alerts.certificateRequired : alerts.handshakeFailure;
    return { alert, deviceId: undefined, reason: 'no client certificate was shown' };
  }
  if (tls.authorized && forcedAlert === undefined) return undefined;
  const reason = tls.authorized ? 'this gateway refuses every certificate' : verifyError(tls);
  const alert = forcedAlert ?? alertsByReason.get(reason) ?? alerts.certificateUnknown;
  return { alert, deviceId: peer.kind === 'plain' ? undefined : peer.deviceId, reason };
}
