import type { Packet } from 'mqtt-packet';
import { anyOf, likely, named, proven, type FailureRow } from '../row.js';
import type { GatewaySetup } from '../servers/gateway.js';
import type { Client } from '../servers/mqtt.js';
import { scripted } from './scripted.js';
import { impatient } from './support.js';

/** Brokers that take the connection and then do what no broker should, or end it in words of their own. */

/** Sends these packets or bytes one after the other, beginning at once. */
function sends(every: number, ...what: readonly (Uint8Array | Packet)[]): (client: Client) => void {
  return ({ stream, send }) => {
    for (const [index, one] of what.entries())
      setTimeout(
        () => (one instanceof Uint8Array ? stream.destroyed || stream.write(one) : send(one)),
        index * every,
      );
  };
}

function closesAfter(ms: number, which: (client: Client) => boolean = () => true): GatewaySetup {
  return {
    connected: (client) => {
      if (which(client)) setTimeout(() => client.stream.end(), ms);
    },
  };
}

const goodbye = (code: number, properties = {}) => ({
  connected: ({ send, stream }: Client) => {
    setTimeout(() => {
      send({ cmd: 'disconnect', reasonCode: code, properties });
      stream.end();
    }, 200);
  },
});

const connack = Uint8Array.of(0x20, 2, 0, 0);

const outOfPlace: readonly FailureRow[] = [
  scripted({
    name: 'CONNACK without end, and no PINGRESP',
    expect: proven('mqtt.malformed-reply', { never: ['mqtt.keepalive-lost'], says: [/CONNACKs/] }),
    named: /protocol|malformed|unexpected/i,
    options: { timeout: impatient },
    script: {
      ping: 'silence',
      connected: ({ stream }) => {
        const timer = setInterval(
          () => stream.destroyed || stream.write(Buffer.concat(Array.from({ length: 50 }, () => connack))),
          2,
        );
        stream.on('close', () => clearInterval(timer));
      },
    },
  }),
  scripted({
    name: 'a second CONNACK instead of a PINGRESP',
    expect: proven('mqtt.malformed-reply', { says: [/second CONNACK/] }),
    named: /protocol|malformed|unexpected/i,
    options: { timeout: impatient },
    script: { ping: 'silence', connected: sends(50, connack) },
  }),
  scripted({
    name: 'the broker sends SUBSCRIBE, as only a client may, and no PINGRESP',
    expect: proven('mqtt.malformed-reply', { says: [/SUBSCRIBE/] }),
    named: /protocol|malformed|unexpected/i,
    options: { timeout: impatient },
    script: {
      ping: 'silence',
      connected: sends(50, { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 0 }] }),
    },
  }),
  scripted({
    name: 'CONNACK comes a byte a second, slower than anybody waits',
    expect: likely('mqtt.no-connack', { never: ['mqtt.malformed-reply'], says: [/byte/] }),
    named: /connack|time/i,
    options: { timeout: impatient },
    script: {
      connect: () => 'silence',
      asked: sends(400, ...[0x20, 2, 0, 0, 0].map((byte) => Uint8Array.of(byte))),
    },
  }),
  scripted({
    name: 'after CONNACK 0 come bytes that are no packet',
    expect: proven('mqtt.malformed-reply', { never: ['mqtt.closed-after-connack', 'mqtt.keepalive-lost'] }),
    named: /malformed|protocol|invalid/i,
    options: { timeout: impatient },
    script: { ping: 'silence', connected: sends(0, Uint8Array.of(0x00, 0x11, 0xff, 0xff, 0xff, 0xff, 0xff)) },
  }),
  scripted({
    name: 'CONNECT is answered with PINGRESP',
    expect: proven('mqtt.malformed-reply'),
    named: /malformed|protocol|connack/i,
    options: { timeout: impatient },
    script: { connect: () => Uint8Array.of(0xd0, 0) },
  }),
  scripted({
    name: 'CONNECT is answered with DISCONNECT, MQTT 3.1.1',
    expect: anyOf(['mqtt.refused', 'mqtt.malformed-reply', 'mqtt.closed-before-connack'], {
      never: ['mqtt.no-connack'],
    }),
    named: /disconnect|closed|refused/i,
    options: { timeout: impatient },
    script: { connect: () => Uint8Array.of(0xe0, 0) },
  }),
  scripted({
    name: 'a CONNACK of MQTT 5 to a client of 3.1.1, not authorized',
    expect: named('mqtt.not-authorized', { says: [/0x87/], never: ['mqtt.malformed-reply'] }),
    named: /not authori[sz]ed/i,
    options: { timeout: impatient },
    script: { connect: () => Uint8Array.of(0x20, 3, 0, 0x87, 0) },
  }),
];

const watching: readonly FailureRow[] = [
  scripted({
    name: 'watched: a broker that closes on everybody after 2.6 seconds',
    expect: named('mqtt.closed-after-connack', { never: ['mqtt.session-taken-over', 'mqtt.keepalive-lost'] }),
    named: /closed|connection lost/i,
    tools: 'stay',
    options: { watch: 4000 },
    script: closesAfter(2600),
  }),
  scripted({
    name: 'watched: another client with the device’s id comes after 2.6 seconds, MQTT 3.1.1',
    expect: named('mqtt.session-taken-over', { never: ['mqtt.client-id-refused'] }),
    named: /taken ?over|same client|client ?id/i,
    tools: 'stay',
    options: { watch: 4000 },
    script: closesAfter(2600, ({ clientId }) => !clientId.startsWith('sapcert')),
  }),
  scripted({
    name: 'watched: another client with the device’s id comes after 2 seconds, MQTT 5',
    expect: proven('mqtt.session-taken-over'),
    named: /taken ?over/i,
    tools: 'stay',
    options: { watch: 4000, mqttVersion: '5' },
    script: {
      connected: ({ send, stream }) => {
        setTimeout(() => {
          send({ cmd: 'disconnect', reasonCode: 0x8e });
          stream.end();
        }, 2000);
      },
    },
  }),
  scripted({
    name: 'watched: a reset after two seconds',
    expect: named('mqtt.closed-after-connack', { never: ['tcp.reset', 'mqtt.client-id-refused'] }),
    named: /reset|closed|connection lost/i,
    tools: 'stay',
    options: { watch: 4000, clientId: 'lab-1', profile: 'generic' },
    script: { connected: ({ stream }) => void setTimeout(() => stream.destroy(), 2000) },
  }),
  ...(
    [
      [0x81, 'malformed packet', 'mqtt.closed-after-connack'],
      [0x87, 'not authorized', 'mqtt.closed-after-connack'],
      [0x8b, 'server shutting down', 'mqtt.closed-after-connack'],
      [0x96, 'message rate too high', 'mqtt.closed-after-connack'],
      [0x97, 'quota exceeded', 'mqtt.closed-after-connack'],
      [0x98, 'administrative action', 'mqtt.closed-after-connack'],
      [0x9d, 'server moved', 'mqtt.closed-after-connack'],
      [0xa0, 'maximum connect time', 'mqtt.closed-after-connack'],
    ] as const
  ).map(([code, what, diagnosis]) =>
    scripted({
      name: `MQTT 5: DISCONNECT 0x${code.toString(16)}, ${what}, with a Reason String`,
      expect: proven(diagnosis, { says: [/because I say so/] }),
      named: new RegExp(`${what}|because I say so`, 'i'),
      tools: 'stay',
      options: { watch: 1000, mqttVersion: '5', profile: 'generic' },
      script: goodbye(code, {
        reasonString: 'because I say so',
        ...(code === 0x9d && { serverReference: 'other.example:8883' }),
      }),
    }),
  ),
];

export const brokerRows: readonly FailureRow[] = [...outOfPlace, ...watching];
