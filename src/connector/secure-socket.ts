import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { interruption, throwIfAborted } from './abort.js';
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
  const { host, port } = options;
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
  await phase('tcp', socket, 'connect', options);
  await phase('tls', socket, 'secureConnect', options);
  if (options.patience !== undefined) await phase('mqtt', socket, 'session', options);
  return socket;
}

/** RFC 6066 section 3: an address is no server name. */
function serverName({ host, servername }: SecureSocketOptions): { readonly servername?: string } {
  const name = servername ?? host;
  return isIP(name) === 0 ? { servername: name } : {};
}

/** Waits for one event of the socket; whatever comes instead destroys it, but for the end of patience. */
function phase(
  name: ConnectPhase,
  socket: TLSSocket,
  event: string,
  { host, port, timeout, patience = timeout, signal }: SecureSocketOptions,
): Promise<void> {
  const endpoint = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const onReady = (): void => finish();
    const onError = (cause: unknown): void => finish(networkError(cause, name, endpoint));
    const onClose = (): void => finish(closedError(name, endpoint));
    const onAbort = (): void => finish(interruption());
    const onTimeout = (): void => finish(name === 'mqtt' ? undefined : timeoutError(name, endpoint, timeout));
    const timer = setTimeout(onTimeout, name === 'mqtt' ? patience : timeout);
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      socket.off(event, onReady).off('error', onError).off('close', onClose);
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) {
        resolve();
        return;
      }
      socket.destroy();
      reject(error);
    };
    socket.on(event, onReady).on('error', onError).on('close', onClose);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort);
  });
}
