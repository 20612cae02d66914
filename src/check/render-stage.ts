import { count } from '../count.js';
import { mqttResultWords, tlsResultWords } from './diagnose/words.js';
import type { StageEvidence } from './evidence.js';
import type {
  AckFacts,
  CertificateFacts,
  DnsFacts,
  FileFacts,
  MqttFacts,
  TcpFacts,
  TlsFacts,
} from './facts/index.js';
import { commonName } from './certificate.js';

/** What a stage saw, in one line. */
export function stageLine(evidence: StageEvidence): string {
  if (evidence.outcome === 'skipped') return evidence.facts.reason;
  switch (evidence.stage) {
    case 'file':
      return fileLine(evidence.facts);
    case 'dns':
      return dnsLine(evidence.facts);
    case 'tcp':
      return tcpLine(evidence.facts);
    case 'tls':
      return tlsLine(evidence.facts, evidence.outcome === 'ok');
    case 'mqtt':
      return mqttLine(evidence.facts, evidence.outcome === 'ok');
    case 'ack':
      return ackLine(evidence.facts);
    default:
      return evidence satisfies never;
  }
}

function fileLine({ given, defects, leaf, chain, device }: FileFacts): string {
  const [first] = defects;
  if (first !== undefined) return first.message;
  if (!given) return 'no client certificate is given';
  if (leaf === undefined) return 'nothing was read';
  const issuers = chain.length === 0 ? 'leaf only' : count(chain.length, 'issuer');
  return `${device === undefined ? commonName(leaf.subject) : `device ${device.deviceId}`}, ${keyWords(leaf)}, until ${leaf.notAfter.slice(0, 10)}, ${issuers}`;
}

function dnsLine({ literal, addresses, error, timedOut }: DnsFacts): string {
  if (timedOut) return 'no answer';
  if (error !== undefined) return error.code;
  const shown = addresses
    .slice(0, 3)
    .map(({ address }) => address)
    .join(', ');
  const more = addresses.length > 3 ? ` and ${addresses.length - 3} more` : '';
  return literal ? `${shown} is an address` : `${shown === '' ? 'no address' : shown}${more}`;
}

function tcpLine({ attempts, used, port }: TcpFacts): string {
  if (used !== undefined) {
    const others = attempts.filter(({ address }) => address !== used.address);
    const rest = others.map(
      ({ address, outcome }) => `; ${address}: ${outcome === 'timeout' ? 'no answer yet' : outcome}`,
    );
    return `connected to ${used.address} port ${port}${rest.slice(0, 2).join('')}`;
  }
  return attempts
    .map(({ address, outcome }) => `${address}: ${outcome === 'timeout' ? 'no answer' : outcome}`)
    .join('; ');
}

function tlsLine(tls: TlsFacts, ok: boolean): string {
  const [server] = tls.serverChain;
  if (!ok) return tlsResultWords(tls);
  const name = server === undefined ? '' : `, server ${commonName(server.subject)}`;
  return `${tls.version ?? 'TLS'}${name}, ${requestWords(tls)}`;
}

function requestWords({ request, sent }: TlsFacts): string {
  if (request === undefined) return 'asked for no certificate';
  const count = sent?.certificates ?? 0;
  return count === 0
    ? 'asked for a certificate and got none'
    : `got ${count === 1 ? 'our certificate' : `our ${count} certificates`}`;
}

function mqttLine(mqtt: MqttFacts, ok: boolean): string {
  const head = `MQTT ${mqtt.protocolVersion} as ${mqtt.clientId}: `;
  if (!ok) return head + mqttResultWords(mqtt);
  const session = mqtt.connack?.sessionPresent === true ? ', session present' : '';
  const ping = mqtt.pingMs === undefined ? '' : `, round trip ${mqtt.pingMs} ms`;
  const topics = mqtt.subscriptions.map(({ topic }) => `, subscribed ${topic}`).join('');
  return `${head}accepted${session}${ping}${topics}`;
}

function ackLine({ publish, acks, withheld, timedOut, during }: AckFacts): string {
  if (withheld !== undefined) return `not sent: the broker allows ${withheld.limit} at most`;
  if (publish === undefined) return 'nothing could be published';
  const broker =
    publish.acknowledged === undefined ? '' : `, acknowledged by the broker (${publish.acknowledged.name})`;
  const application = acks.map(({ code }) => `, by the application (${code})`).join('');
  return `published to ${publish.topic}${broker}${application}${timedOut ? `, no ${during === 'ack' ? 'acknowledgement by the application' : 'answer'}` : ''}`;
}

function keyWords({ key }: CertificateFacts): string {
  return `${key.type.toUpperCase()} ${key.bits ?? key.curve ?? ''}`.trim();
}
