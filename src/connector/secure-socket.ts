import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { interruption, onAbort, throwIfAborted } from './abort.js';
import { closedError, networkError, timeoutError, type ConnectPhase } from './network-errors.js';

export interface SecureSocketOptions {
  readonly host: string;
  readonly port: number;
  readonly servername?: string | undefined;
  readonly secureContext: SecureContext;
  readonly alpn?: readonly string[] | undefined;
  /** Milliseconds for TCP, and once more for TLS. */
  readonly timeout: number;
  /**
   * Milliseconds to wait, after the handshake, for a server that refuses the client's certificate: in TLS 1.3 it
   * does so when the client is done already (RFC 8446 section 4.4.2.4), and what the client sends by then can
   * destroy the alert on its way. A session ticket ends the wait: it was accepted.
   */
  readonly patience?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects and completes the TLS handshake; the server's certificate and its name are always verified.
 *
 * @throws SapcertError `dns.*`, `tcp.*`, `tls.*`; `interrupted` when the signal fires
 */
export async function openSecureSocket(options: SecureSocketOptions): Promise<TLSSocket> {
  const { host, port, timeout, patience } = options;
  throwIfAborted(options.signal);
  const socket = connect({
    host,
    port,
    ...serverName(options),
    secureContext: options.secureContext,
    rejectUnauthorized: true,
    ...(options.alpn === undefined ? {} : { ALPNProtocols: [...options.alpn] }),
  });
  socket.setNoDelay(true);
  // Between two who wait for it an error must find somebody, too; it stays in `socket.errored`.
  socket.on('error', () => undefined);
  await reach(socket, { name: 'tcp', event: 'connect', limit: timeout }, options);
  await reach(socket, { name: 'tls', event: 'secureConnect', limit: timeout }, options);
  if (patience !== undefined) {
    await reach(socket, { name: 'mqtt', event: 'session', limit: patience, optional: true }, options);
  }
  return socket;
}

/** RFC 6066 section 3: an address is no server name. */
function serverName({ host, servername }: SecureSocketOptions): { readonly servername?: string } {
  const name = servername ?? host;
  return isIP(name) === 0 ? { servername: name } : {};
}

interface Phase {
  readonly name: ConnectPhase;
  /** What one waits for. */
  readonly event: string;
  /** Milliseconds. */
  readonly limit: number;
  /** The end of the time is as good as the event. */
  readonly optional?: boolean;
}

/** Waits for one event of the socket; whatever comes instead destroys it. */
function reach(socket: TLSSocket, phase: Phase, { host, port, signal }: SecureSocketOptions): Promise<void> {
  const { name, event, limit, optional = false } = phase;
  const endpoint = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const onReady = (): void => finish();
    const onError = (cause: unknown): void => finish(networkError(cause, name, endpoint));
    const onClose = (): void => finish(closedError(name, endpoint));
    const onTimeout = (): void => finish(optional ? undefined : timeoutError(name, endpoint, limit));
    const timer = setTimeout(onTimeout, limit);
    let forget: (() => void) | undefined;
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      forget?.();
      socket.off(event, onReady).off('error', onError).off('close', onClose);
      if (error === undefined) {
        resolve();
        return;
      }
      socket.destroy();
      reject(error);
    };
    socket.on(event, onReady).on('error', onError).on('close', onClose);
    forget = onAbort(signal, () => finish(interruption()));
  });
}
