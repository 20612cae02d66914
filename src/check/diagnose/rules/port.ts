import type { ExperimentId } from '../../evidence.js';
import { tlsFailure } from '../failure.js';
import { type Finding, type Rule, finding, saw, sawIn } from '../rule.js';
import type { View } from '../view.js';
import { portCommand, codeWords, protocolWords } from '../words.js';

/** What answers on the port is something else than MQTT over TLS. */

const plainMqtt: Rule = {
  codes: ['tls.plain-mqtt-port'],
  find: (view) => {
    const probe = view.experiment('plain-mqtt');
    const seen =
      view.tls?.notTls?.protocol === 'mqtt'
        ? [saw('tls', 'the answer to a TLS handshake was an MQTT packet')]
        : [];
    const code = probe?.facts?.connackCode;
    const answered =
      code === undefined
        ? []
        : [sawIn('plain-mqtt', `a CONNECT without TLS was answered with CONNACK ${code}`)];
    const because = [...before(view), ...seen, ...answered];
    const advice = view.target.port === 8883 ? [] : [portCommand(view, 8883)];
    if (seen.length + answered.length > 0) return finding('tls.plain-mqtt-port', 'proven', because, advice);
    return stillOpen(view, 'plain-mqtt')
      ? finding('tls.plain-mqtt-port', 'possible', because, advice)
      : undefined;
  },
};

const http: Rule = {
  codes: ['tls.http-port', 'tls.wss-port'],
  find: (view) => {
    const https = view.experiment('https');
    const path = https?.facts?.webSocketPath;
    if (path !== undefined) {
      const because = [
        ...before(view),
        sawIn('https', `the server agreed to MQTT over WebSocket at ${path}`),
      ];
      const open = `Connect with MQTT over WebSocket: wss://${view.target.host}:${view.target.port}${path}`;
      return finding('tls.wss-port', 'proven', because, [open]);
    }
    const because = httpSigns(view);
    if (because.length > 0) return finding('tls.http-port', 'proven', [...before(view), ...because]);
    return stillOpen(view, 'plain-http') ? finding('tls.http-port', 'possible', before(view)) : undefined;
  },
};

export function httpSigns(view: View): Finding['because'] {
  // With the right name in the handshake the same port speaks MQTT.
  if (view.experiment('alpn')?.outcome === 'accepted') return [];
  const { tls, mqtt } = view;
  const line = (id: 'plain-http' | 'https', what: string) => {
    const answer = view.experiment(id)?.facts?.http;
    return answer === undefined ? [] : [sawIn(id, `${what} was answered with "${answer.statusLine}"`)];
  };
  const first = tls?.notTls;
  const plain = first?.protocol === 'http' || first?.protocol === 'http2';
  const inTls = mqtt?.malformed?.protocol === 'http' || mqtt?.malformed?.protocol === 'http2';
  return [
    ...(plain ? [saw('tls', `the answer to a TLS handshake was HTTP: "${first.sample}"`)] : []),
    ...(inTls ? [saw('mqtt', `the answer to CONNECT was HTTP: "${mqtt.malformed?.sample ?? ''}"`)] : []),
    ...line('plain-http', 'an HTTP request without TLS'),
    ...line('https', 'an HTTPS request'),
  ];
}

const notTls: Rule = {
  codes: ['tls.not-tls'],
  find: (view) => {
    const other = view.tls?.notTls;
    if (other === undefined || ['http', 'http2', 'mqtt'].includes(other.protocol)) return undefined;
    const what =
      other.protocol === 'unknown'
        ? 'bytes that are not TLS'
        : `the protocol ${protocolWords(other.protocol)}`;
    const sample = other.sample === '' ? '' : `: "${other.sample}"`;
    const because = [saw('tls', `the server answered with ${what}${sample}`)];
    return finding('tls.not-tls', 'proven', because);
  },
};

const notMqtt: Rule = {
  codes: ['mqtt.malformed-reply'],
  find: (view) => {
    const source = view.ack?.malformed === undefined ? 'mqtt' : 'ack';
    const malformed = view[source]?.malformed;
    if (view.experiment('alpn')?.outcome === 'accepted') return undefined;
    if (malformed === undefined || malformed.protocol === 'http' || malformed.protocol === 'http2')
      return undefined;
    const what =
      malformed.protocol === undefined ? malformed.why : `it is ${protocolWords(malformed.protocol)}`;
    const because = [
      saw(source, `what the server sent does not keep to MQTT: ${what} ("${malformed.sample}")`),
    ];
    return finding('mqtt.malformed-reply', 'proven', because);
  },
};

/** How it began, for a cause that an experiment found. */
function before({ tls, mqtt, failed }: View): Finding['because'] {
  if (failed === 'tls' && tls !== undefined && tls.notTls === undefined) {
    const failure = tlsFailure(tls);
    if (failure === 'silent') return [saw('tls', 'nothing came back to a TLS handshake')];
    if (failure === 'closed-at-once')
      return [saw('tls', 'the server closed the connection without a byte of TLS')];
    if (failure === 'reset-at-once') return [saw('tls', 'the connection was reset without a byte of TLS')];
  }
  const connack = mqtt?.connack;
  return connack === undefined ? [] : [saw('mqtt', `CONNACK ${codeWords(connack)}`)];
}

/** Nothing but TLS was tried on this port yet. */
function stillOpen(view: View, id: ExperimentId): boolean {
  const { tls, failed } = view;
  if (failed !== 'tls' || tls === undefined || view.experiment(id) !== undefined) return false;
  return ['silent', 'closed-at-once', 'reset-at-once'].includes(tlsFailure(tls));
}

export const portRules: readonly Rule[] = [http, plainMqtt, notTls, notMqtt];
