import { randomBytes } from 'node:crypto';
import type { ConnectionHints } from '../bundle/index.js';
import { SapcertError } from '../errors.js';
import { parseHost } from '../host.js';
import { type DeviceTopics, type MqttVersion, type Profile, profiles } from '../profiles.js';
import type { TlsIdentity } from './identity.js';
import type { ReconnectPolicy } from './supervisor.js';
import type { ConnectDeviceOptions } from './types.js';

/** Everything about a connection but its secrets, worked out and checked. Times are in milliseconds. */
export interface Settings {
  readonly profile: Profile;
  readonly host: string;
  readonly port: number;
  readonly deviceId: string | undefined;
  readonly clientId: string;
  readonly topics: DeviceTopics;
  readonly mqttVersion: MqttVersion;
  readonly clean: boolean;
  /** Seconds, for a persistent session. */
  readonly sessionExpiry: number | undefined;
  /** Seconds. */
  readonly keepalive: number;
  /** The gateway's own acknowledgement is waited for. */
  readonly ack: boolean;
  readonly ackTimeout: number;
  readonly pubackTimeout: number;
  readonly connectTimeout: number;
  readonly window: number | undefined;
  readonly queueLimit: number;
  readonly reconnect: ReconnectPolicy | undefined;
}

/**
 * What follows from the options, the bundle and the profile, in this order of preference.
 *
 * @throws SapcertError `usage.invalid`
 */
export function resolveSettings(
  options: ConnectDeviceOptions,
  identity: TlsIdentity | undefined,
  hints: ConnectionHints,
): Settings {
  const profile = profiles[options.profile ?? 'sap-iot'];
  if (profile === undefined) throw invalid(`there is no profile ${JSON.stringify(options.profile)}`);
  const target = parseHost(
    required(options.host ?? hints.host, 'a host', 'name the gateway: --host HOST, or host in a call'),
  );
  const clientId = options.clientId ?? hints.clientId ?? clientIdOf(profile, options.deviceId, identity);
  const deviceId =
    options.deviceId ?? hints.deviceId ?? identity?.deviceName?.deviceId ?? ownName(profile, clientId);
  const topics = topicsOf(profile, deviceId, options.topics, hints);
  const clean = (options.session ?? 'clean') === 'clean';
  if (!clean && profile.cleanSessionOnly) throw invalid(`${profile.title} wants clean sessions`);
  const ack = (options.ack ?? true) && topics.acknowledgements !== undefined;
  return {
    profile,
    host: target.host,
    port: inRange('port', options.port ?? target.port ?? hints.port ?? profile.defaultPort, 1, 65_535),
    deviceId,
    clientId,
    topics,
    mqttVersion: options.mqttVersion ?? profile.mqttVersions[0],
    clean,
    sessionExpiry: clean ? undefined : (options.sessionExpiry ?? 3600),
    keepalive: inRange('keepalive', options.keepalive ?? 60, 0, 65_535),
    ack,
    ackTimeout: inRange('ackTimeout', options.ackTimeout ?? 30_000, 1),
    pubackTimeout: inRange('pubackTimeout', options.pubackTimeout ?? 20_000, 1),
    connectTimeout: inRange('connectTimeout', options.connectTimeout ?? 10_000, 1),
    window: options.window === undefined ? undefined : inRange('window', options.window, 1, 65_535),
    queueLimit: inRange('queueLimit', options.queueLimit ?? 1000, 1),
    reconnect: policyOf(options),
  };
}

/** @throws SapcertError `usage.invalid` if one cannot publish to it (MQTT 3.1.1 section 4.7) */
export function checkTopic(topic: string): string {
  if (topic === '') throw invalid('the topic is empty');
  if (/[+#\0]/.test(topic))
    throw invalid(`one cannot publish to a topic with + or #: ${JSON.stringify(topic)}`);
  if (Buffer.byteLength(topic) > 65_535) throw invalid('the topic is longer than 65535 bytes');
  return topic;
}

export function invalid(message: string, hint?: string): SapcertError {
  return new SapcertError('usage.invalid', message, { hint });
}

function clientIdOf(
  profile: Profile,
  deviceId: string | undefined,
  identity: TlsIdentity | undefined,
): string {
  const named = identity?.deviceName?.deviceId;
  switch (profile.clientId) {
    case 'device-id':
      return required(
        named ?? deviceId,
        'a device id',
        'the certificate names none: give one with deviceId (--device-id)',
      );
    case 'common-name':
      return required(
        identity?.commonName ?? deviceId,
        'a client id',
        'give one with clientId (--client-id)',
      );
    case 'any':
      return deviceId ?? named ?? identity?.commonName ?? `sapcert-${randomBytes(6).toString('hex')}`;
  }
}

/** Where the client id has to be the device's name it can stand for it. */
function ownName(profile: Profile, clientId: string): string | undefined {
  return profile.clientId === 'any' ? undefined : clientId;
}

function topicsOf(
  profile: Profile,
  deviceId: string | undefined,
  given: DeviceTopics = {},
  hints: ConnectionHints,
): DeviceTopics {
  const usual = profile.topics(deviceId ?? '');
  const topics = {
    publish: given.publish ?? hints.measuresTopic ?? usual.publish,
    acknowledgements: given.acknowledgements ?? usual.acknowledgements,
    commands: given.commands ?? hints.commandsTopic ?? usual.commands,
    errors: given.errors ?? usual.errors,
  };
  if (topics.publish !== undefined) checkTopic(topics.publish);
  return topics;
}

function policyOf({ reconnect }: ConnectDeviceOptions): ReconnectPolicy | undefined {
  if (reconnect === false) return undefined;
  return {
    minimumDelay: inRange('minimumDelay', reconnect?.minimumDelay ?? 500, 1),
    maximumDelay: inRange('maximumDelay', reconnect?.maximumDelay ?? 30_000, 1),
    giveUpAfter: reconnect?.giveUpAfter ?? Number.POSITIVE_INFINITY,
    maximumRefusals: inRange('maximumRefusals', reconnect?.maximumRefusals ?? 3, 1),
    first: reconnect?.first ?? false,
  };
}

function inRange(name: string, value: number, lowest: number, highest = Number.MAX_SAFE_INTEGER): number {
  if (value >= lowest && value <= highest) return value;
  throw invalid(
    `${name} is ${value}, not a number from ${lowest} on${highest < 1e9 ? ` to ${highest}` : ''}`,
  );
}

function required(value: string | undefined, what: string, hint: string): string {
  if (value !== undefined && value !== '') return value;
  throw invalid(`there is no ${what.replace(/^an? /, '')}`, hint);
}
