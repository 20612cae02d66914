import { createSecureContext, type SecureContext } from 'node:tls';
import { SapcertError } from '../errors.js';
import { throwIfAborted } from './abort.js';
import { DeviceConnection } from './device-connection.js';
import { type TlsIdentity, tlsIdentityOf } from './identity.js';
import { type LinkOptions, loadMqtt } from './mqtt-client.js';
import { MqttLink } from './mqtt-link.js';
import { PacketIds } from './packet-ids.js';
import { openSecureSocket } from './secure-socket.js';
import type { OpenLink } from './session.js';
import { resolveSettings, type Settings } from './settings.js';
import { defaultRoots, readRoots } from './trust.js';
import type { ConnectDeviceOptions } from './types.js';

/**
 * Connects a device to its gateway with its bundle as it is: no key is written anywhere.
 *
 * @throws SapcertError `usage.invalid`; `file.*`, `key.*` (the bundle); `ca-file.unusable`; `dns.*`, `tcp.*`,
 *   `tls.*`, `mqtt.*` (why the first connection did not come about); `interrupted`
 */
export async function connectDevice(options: ConnectDeviceOptions): Promise<DeviceConnection> {
  throwIfAborted(options.signal);
  const { identity, hints } = await tlsIdentityOf(options);
  const settings = resolveSettings(options, identity, hints);
  const connection = new DeviceConnection(
    settings,
    linkOpener(settings, options, secureContextOf(options, identity)),
  );
  return connection.start(options.signal);
}

function linkOpener(
  settings: Settings,
  options: ConnectDeviceOptions,
  secureContext: SecureContext,
): OpenLink {
  const { host, port, connectTimeout: timeout } = settings;
  const { servername, alpn } = options;
  const packetIds = new PacketIds();
  const open = async (signal: AbortSignal, patience?: number): Promise<MqttLink> => {
    const target = { host, port, servername, secureContext, alpn, timeout, patience, signal };
    const [socket] = await Promise.all([openSecureSocket(target), loadMqtt()]);
    return MqttLink.open(socket, { ...linkOptions(settings, options), packetIds, signal });
  };
  return async (signal) => {
    try {
      return await open(signal);
    } catch (error) {
      if (!mayHideAnAlert(error)) throw error;
      return open(signal, alertPatience);
    }
  };
}

/** Milliseconds in which a server that is not too far away has said that it refuses a certificate. */
const alertPatience = 500;

/**
 * A server of TLS 1.3 that refuses the client's certificate while the CONNECT is on its way resets the
 * connection, and with that its own alert, which alone tells why. Asked once more, with patience, it tells.
 */
function mayHideAnAlert(error: unknown): boolean {
  return (
    error instanceof SapcertError &&
    (error.code === 'tcp.reset' || error.code === 'mqtt.closed-before-connack')
  );
}

function linkOptions(
  settings: Settings,
  { username, password }: ConnectDeviceOptions,
): Omit<LinkOptions, 'packetIds' | 'signal'> {
  const { host, port, clientId, mqttVersion, clean, sessionExpiry, keepalive, connectTimeout, profile } =
    settings;
  return {
    endpoint: `${host}:${port}`,
    clientId,
    mqttVersion,
    clean,
    sessionExpiry,
    keepalive,
    username,
    password: password instanceof Uint8Array ? Buffer.from(password) : password,
    timeout: connectTimeout,
    maximumPacketSize: profile.maximumPacketSize,
  };
}

/** Made once for all reconnects: parsing the roots takes time. */
function secureContextOf(options: ConnectDeviceOptions, identity: TlsIdentity | undefined): SecureContext {
  const { ca, tlsVersion } = options;
  const roots = ca === undefined ? defaultRoots() : readRoots(ca);
  const version = tlsVersion === undefined ? undefined : (`TLSv${tlsVersion}` as const);
  try {
    return createSecureContext({
      ...(roots === undefined ? {} : { ca: [...roots] }),
      minVersion: version ?? 'TLSv1.2',
      ...(version === undefined ? {} : { maxVersion: version }),
      ...(identity === undefined ? {} : { key: identity.key, cert: identity.cert }),
    });
  } catch (cause) {
    const message = "TLS cannot use the device's key and certificate";
    throw new SapcertError('tls.client-certificate-unusable-key-type', message, { cause });
  }
}
