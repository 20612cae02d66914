import type { SapcertError } from '../errors.js';
import type { DeviceTopics, MqttVersion, ProfileName } from '../profiles.js';

export type Qos = 0 | 1 | 2;

/** How a device reaches its gateway, and how what it sends is treated. Times are in milliseconds. */
export interface ConnectDeviceOptions {
  /**
   * Key and certificate in any form that `readBundle` takes, encrypted or not. Nothing of it is written
   * anywhere. Without it no client certificate is presented.
   */
  readonly bundle?: string | Uint8Array | undefined;
  readonly passphrase?: string | Uint8Array | undefined;
  /** The private key, where it is not in the bundle. */
  readonly key?: string | Uint8Array | undefined;
  /** More certificates to present, where they are not in the bundle. */
  readonly chain?: string | Uint8Array | undefined;
  readonly allowSlowKdf?: boolean | undefined;

  /** `H`, `H:P`, `[::1]:8883` or `mqtts://H:P`. By default what the bundle names (JSON downloads do). */
  readonly host?: string | undefined;
  /** By default that of `host`, else the bundle's, else the profile's. */
  readonly port?: number | undefined;
  /** PEM of what is trusted, instead of the system's and Node's roots. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined;
  /** The name the server's certificate must be for, where it is not the host. */
  readonly servername?: string | undefined;
  readonly tlsVersion?: '1.2' | '1.3' | undefined;
  readonly alpn?: readonly string[] | undefined;

  /** `sap-iot` by default. */
  readonly profile?: ProfileName | undefined;
  /** By default the one in the certificate's CN. */
  readonly deviceId?: string | undefined;
  /** By default what the profile asks for; with `generic` the device id, or a random one. */
  readonly clientId?: string | undefined;
  /** Replaces topics of the profile, one by one. */
  readonly topics?: DeviceTopics | undefined;
  /** By default the first that the profile has. */
  readonly mqttVersion?: MqttVersion | undefined;
  readonly username?: string | undefined;
  readonly password?: string | Uint8Array | undefined;
  /** Seconds; 60 by default. */
  readonly keepalive?: number | undefined;
  /**
   * `clean` (default): the broker forgets the device whenever the connection ends. `persistent`: it keeps
   * commands and acknowledgements while the device is away, which avoids sending measures again.
   */
  readonly session?: 'clean' | 'persistent' | undefined;
  /** Seconds that a persistent session of MQTT 5 outlives the connection; 3600 by default. */
  readonly sessionExpiry?: number | undefined;

  /** `false`: the broker's PUBACK is enough, also where the gateway would acknowledge each measure. */
  readonly ack?: boolean | undefined;
  /** How long one waits for the gateway's acknowledgement; 30 s by default. */
  readonly ackTimeout?: number | undefined;
  /** How long the broker may be silent about what it received before one connects anew; 20 s by default. */
  readonly pubackTimeout?: number | undefined;
  /** For each of TCP, TLS and MQTT; 10 s by default. */
  readonly connectTimeout?: number | undefined;
  /**
   * Measures under way at a time. By default it starts at 100 and grows up to 1,000 for as long as that
   * makes it faster (long round trips); a number fixes it. MQTT 5's Receive Maximum is kept in any case.
   */
  readonly window?: number | undefined;
  /** Measures waiting to be sent, 1,000 by default. */
  readonly queueLimit?: number | undefined;
  /** `false`: the first lost connection is the end. */
  readonly reconnect?: false | ReconnectOptions | undefined;
  /** Ends connecting; once connected, ends the connection at once. */
  readonly signal?: AbortSignal | undefined;
}

export interface ReconnectOptions {
  /** Before the first attempt; doubles with each, up to `maximumDelay`. Half of it is random. 500 by default. */
  readonly minimumDelay?: number | undefined;
  /** 30 s by default. */
  readonly maximumDelay?: number | undefined;
  /** How long one tries without success; without an end by default. */
  readonly giveUpAfter?: number | undefined;
  /** Refusals in a row (by TLS or CONNACK, not by the network) after which one gives up; 3 by default. */
  readonly maximumRefusals?: number | undefined;
  /** Treats the first connection like the later ones: keeps trying. */
  readonly first?: boolean | undefined;
}

/** One message to SAP's gateway. */
export interface Measure {
  readonly capabilityAlternateId: string;
  readonly sensorAlternateId?: string | undefined;
  readonly sensorTypeAlternateId?: string | undefined;
  /** Values in the order of the capability's properties, or by their names. */
  readonly measures: readonly (readonly unknown[] | Readonly<Record<string, unknown>>)[];
  /** Epoch milliseconds; without it the gateway's time of arrival counts. */
  readonly timestamp?: number | string | undefined;
  /** Returned in the acknowledgement. Made up where it is absent; unique among what is under way. */
  readonly measureMessageId?: string | undefined;
}

/** What says that a message arrived. */
export interface Acknowledgement {
  /** `application`: the gateway's own, on its topic. `broker`: PUBACK or PUBCOMP (QoS 0: the message was written). */
  readonly from: 'application' | 'broker';
  /** The `measureMessageId`. */
  readonly id?: string | undefined;
  readonly code?: number | undefined;
  readonly messages: readonly string[];
  /** The gateway took it, but has not processed it yet (202). */
  readonly provisional: boolean;
}

/** A command, as it arrived. */
export interface DeviceCommand {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Where the payload is SAP's JSON. */
  readonly sensorAlternateId?: string | undefined;
  readonly capabilityAlternateId?: string | undefined;
  /** Properties and values. */
  readonly command?: unknown;
}

/** What became of one item given to `sendAll`. */
export type SendResult<Item> =
  | { readonly outcome: 'acknowledged'; readonly item: Item; readonly acknowledgement: Acknowledgement }
  /**
   * `refused`: the gateway said no (`ack.refused`, `mqtt.publish-refused`, `mqtt.packet-too-large`).
   * `unanswered`: nobody said anything in time, or the connection ended (`ack.none`, `mqtt.no-puback`, ...).
   * `invalid`: it was not sent, because it is no measure.
   */
  | {
      readonly outcome: 'refused' | 'unanswered' | 'invalid';
      readonly item: Item;
      readonly error: SapcertError;
      /** The gateway's own words, where it said some. */
      readonly acknowledgement?: Acknowledgement | undefined;
    };

export interface SendSummary {
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly invalid: number;
}

export type ConnectionState = 'connecting' | 'connected' | 'reconnecting' | 'disconnected';

/** Events of a {@link DeviceConnection}. */
export interface ConnectionEvents {
  connected: [info: ConnectedInfo];
  /** The connection was lost, or an attempt failed; the next one follows after `delay`. */
  reconnecting: [info: ReconnectingInfo];
  /** The end: `reason` is absent when it was asked for. */
  disconnected: [reason: SapcertError | undefined];
  /** An acknowledgement that no measure under way was waiting for. */
  acknowledgement: [acknowledgement: Acknowledgement];
  /** Something went wrong that ends nothing, such as a refused subscription. */
  warning: [error: SapcertError];
}

export interface ConnectedInfo {
  /** 0 for the first connection. */
  readonly reconnects: number;
  /** The broker had kept the session. */
  readonly sessionPresent: boolean;
  /** Messages that are sent again, because it is not known whether they arrived. */
  readonly resending: number;
}

export interface ReconnectingInfo {
  readonly reason: SapcertError;
  /** 1 for the first attempt after a connection was lost. */
  readonly attempt: number;
  readonly delay: number;
}
