import type { Duplex } from 'node:stream';
import { Aedes, type AedesOptions } from 'aedes';
import { SapcertError } from '../../errors.js';
import type { Behaviour } from '../behaviour.js';
import type { Report } from '../events.js';
import { startAcknowledger } from './acknowledger.js';
import type { DeviceModel } from './model.js';
import { takeOver } from './take-over.js';

/** What a command to a device holds: `{sensorAlternateId, capabilityAlternateId, command: {property: value}}`. */
export interface GatewayCommand {
  readonly sensorAlternateId: string;
  readonly capabilityAlternateId: string;
  readonly command: Readonly<Record<string, unknown>>;
}

export interface BrokerOptions {
  readonly behaviour: Behaviour;
  readonly model: DeviceModel | undefined;
  /** How long a late acknowledgement takes, and the time between two take-overs. Milliseconds. */
  readonly paceMs: number;
  readonly report: Report;
}

/** MQTT 3.1 and 3.1.1 with SAP's topics, for connections whose CONNECT was admitted before. */
export interface Broker {
  /** The connection's next bytes are its CONNECT, whose client id is the device's. */
  readonly serve: (connection: Duplex) => void;
  /** Delivered with QoS 1; kept for a device whose session waits for it. */
  readonly sendCommand: (deviceId: string, command: GatewayCommand) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { behaviour, report, paceMs } = options;
  const acknowledger = startAcknowledger({
    ...options,
    send: (deviceId, acknowledgements) => publish(aedes, `ack/${deviceId}`, acknowledgements),
  });
  const aedes = await Aedes.createBroker({
    // MQTT 3.1 allows 23 characters (section 3.1 of its specification); SAP's ids are longer.
    maxClientsIdLength: 65_535,
    ...rules(options),
    published(packet, client, done) {
      const deviceId = client?.id;
      if (deviceId !== undefined && packet.topic === `measures/${deviceId}`) {
        const acknowledgements = acknowledger.take(deviceId, Buffer.from(packet.payload));
        report({ type: 'measures', deviceId, acknowledgements });
      }
      done();
    },
  });
  aedes.on('clientReady', ({ id }) => report({ type: 'connected', deviceId: id }));
  aedes.on('clientDisconnect', ({ id }) => report({ type: 'disconnected', deviceId: id }));
  const rivals = behaviour.periodically === 'taken-over' ? takeOver(aedes, paceMs) : undefined;
  return {
    serve: (connection) => {
      aedes.handle(connection);
    },
    sendCommand: async (deviceId, command) => sendCommand(aedes, deviceId, command),
    close: async () => {
      clearInterval(rivals);
      acknowledger.stop();
      await new Promise<void>((resolve) => {
        aedes.close(resolve);
      });
    },
  };
}

async function sendCommand(aedes: Aedes, deviceId: string, command: GatewayCommand): Promise<void> {
  return new Promise((resolve, reject) => {
    publish(aedes, `commands/${deviceId}`, command, (error) => {
      if (error === undefined || error === null) resolve();
      else reject(new SapcertError('internal', 'the command could not be published', { cause: error }));
    });
  });
}

/** What a device may do: publish its measures, subscribe to its acknowledgements and its commands. */
function rules({ behaviour, report }: BrokerOptions): AedesOptions {
  return {
    authorizePublish(client, packet, done) {
      const deviceId = client?.id ?? '';
      const reason = whyNotPublish(deviceId, packet, behaviour);
      packet.retain = false;
      if (reason === undefined) return done();
      report({ type: 'publish-refused', deviceId, topic: packet.topic, reason });
      return done(new Error(reason));
    },
    authorizeSubscribe({ id }, subscription, done) {
      const own = subscription.topic === `ack/${id}` || subscription.topic === `commands/${id}`;
      const granted = own && behaviour.subscribe === 'granted';
      report({ type: 'subscribed', deviceId: id, topic: subscription.topic, granted });
      done(null, granted ? subscription : null);
    },
  };
}

function whyNotPublish(
  deviceId: string,
  packet: { readonly topic: string; readonly qos: number; readonly payload: string | Buffer },
  { publish, maximumQos, maximumPayload }: Behaviour,
): string | undefined {
  if (packet.topic !== `measures/${deviceId}`)
    return 'a device publishes to measures/<its id> and nowhere else';
  if (publish === 'closes') return 'this gateway takes no measures';
  if (packet.qos > maximumQos) return `QoS ${packet.qos} is not supported`;
  if (packet.payload.length > maximumPayload) return `the payload is larger than ${maximumPayload} bytes`;
  return undefined;
}

function publish(
  aedes: Aedes,
  topic: string,
  content: unknown,
  done: (error?: Error | null) => void = () => undefined,
): void {
  const payload = Buffer.from(JSON.stringify(content));
  aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, done);
}
