import { randomBytes } from 'node:crypto';
import { SapcertError } from '../errors.js';
import { isProfileName, profiles } from '../profiles.js';
import { stageNames } from './evidence.js';
import type { CheckOptions } from './options.js';
import { type FileProbe, certificateCn } from './probes/file.js';
import { parseHost, parsePort } from '../host.js';
import { type Target, asciiName, serverNameOf } from './target.js';

const defaultTimeout = 10_000;

/**
 * Works out what is checked: flags first, then what the input names, then the certificate, then the profile.
 *
 * @throws SapcertError `usage.invalid`
 */
export function planTarget(options: CheckOptions, file: FileProbe): Target {
  const hints = file.bundle?.connection ?? {};
  const profileName = options.profile ?? 'sap-iot';
  if (!isProfileName(profileName))
    throw usage(`no such profile: ${String(profileName)}`, 'use sap-iot, generic or cumulocity');
  const profile = profiles[profileName];
  const given = options.host ?? hints.host;
  // What the input would have named is not known when the input is at fault; then nothing is contacted anyway.
  const named =
    given === undefined && file.evidence.outcome === 'failed' ? { host: '' } : parseHost(given ?? '');
  const port = parsePort(
    options.port ??
      named.port ??
      (options.host === undefined ? hints.port : undefined) ??
      profile.defaultPort,
  );
  const asked = options.servername === undefined ? undefined : asciiName(options.servername);
  const serverName = serverNameOf(asked ?? named.host);
  const device = file.evidence.facts.device;
  const deviceId = options.deviceId ?? hints.deviceId ?? device?.deviceId;
  return {
    host: named.host,
    port,
    verifyName: serverName ?? asked ?? named.host,
    ...(serverName === undefined ? {} : { serverName }),
    serverNameGiven: asked !== undefined && asked !== named.host,
    profile: profileName,
    until: untilOf(options, file),
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(device === undefined ? {} : { ownDeviceId: device.deviceId }),
    ...clientIdOf(options, file, deviceId),
    mqttVersion: options.mqttVersion ?? (profile.mqttVersions[0] === '5' ? '5' : '3.1.1'),
    ...(options.tlsVersion === undefined ? {} : { tlsVersion: options.tlsVersion }),
    alpn: options.alpn ?? [],
    username: options.username !== undefined,
    password: options.password !== undefined,
    certificate: options.input !== undefined,
    timeoutMs: positive(options.timeout ?? defaultTimeout, 'the timeout'),
    watchMs: options.watch === undefined ? 0 : positive(options.watch, 'the time to watch'),
    experiments: options.experiments ?? true,
  };
}

/** What can be wrong with the options whatever the input holds: said before anything is read. */
export function checkOptions(options: CheckOptions): void {
  if (options.host !== undefined) parseHost(options.host);
  if (options.port !== undefined) parsePort(options.port);
  const { until } = options;
  if (until !== undefined && !stageNames.includes(until))
    throw usage(`no such stage: ${until}`, 'use dns, tcp, tls, mqtt or ack');
  if (options.measure !== undefined && options.publish !== undefined) {
    throw usage('either a measure or a message can be published, not both', 'leave one of the two out');
  }
}

/** A service key of SAP BTP names an HTTPS endpoint, where TLS is all that can be checked. */
function untilOf({ until, host, measure, publish }: CheckOptions, { bundle }: FileProbe): Target['until'] {
  if (until === undefined && host === undefined && bundle?.format === 'btp-json') return 'tls';
  return until ?? (measure === undefined && publish === undefined ? 'mqtt' : 'ack');
}

/** A gateway that wants no certain id gets one of ours, so that no running device is disconnected. */
function clientIdOf(
  options: CheckOptions,
  file: FileProbe,
  deviceId: string | undefined,
): Pick<Target, 'clientId' | 'clientIdFrom'> {
  const { clientId } = options;
  if (clientId !== undefined) return { clientId, clientIdFrom: 'option' };
  const hinted = file.bundle?.connection.clientId;
  if (hinted !== undefined) return { clientId: hinted, clientIdFrom: 'input' };
  if (options.deviceId !== undefined) return { clientId: options.deviceId, clientIdFrom: 'option' };
  if (deviceId !== undefined) return { clientId: deviceId, clientIdFrom: 'certificate' };
  const leaf = file.identity?.leaf.x509;
  const wanted = profiles[options.profile ?? 'sap-iot'].clientId;
  const cn = leaf === undefined || wanted === 'any' ? '' : certificateCn(leaf);
  return cn === ''
    ? { clientId: freshClientId(), clientIdFrom: 'random' }
    : { clientId: cn, clientIdFrom: 'certificate' };
}

/** An id that no device has. Letters and digits only, 23 at most: what every broker must take (MQTT-3.1.3-5). */
export function freshClientId(): string {
  return `sapcert${randomBytes(6).toString('hex')}`;
}

function positive(ms: number, what: string): number {
  if (Number.isFinite(ms) && ms > 0) return ms;
  throw usage(
    `${what} must be more than 0`,
    'give it in milliseconds, or on the command line as 10s or 500ms',
  );
}

function usage(message: string, hint: string): SapcertError {
  return new SapcertError('usage.invalid', message, { hint });
}
