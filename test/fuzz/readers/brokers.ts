import { Channel } from '../../../src/check/probes/channel.js';
import type { Connection } from '../../../src/check/probes/connection.js';
import { Deadline } from '../../../src/check/probes/deadline.js';
import { probeAck } from '../../../src/check/probes/ack.js';
import { probeMqtt } from '../../../src/check/probes/mqtt.js';
import { parseAcknowledgements, isAccepted } from '../../../src/connector/acknowledgements.js';
import { parseCommand } from '../../../src/connector/commands.js';
import { MqttLink } from '../../../src/connector/mqtt-link.js';
import { AwaitedMessage } from '../../../src/connector/outgoing.js';
import { PacketIds } from '../../../src/connector/packet-ids.js';
import { PubackFilter } from '../../../src/connector/puback-filter.js';
import { SapcertError } from '../../../src/errors.js';
import { joinFrames, splitFrames } from '../frames.js';
import { mutateBytes } from '../mutate/bytes.js';
import { mutateFrames } from '../mutate/frames.js';
import { mutateJson } from '../mutate/json.js';
import type { Reader } from '../reader.js';
import { recorded } from '../../wire/recorded.js';
import { brokerSide } from './mqtt-packets.js';
import { Peer } from './socket.js';

const brokerSeeds = (): Buffer[] => brokerSide().map(joinFrames);

/** An answer that never ends in time would be a hang: the peer hangs up after its last piece. */
const patience = 500;

/** The stages `mqtt` and `ack` of a check, against a broker that says anything. */
export const mqttCheck: Reader = {
  name: 'mqtt-check',
  share: 0.2,
  seeds: brokerSeeds,
  mutate: [mutateFrames, mutateFrames, mutateBytes],
  refuses: undefined,
  read: async (input) => {
    const frames = splitFrames(input);
    const version = (frames[0]?.kind ?? 0) % 2 === 1 ? '5' : '3.1.1';
    const stream = new Peer(frames);
    const connection: Connection = {
      address: '192.0.2.1',
      port: 8883,
      stream,
      recording: recorded([]),
      keylog: [],
    };
    const deadline = new Deadline(2 * patience);
    const options = {
      version,
      clientId: 'd',
      subscribe: ['ack/d'],
      watchMs: 0,
      timeoutMs: patience,
    } as const;
    const { evidence, session } = await probeMqtt(connection, new Channel(stream), options, deadline);
    expectShown(evidence);
    const { connack } = evidence.facts;
    if (session === undefined || connack === undefined) return evidence.facts.during ?? 'failed';
    const message = {
      topic: 'm/d',
      payload: Buffer.from('{}'),
      qos: 2,
      ackTopic: 'ack/d',
      ids: ['m1'],
    } as const;
    const ack = await probeAck(connection, session, { message, connack, timeoutMs: patience }, deadline);
    stream.destroy();
    expectShown(ack);
    return `ack ${ack.outcome}`;
  },
};

/** It goes into a report: JSON that keeps everything, and text that plays no tricks. */
function expectShown(evidence: unknown): void {
  const text = JSON.stringify(evidence);
  if (/\\u00[01]|[\u007f-\u009f\u202a-\u202e]/.test(text))
    throw new Error('a control character in the evidence');
  if (/:null/.test(text)) throw new Error('a number that is none in the evidence');
}

const linkOptions = {
  endpoint: 'broker:8883',
  clientId: 'd',
  clean: true,
  keepalive: 0,
  timeout: patience,
  sessionExpiry: undefined,
  username: undefined,
  password: undefined,
  maximumPacketSize: undefined,
} as const;

/** The connector, from CONNECT on: MQTT.js, our lane beside it, acknowledgements and commands. */
export const mqttConnector: Reader = {
  name: 'mqtt-connector',
  seeds: brokerSeeds,
  mutate: [mutateFrames, mutateFrames, mutateBytes],
  refuses: /^(?:mqtt|tcp|tls)\./,
  share: 0.1,
  read: async (input) => {
    const frames = splitFrames(input);
    const mqttVersion = (frames[0]?.kind ?? 0) % 2 === 1 ? '5' : '3.1.1';
    const socket = new Peer(frames);
    const link = await MqttLink.open(socket.asTlsSocket(), {
      ...linkOptions,
      mqttVersion,
      packetIds: new PacketIds(),
    });
    link.listen((topic, payload) => {
      if (topic.startsWith('ack/')) parseAcknowledgements(payload).map(isAccepted);
      else parseCommand(topic, payload);
    });
    const outgoing = ([0, 1, 2] as const).map((qos) => new AwaitedMessage('measures/d', '{}', qos, []));
    for (const message of outgoing) if (link.objection(message) === undefined) link.publish(message);
    const refused = await link.subscribe('ack/d', 1).then(() => undefined, asSapcertError);
    const ended = await link.ended;
    return refused?.code ?? ended.code;
  },
};

function asSapcertError(error: unknown): SapcertError {
  if (error instanceof SapcertError) return error;
  throw error;
}

/** PUBACKs are taken out and everything else goes on, however the bytes are cut. */
export const puback: Reader = {
  name: 'puback-filter',
  seeds: brokerSeeds,
  mutate: [mutateFrames, mutateFrames, mutateBytes],
  refuses: undefined,
  read: (input) => {
    const pieces = splitFrames(input).map(({ bytes }) => bytes);
    const [whole, cut] = [filtered([Buffer.concat(pieces)]), filtered(pieces)];
    if (whole !== cut) throw new Error('the way in which bytes are cut changes what they say');
    return whole.includes('oversized') ? 'oversized' : 'filtered';
  },
};

function filtered(pieces: readonly Buffer[]): string {
  const [said, passed]: [string[], Buffer[]] = [[], []];
  const filter = new PubackFilter(
    (id, code) => said.push(`${id}:${code}`),
    (bytes) => passed.push(Buffer.from(bytes)),
    () => said.push('oversized'),
  );
  for (const piece of pieces) filter.push(Buffer.from(piece));
  return `${said.join()} ${Buffer.concat(passed).toString('hex')}`;
}

/** Acknowledgements and commands of a gateway. */
export const acknowledgements: Reader = {
  name: 'acknowledgements',
  seeds: () =>
    [
      '{"capabilityAlternateId":"c","sensorAlternateId":"s","code":200}',
      '[{"id":"m1","code":202,"messages":["ok"]},{"measureMessageId":7,"code":"400","message":"no"}]',
      '{"sensorAlternateId":"s","capabilityAlternateId":"c","command":{"on":true,"n":[1,null]}}',
      '[]',
      'null',
    ].map((text) => Buffer.from(text)),
  mutate: [mutateJson, mutateJson, mutateBytes],
  refuses: undefined,
  read: (input) => {
    const found = parseAcknowledgements(input);
    for (const acknowledgement of found) {
      const { code, id, messages } = acknowledgement;
      isAccepted(acknowledgement);
      if (!Number.isInteger(code)) throw new Error('a code that is no number');
      if (id !== undefined && typeof id !== 'string') throw new Error('an id that is no text');
      if (!messages.every((message) => typeof message === 'string'))
        throw new Error('a message that is no text');
    }
    const { sensorAlternateId: sensor } = parseCommand('commands/d', input);
    if (sensor !== undefined && typeof sensor !== 'string') throw new Error('a sensor that is no text');
    return found.length > 0 ? 'acknowledgements' : 'nothing';
  },
};
