/** The kinds of gateway that sapcert knows how to talk to. */
export type ProfileName = 'sap-iot' | 'generic' | 'cumulocity';

/** MQTT protocol versions by the names that their specifications bear. */
export type MqttVersion = '3.1' | '3.1.1' | '5';

/** TLS protocol versions that are still in use (RFC 5246, RFC 8446). */
export type TlsVersion = '1.2' | '1.3';

/** The topics of one device at a gateway; what is absent the gateway does not have, or does not prescribe. */
export interface DeviceTopics {
  /** Where a device publishes what it measures. */
  readonly publish?: string | undefined;
  /** Where the gateway says what became of a measure. */
  readonly acknowledgements?: string | undefined;
  readonly commands?: string | undefined;
  /** Where the gateway reports errors that belong to no single measure. */
  readonly errors?: string | undefined;
}

/** What one kind of gateway expects of an MQTT client. */
export interface Profile {
  readonly name: ProfileName;
  /** In words, for help and reports. */
  readonly title: string;
  readonly defaultPort: number;
  /** The versions the gateway speaks, the one to use by default first. */
  readonly mqttVersions: readonly [MqttVersion, ...MqttVersion[]];
  /**
   * What the client id has to be: the device id that the certificate's CN names, the CN as it stands, or
   * anything.
   */
  readonly clientId: 'device-id' | 'common-name' | 'any';
  /** @param deviceId the device's id, which is part of the topics at some gateways */
  readonly topics: (deviceId: string) => DeviceTopics;
  /**
   * Who says that a message arrived: the application behind the gateway, on a topic of its own, or only the
   * broker (PUBACK).
   */
  readonly acknowledgement: 'application' | 'broker';
  /** Bytes of a whole MQTT packet, where the gateway has a limit of its own. */
  readonly maximumPacketSize?: number | undefined;
  /** The gateway wants Clean Session to be set. */
  readonly cleanSessionOnly: boolean;
}

/**
 * One row for each kind of gateway.
 *
 * sap-iot: SAP's own Python SDK and device model (client id = device alternate id, MQTT 3.1.1 only).
 * cumulocity: "MQTT implementation" in Cumulocity's device integration guide: port 8883, MQTT 3.1 and 3.1.1, the
 * client id must match the CN, clean session required, 16184 bytes at most, SmartREST topics; `s/e` is for
 * development and no response channel, hence nothing subscribes to it unasked.
 */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  'sap-iot': {
    name: 'sap-iot',
    title: "SAP's IoT gateway",
    defaultPort: 8883,
    mqttVersions: ['3.1.1', '3.1'],
    clientId: 'device-id',
    topics: (deviceId) => ({
      publish: `measures/${deviceId}`,
      acknowledgements: `ack/${deviceId}`,
      commands: `commands/${deviceId}`,
    }),
    acknowledgement: 'application',
    cleanSessionOnly: false,
  },
  generic: {
    name: 'generic',
    title: 'any MQTT broker',
    defaultPort: 8883,
    mqttVersions: ['3.1.1', '5', '3.1'],
    clientId: 'any',
    topics: () => ({}),
    acknowledgement: 'broker',
    cleanSessionOnly: false,
  },
  cumulocity: {
    name: 'cumulocity',
    title: 'Cumulocity (SmartREST)',
    defaultPort: 8883,
    mqttVersions: ['3.1.1', '3.1'],
    clientId: 'common-name',
    topics: () => ({ publish: 's/us', commands: 's/ds', errors: 's/e' }),
    acknowledgement: 'broker',
    maximumPacketSize: 16_184,
    cleanSessionOnly: true,
  },
};

export function isProfileName(name: string): name is ProfileName {
  return Object.hasOwn(profiles, name);
}
