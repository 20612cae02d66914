import { anyOf, named, proven, type FailureRow } from '../row.js';
import { scripted } from './scripted.js';
import { impatient } from './support.js';

/** SUBSCRIBE, PUBLISH and the acknowledgement of a measure, answered with no, with nothing, or with something else. */

const message = { topic: 'plant/7/temperature', message: '21.5', qos: 1 } as const;
const publishing = { publish: message, profile: 'generic', until: 'ack', timeout: impatient } as const;
const measure = {
  capabilityAlternateId: 'temperature',
  sensorAlternateId: 's1',
  measures: [{ temperature: '25' }],
};
const measuring = { measure, until: 'ack', timeout: impatient } as const;

const subscribing: readonly FailureRow[] = (
  [
    [0x83, 'implementation specific'],
    [0x8f, 'topic filter invalid'],
    [0x91, 'packet identifier in use'],
    [0x97, 'quota exceeded'],
    [0x9e, 'shared subscriptions not supported'],
    [0xa1, 'subscription identifiers not supported'],
    [0xa2, 'wildcard subscriptions not supported'],
  ] as const
).map(([code, what]) =>
  scripted({
    name: `subscribe: SUBACK 0x${code.toString(16)}, ${what}`,
    expect: proven('mqtt.subscribe-refused', { says: [new RegExp(`0x${code.toString(16)}`, 'i')] }),
    named: new RegExp(what, 'i'),
    tools: 'subscribe',
    options: { subscribe: ['$share/g/plant/#'], mqttVersion: '5', profile: 'generic' },
    script: { subscribe: code },
  }),
);

const otherSuback: readonly FailureRow[] = [
  scripted({
    name: 'subscribe: SUBACK for another packet than ours',
    expect: anyOf(['mqtt.subscribe-refused'], { certainty: ['likely'], says: [/30583/] }),
    named: /suback|subscri/i,
    tools: 'subscribe',
    options: { subscribe: ['commands/x'], profile: 'generic', timeout: 1500 },
    script: { subscribe: Uint8Array.of(0x90, 3, 0x77, 0x77, 0) },
  }),
];

const sending: readonly FailureRow[] = [
  ...([0x90, 0x97, 0x99] as const).map((code) =>
    scripted({
      name: `publish: PUBACK 0x${code.toString(16)}`,
      expect: proven('mqtt.publish-refused', { never: ['mqtt.no-puback', 'mqtt.packet-too-large'] }),
      named: /refused|quota|topic name|payload format/i,
      tools: 'publish',
      options: { ...publishing, mqttVersion: '5' },
      script: { publish: code },
    }),
  ),
  ...([0x82, 0x90, 0x93, 0x94, 0x95, 0x9a, 0x9b] as const).map((code) =>
    scripted({
      name: `publish: DISCONNECT 0x${code.toString(16)} in answer`,
      expect: proven(
        code === 0x95 ? 'mqtt.packet-too-large' : code === 0x9b ? 'mqtt.qos-refused' : 'mqtt.publish-refused',
      ),
      named: /refused|too large|qos|alias|retain|topic/i,
      tools: 'publish',
      options: { ...publishing, mqttVersion: '5' },
      script: { publish: Uint8Array.of(0xe0, 2, code, 0) },
    }),
  ),
  scripted({
    name: 'publish: PUBACK for another packet than ours',
    expect: proven('mqtt.no-puback', { says: [/7777/] }),
    named: /puback|acknowledg/i,
    tools: 'publish',
    options: publishing,
    script: { publish: Uint8Array.of(0x40, 2, 0x1e, 0x61) },
  }),
  scripted({
    name: 'publish: bytes that are no packet in answer',
    expect: proven('mqtt.malformed-reply', { never: ['mqtt.publish-refused', 'mqtt.no-puback'] }),
    named: /malformed|protocol|invalid/i,
    tools: 'publish',
    options: publishing,
    script: { publish: Uint8Array.of(0x00, 0xff, 0xff, 0xff, 0xff, 0xff) },
  }),
  scripted({
    name: 'publish, QoS 0: the broker closes',
    expect: anyOf(['mqtt.publish-refused'], { certainty: ['likely', 'possible'] }),
    named: /closed|connection lost|refused/i,
    tools: 'publish',
    options: { ...publishing, publish: { ...message, qos: 0 } },
    script: { publish: 'close' },
  }),
  scripted({
    name: 'publish, QoS 0: the broker hangs afterwards',
    expect: named('mqtt.keepalive-lost', { never: ['mqtt.no-puback', 'mqtt.publish-refused'] }),
    named: /ping|keep ?alive/i,
    tools: 'publish',
    options: { ...publishing, publish: { ...message, qos: 0 } },
    script: { publish: Uint8Array.of(0x30) },
  }),
  scripted({
    name: 'publish, QoS 2: PUBREC 0x97, quota exceeded',
    expect: proven('mqtt.publish-refused', { says: [/0x97/] }),
    named: /quota/i,
    tools: 'publish',
    options: { ...publishing, publish: { ...message, qos: 2 }, mqttVersion: '5' },
    script: { publish: 0x97 },
  }),
  scripted({
    name: 'publish, QoS 2: PUBREL is never answered',
    expect: proven('mqtt.no-puback', { says: [/PUBCOMP/] }),
    named: /pubcomp|acknowledg/i,
    tools: 'publish',
    options: { ...publishing, publish: { ...message, qos: 2 } },
    script: { release: 'silence' },
  }),
];

const acknowledging: readonly FailureRow[] = [
  scripted({
    name: 'measure: the acknowledgement names another message',
    expect: named('ack.none', { never: ['ack.refused'], says: [/other messages/] }),
    named: /acknowledg/i,
    tools: 'publish',
    options: { ...measuring, measure: { ...measure, measureMessageId: 'm-1' } },
    script: { acknowledge: () => [{ id: 'm-2', code: 400, messages: ['no such sensor'] }] },
  }),
  scripted({
    name: 'measure: what comes on the topic of acknowledgements is no acknowledgement',
    expect: named('ack.none', { never: ['ack.refused', 'mqtt.malformed-reply'] }),
    named: /acknowledg/i,
    tools: 'publish',
    options: measuring,
    script: { acknowledge: () => 'hello' },
  }),
  scripted({
    name: 'measure: refused for lack of rights (403), with a reason',
    expect: proven('ack.refused', { says: [/403/, /not yours/] }),
    named: /403/,
    tools: 'publish',
    options: { ...measuring, measure: { ...measure, measureMessageId: 'm-1' } },
    script: { acknowledge: () => [{ id: 'm-1', code: 403, messages: ['the sensor is not yours'] }] },
  }),
  scripted({
    name: 'measure: one of two acknowledgements is a refusal',
    expect: proven('ack.refused', { says: [/500/] }),
    named: /500/,
    tools: 'publish',
    options: measuring,
    script: { acknowledge: () => [{ code: 200 }, { code: 500, messages: ['storage'] }] },
  }),
  scripted({
    name: 'measure: the subscription to the acknowledgements is refused',
    expect: proven('mqtt.subscribe-refused', { never: ['ack.none'], says: [/ack\/lab-device-1/] }),
    named: /subscri/i,
    tools: 'publish',
    options: measuring,
    script: { subscribe: 0x80 },
  }),
  scripted({
    name: 'measure: the broker closes while the acknowledgement is waited for',
    expect: named('mqtt.closed-after-connack', { never: ['ack.refused'] }),
    named: /closed|connection lost/i,
    tools: 'publish',
    options: measuring,
    script: {
      acknowledge: () => undefined,
      connected: ({ stream }) => void setTimeout(() => stream.end(), 600),
    },
  }),
];

export const exchangeRows: readonly FailureRow[] = [
  ...subscribing,
  ...otherSuback,
  ...sending,
  ...acknowledging,
];
