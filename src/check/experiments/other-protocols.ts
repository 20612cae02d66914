import { ran, skipped } from '../evidence.js';
import { runPass } from '../pass.js';
import { Channel } from '../probes/channel.js';
import type { Connection } from '../probes/connection.js';
import { MqttSession, sampleOf } from '../probes/mqtt-session.js';
import { connackFacts } from '../probes/reasons.js';
import { probeTls } from '../probes/tls.js';
import { freshClientId } from '../plan.js';
import { tlsOptions } from '../tls-plan.js';
import { classifyPlaintext } from '../../wire/index.js';
import { protocolWords } from '../diagnose/words.js';
import type { Bench, Experiment, Result } from './experiment.js';
import { failureOf, judge, patience } from './varied.js';

/** Other protocols on the same port, spoken without any credentials. */

const noAnswer: Result = { outcome: 'no-answer', summary: 'no answer' };

/** A port that answers TLS with silence or its end may speak something else in plain text. */
function mayBePlain(bench: Bench): boolean {
  const failure = failureOf(bench);
  return failure === 'silent' || failure === 'closed-at-once' || failure === 'reset-at-once';
}

export const plainMqtt: Experiment = {
  id: 'plain-mqtt',
  title: 'asked for MQTT without TLS',
  separates: ['tls.plain-mqtt-port', 'tls.silent', 'tcp.closed', 'tcp.reset'],
  prepare: (bench) => (mayBePlain(bench) ? () => askPlainMqtt(bench) : undefined),
};

/** No certificate, no user name, an id of our own: a broker that answers at all shows what it speaks. */
async function askPlainMqtt(bench: Bench): Promise<Result> {
  const connection = await bench.connect('plain-mqtt');
  if (connection === undefined) return noAnswer;
  const session = new MqttSession(new Channel(connection.stream), 4);
  try {
    await session.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      keepalive: 10,
      clientId: freshClientId(),
    });
    const received = await session.receive(bench.deadline.within(patience(bench)));
    if (received.kind === 'ended') return { outcome: 'refused', summary: 'the server closed the connection' };
    if (received.kind === 'malformed')
      return otherAnswer(received.malformed.sample, received.malformed.protocol);
    if (received.packet.cmd !== 'connack') return otherAnswer(received.packet.cmd);
    const { code } = connackFacts(received.packet, 4);
    return { outcome: 'accepted', summary: `CONNACK ${code}`, facts: { connackCode: code } };
  } catch {
    return noAnswer;
  } finally {
    session.channel.close();
  }
}

function otherAnswer(sample: string, protocol?: string): Result {
  const http = /^HTTP\/\d\.\d (\d{3})/.exec(sample);
  const facts =
    http === null ? { sample } : { sample, http: { status: Number(http[1]), statusLine: sample } };
  return {
    outcome: 'refused',
    summary: `answered, but not in MQTT${protocol === undefined ? '' : ` (${protocolWords(protocol)})`}: "${sample}"`,
    facts,
  };
}

export const plainHttp: Experiment = {
  id: 'plain-http',
  title: 'asked for HTTP without TLS',
  separates: ['tls.http-port', 'tls.silent', 'tcp.closed', 'tcp.reset'],
  prepare: (bench) =>
    mayBePlain(bench) && bench.view.experiment('plain-mqtt')?.facts?.connackCode === undefined
      ? async () => {
          const connection = await bench.connect('plain-http');
          return connection === undefined
            ? noAnswer
            : askHttp(new Channel(connection.stream), bench, request(bench, '/'));
        }
      : undefined,
};

export const https: Experiment = {
  id: 'https',
  title: 'asked for HTTPS and WebSocket',
  separates: ['mqtt.closed-before-connack', 'mqtt.no-connack', 'mqtt.malformed-reply'],
  confirms: ['tls.http-port'],
  prepare: (bench) => {
    const { failed, mqtt } = bench.view;
    const wordless = failed === 'mqtt' && mqtt?.reach === 'connect-sent' && mqtt.connack === undefined;
    return wordless ? () => askWebSocket(bench) : undefined;
  },
};

/** Where brokers usually serve MQTT over WebSocket. */
const webSocketPaths = ['/mqtt', '/'];

async function askWebSocket(bench: Bench): Promise<Result> {
  let last: Result = noAnswer;
  for (const path of webSocketPaths) {
    const connection = await bench.connect('https');
    if (connection === undefined) return last;
    // Without our certificate: whether it speaks HTTP does not depend on it.
    const options = tlsOptions(bench.context, { certificates: 'none', alpn: ['http/1.1'] });
    const { channel } = await probeTls(connection, options, bench.deadline.within(bench.stageMs));
    if (channel === undefined) return { outcome: 'refused', summary: 'the handshake failed' };
    last = await askHttp(channel, bench, request(bench, path, upgrade));
    if (last.facts?.http?.status === 101) {
      return {
        ...last,
        outcome: 'accepted',
        summary: `WebSocket at ${path}`,
        facts: { ...last.facts, webSocketPath: path },
      };
    }
  }
  return last;
}

/** The key is any 16 bytes (RFC 6455 section 4.1); nothing rests on it here. */
const upgrade = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: c2FwY2VydCBwcm9iZSEhIQ==',
  'Sec-WebSocket-Protocol: mqtt, mqttv3.1',
];

function request({ context }: Bench, path: string, extra: readonly string[] = ['Connection: close']): Buffer {
  const { host, port } = context.target;
  const name = host.includes(':') ? `[${host}]` : host;
  return Buffer.from(
    [`GET ${path} HTTP/1.1`, `Host: ${name}:${port}`, 'User-Agent: sapcert', ...extra, '', ''].join('\r\n'),
  );
}

async function askHttp(channel: Channel, bench: Bench, bytes: Uint8Array): Promise<Result> {
  try {
    channel.write(bytes);
    await channel.readable(bench.deadline.within(patience(bench)));
    const answer = channel.take();
    if (answer.length === 0) return { outcome: 'refused', summary: 'the server closed the connection' };
    const sample = sampleOf(answer);
    const status = /^HTTP\/\d\.\d (\d{3})/.exec(sample);
    if (status === null || classifyPlaintext(answer) !== 'http') return otherAnswer(sample);
    const server = /^server:[ \t]*(.*)$/im.exec(answer.toString('latin1').slice(0, 4000))?.[1];
    const http = {
      status: Number(status[1]),
      statusLine: sample,
      ...(server === undefined ? {} : { server: sampleOf(Buffer.from(server)) }),
    };
    return { outcome: 'accepted', summary: sample, facts: { http } };
  } catch {
    return noAnswer;
  } finally {
    channel.close();
  }
}

/** The same port over the other family of addresses. */
export const otherFamily: Experiment = {
  id: 'other-family',
  title: 'tried again over the other family of addresses',
  separates: [
    'tcp.refused',
    'tls.silent',
    'tcp.closed',
    'tcp.reset',
    'tls.handshake-failed',
    'tls.http-port',
    'tls.not-tls',
  ],
  confirms: [
    'tcp.refused',
    'tls.not-tls',
    'tls.http-port',
    'tls.plain-mqtt-port',
    'tls.server-wrong-host',
    'tls.server-untrusted',
    'ca-file.not-the-issuer',
    'tls.server-self-signed',
  ],
  prepare: (bench) => {
    const address = otherAddress(bench);
    return address === undefined ? undefined : () => tryAddress(bench, address);
  },
};

function otherAddress({ view }: Bench): string | undefined {
  const { tcp, failed, target } = view;
  if (tcp === undefined) return undefined;
  if (failed === 'tcp') return loopback[target.host];
  if (failed !== 'tls' || tcp.used === undefined) return undefined;
  return tcp.attempts.find(({ family, outcome }) => family !== tcp.used?.family && outcome === 'connected')
    ?.address;
}

/** A server on this machine may listen on one of the two only. */
const loopback: Readonly<Record<string, string>> = { '127.0.0.1': '::1', '::1': '127.0.0.1' };

async function tryAddress(bench: Bench, address: string): Promise<Result> {
  const connection: Connection | undefined = await bench.connect('other-family', address);
  if (connection === undefined) return { outcome: 'refused', summary: 'no connection', facts: { address } };
  if (bench.view.failed === 'tcp') {
    connection.stream.destroy();
    return { outcome: 'accepted', summary: 'connected', facts: { address } };
  }
  const pass = await runPass({ ...bench.context, deadline: bench.deadline }, connection, bench.stageMs, {
    until: 'tls',
  });
  const stages = [...pass.stages.filter(({ stage }) => stage === 'tls'), skipped('mqtt', 'not asked for')];
  return {
    ...judge(stages, bench),
    stages: ran(stages, 'tls') === undefined ? [] : stages,
    facts: { address },
  };
}
