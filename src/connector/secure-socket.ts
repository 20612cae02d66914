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
  await phase('tcp', socket, 'connect', options);
  await phase('tls', socket, 'secureConnect', options);
  return socket;
}

/** RFC 6066 section 3: an address is no server name. */
function serverName({ host, servername }: SecureSocketOptions): { readonly servername?: string } {
  const name = servername ?? host;
  return isIP(name) === 0 ? { servername: name } : {};
}

/** Waits for one event of the socket; whatever comes instead destroys it. */
function phase(
  name: Exclude<ConnectPhase, 'mqtt'>,
  socket: TLSSocket,
  event: string,
  { host, port, timeout, signal }: SecureSocketOptions,
): Promise<void> {
  const endpoint = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const onReady = (): void => finish();
    const onError = (cause: unknown): void => finish(networkError(cause, name, endpoint));
    const onClose = (): void => finish(closedError(name, endpoint));
    const onAbort = (): void => finish(interruption());
    const timer = setTimeout(() => finish(timeoutError(name, endpoint, timeout)), timeout);
    const finish = (error?: Error): void => {
      clearTimeout(timer);
      socket.off(event, onReady).off('error', onError).off('close', onClose);
      signal?.removeEventListener('abort', onAbort);
      if (error === undefined) {
        resolve();
        return;
      }
      // A socket that is on its way down may still report errors, which say nothing new.
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    socket.on(event, onReady).on('error', onError).on('close', onClose);
    if (signal?.aborted === true) onAbort();
    else signal?.addEventListener('abort', onAbort);
  });
}
