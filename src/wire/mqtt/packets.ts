/** MQTT 3.1, 3.1.1, 5. */
export type MqttVersion = 3 | 4 | 5;

/** Properties of MQTT 5 by their camel-case names. Binary ones are left out, and so is all that may be secret. */
export type MqttProperties = Readonly<Record<string, string | number | boolean | readonly string[]>>;

interface Reasoned {
  /** MQTT 5 only. */
  readonly reason?: string | undefined;
  readonly properties?: MqttProperties | undefined;
}

/**
 * What an MQTT packet says, as plain data without secrets: no password, no user name (some brokers take a token
 * there), no payload, no authentication data.
 */
export type MqttPacketView =
  | {
      readonly type: 'connect';
      readonly protocol: string;
      readonly version: MqttVersion;
      readonly clientId: string;
      readonly clean: boolean;
      /** Seconds. */
      readonly keepalive: number;
      /** Whether there is one. */
      readonly username: boolean;
      readonly password: boolean;
      readonly will?: MqttWill | undefined;
      readonly properties?: MqttProperties | undefined;
    }
  | ({
      readonly type: 'connack';
      /** Which table `code` is of: a broker can answer a CONNECT of version 5 in the form of 3.1.1. */
      readonly version: MqttVersion;
      readonly sessionPresent: boolean;
      readonly code: number;
      readonly name: string;
    } & Reasoned)
  | {
      readonly type: 'publish';
      readonly topic: string;
      readonly qos: number;
      readonly retain: boolean;
      readonly dup: boolean;
      readonly messageId?: number | undefined;
      readonly payloadBytes: number;
      readonly properties?: MqttProperties | undefined;
    }
  | ({
      readonly type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';
      readonly messageId: number;
      /** MQTT 5 only. */
      readonly code?: number | undefined;
      readonly name?: string | undefined;
    } & Reasoned)
  | {
      readonly type: 'subscribe';
      readonly messageId: number;
      readonly subscriptions: readonly { readonly topic: string; readonly qos: number }[];
    }
  | { readonly type: 'unsubscribe'; readonly messageId: number; readonly topics: readonly string[] }
  | ({
      readonly type: 'suback' | 'unsuback';
      readonly messageId: number;
      readonly codes: readonly number[];
    } & Reasoned)
  | { readonly type: 'pingreq' | 'pingresp' }
  | ({
      readonly type: 'disconnect' | 'auth';
      /** MQTT 5 only. */
      readonly code?: number | undefined;
      readonly name?: string | undefined;
    } & Reasoned);

export interface MqttWill {
  readonly topic: string;
  readonly qos: number;
  readonly retain: boolean;
  readonly payloadBytes: number;
}
