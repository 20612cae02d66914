import type * as mqttModule from 'mqtt';
import type { IClientOptions, IConnackPacket, IStore, MqttClient, Packet } from 'mqtt';
import type { MqttVersion } from '../profiles.js';
import type { BatchedStream } from './batched-stream.js';
import type { PacketIds } from './packet-ids.js';
import { largestPacket } from './puback-filter.js';

export type { IConnackPacket, MqttClient, Packet };

/** How one MQTT connection is opened. */
export interface LinkOptions {
  /** `host:port`, for messages. */
  readonly endpoint: string;
  readonly clientId: string;
  readonly mqttVersion: MqttVersion;
  readonly clean: boolean;
  /** Seconds, MQTT 5 only. */
  readonly sessionExpiry: number | undefined;
  /** Seconds. */
  readonly keepalive: number;
  readonly username: string | undefined;
  readonly password: string | Buffer | undefined;
  /** Milliseconds to wait for a CONNACK or a SUBACK. */
  readonly timeout: number;
  readonly maximumPacketSize: number | undefined;
  readonly packetIds: PacketIds;
  readonly signal?: AbortSignal | undefined;
}

type Mqtt = typeof mqttModule;

/**
 * Loads MQTT.js; nothing else imports it. That takes longer than a TLS handshake nearby: begin with it beside
 * that.
 */
export function loadMqtt(): Promise<Mqtt> {
  return import('mqtt');
}

/** A client that sends its CONNECT over the stream at once, and never connects anew or sends again by itself. */
export function createMqttClient(mqtt: Mqtt, stream: BatchedStream, options: LinkOptions): MqttClient {
  return new mqtt.MqttClient(() => stream, {
    ...clientOptions(options),
    outgoingStore: forgetful(new mqtt.Store()),
    messageIdProvider: options.packetIds,
  });
}

function clientOptions(options: LinkOptions): IClientOptions {
  const { username, password, sessionExpiry } = options;
  const five = options.mqttVersion === '5';
  return {
    clientId: options.clientId,
    protocolId: options.mqttVersion === '3.1' ? 'MQIsdp' : 'MQTT',
    protocolVersion: ({ '3.1': 3, '3.1.1': 4, '5': 5 } as const)[options.mqttVersion],
    clean: options.clean,
    keepalive: options.keepalive,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(five
      ? {
          properties: {
            maximumPacketSize: largestPacket,
            ...(sessionExpiry === undefined ? {} : { sessionExpiryInterval: sessionExpiry }),
          },
        }
      : {}),
    connectTimeout: options.timeout,
    reconnectPeriod: 0,
    // Else mqtt-packet makes a buffer for each of the 65,536 numbers first.
    writeCache: false,
    resubscribe: false,
    // A timer set anew for each packet costs more than a ping a minute.
    reschedulePings: false,
    log: () => undefined,
  };
}

/** What is sent again, and when, is decided outside: the store for that stays empty. */
function forgetful(store: IStore): IStore {
  store.put = (_packet, done) => {
    done();
    return store;
  };
  store.del = (_packet, done) => {
    done();
    return store;
  };
  return store;
}
