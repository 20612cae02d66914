import type { AlertFacts, ConnectionEnd } from './connection.js';

export type MqttReach = 'nothing' | 'connect-sent' | 'connected' | 'stayed';

export interface MqttFacts {
  readonly protocolVersion: '3.1.1' | '5';
  readonly clientId: string;
  readonly username: boolean;
  readonly password: boolean;
  readonly keepalive: number;
  readonly reach: MqttReach;
  readonly connack?: ConnackFacts;
  /** MQTT 5: the server said why it ended the connection. */
  readonly disconnect?: ReasonFacts & { readonly serverReference?: string };
  readonly subscriptions: readonly (ReasonFacts & { readonly topic: string; readonly granted: boolean })[];
  /** SUBACK came for this packet identifier, which is not that of our SUBSCRIBE. */
  readonly otherPacketId?: number;
  /** CONNECT to CONNACK, PINGREQ to PINGRESP. */
  readonly connackMs?: number;
  readonly pingMs?: number;
  /** Alerts that came after the handshake. */
  readonly alerts: readonly AlertFacts[];
  readonly end?: ConnectionEnd;
  /** What was under way when the connection ended or the time was up. */
  readonly during?: MqttStep;
  readonly timedOut: boolean;
  /** Bytes of a packet that was begun and never finished. */
  readonly partialBytes?: number;
  /** What came was not MQTT. */
  readonly malformed?: { readonly why: string; readonly protocol?: string; readonly sample: string };
  /** How long the connection was kept after CONNACK. */
  readonly stayedMs?: number;
}

export type MqttStep = 'connack' | 'suback' | 'puback' | 'ack' | 'pingresp' | 'watching';

/** A return or reason code with what the server added to it. */
export interface ReasonFacts {
  readonly code: number;
  /** Its name in the standard of the protocol version that was spoken. */
  readonly name: string;
  readonly reasonString?: string;
}

export interface ConnackFacts extends ReasonFacts {
  readonly sessionPresent: boolean;
  /** MQTT 5 properties of the answer, without the Reason String. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

export interface AckFacts {
  readonly publish?: {
    readonly topic: string;
    readonly qos: 0 | 1 | 2;
    readonly bytes: number;
    /** PUBACK or PUBREC; 3.1.1 has no codes: 0. */
    readonly acknowledged?: ReasonFacts;
    readonly ms?: number;
    /** PUBACK or PUBREC came for this packet identifier, which is not that of our message. */
    readonly otherPacketId?: number;
  };
  /** Where the acknowledgement is waited for. */
  readonly subscription?: ReasonFacts & { readonly topic: string; readonly granted: boolean };
  /** SUBACK came for this packet identifier, which is not that of our SUBSCRIBE. */
  readonly otherPacketId?: number;
  /** Why it was not even sent: what the server allows stands in its CONNACK. */
  readonly withheld?: { readonly why: 'qos' | 'size' | 'retain'; readonly limit: number };
  /** The topic on which the application acknowledges; absent: the profile has none. */
  readonly ackTopic?: string;
  readonly acks: readonly {
    readonly id?: string;
    readonly code: number;
    readonly messages: readonly string[];
  }[];
  /** How many acknowledgements came there for other messages than ours. */
  readonly otherAcks?: number;
  readonly malformed?: MqttFacts['malformed'] & object;
  readonly disconnect?: ReasonFacts;
  readonly end?: ConnectionEnd;
  readonly during?: MqttStep;
  readonly timedOut: boolean;
}
