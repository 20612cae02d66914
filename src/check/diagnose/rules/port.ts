import { diagnosisEntry } from '../../../catalogue/index.js';
import type { ExperimentId } from '../../evidence.js';
import { tlsFailure } from '../failure.js';
import { type Finding, type Rule, saw, sawIn } from '../rule.js';
import { type View, tlsOf } from '../view.js';
import { checkCommand, codeWords, protocolWords } from '../words.js';

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
    const { remedy } = diagnosisEntry('tls.plain-mqtt-port');
    const advice = view.target.port === 8883 ? remedy : [checkCommand(view, '--port 8883'), ...remedy];
    if (seen.length + answered.length > 0)
      return { code: 'tls.plain-mqtt-port', certainty: 'proven', because, remedy: advice };
    return stillOpen(view, 'plain-mqtt')
      ? { code: 'tls.plain-mqtt-port', certainty: 'possible', because, remedy: advice }
      : undefined;
  },
};

const http: Rule = {
  codes: ['tls.http-port', 'tls.wss-port'],
  find: (view) => {
    const https = view.experiment('https');
    const path = https?.facts?.webSocketPath;
    const { remedy } = diagnosisEntry('tls.http-port');
    if (path !== undefined) {
      const because = [
        ...before(view),
        sawIn('https', `the server agreed to MQTT over WebSocket at ${path}`),
      ];
      const open = `Connect with MQTT over WebSocket: wss://${view.target.host}:${view.target.port}${path}`;
      return {
        code: 'tls.wss-port',
        certainty: 'proven',
        because,
        remedy: [open, ...diagnosisEntry('tls.wss-port').remedy],
      };
    }
    const because = httpSigns(view);
    if (because.length > 0)
      return { code: 'tls.http-port', certainty: 'proven', because: [...before(view), ...because], remedy };
    return stillOpen(view, 'plain-http')
      ? { code: 'tls.http-port', certainty: 'possible', because: before(view), remedy }
      : undefined;
  },
};

function httpSigns(view: View): Finding['because'] {
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
    return {
      code: 'tls.not-tls',
      certainty: 'proven',
      because,
      remedy: diagnosisEntry('tls.not-tls').remedy,
    };
  },
};

const notMqtt: Rule = {
  codes: ['mqtt.malformed-reply'],
  find: (view) => {
    const { mqtt } = view;
    const malformed = mqtt?.malformed;
    if (mqtt?.timedOut === true && mqtt.during === 'connack' && (mqtt.partialBytes ?? 0) > 0) {
      const because = [
        saw(
          'mqtt',
          `only ${mqtt.partialBytes ?? 0} bytes of an answer to CONNECT came, and then nothing more`,
        ),
      ];
      return {
        code: 'mqtt.malformed-reply',
        certainty: 'likely',
        because,
        remedy: diagnosisEntry('mqtt.malformed-reply').remedy,
      };
    }
    if (malformed === undefined || malformed.protocol === 'http' || malformed.protocol === 'http2')
      return undefined;
    const what =
      malformed.protocol === undefined ? malformed.why : `it is ${protocolWords(malformed.protocol)}`;
    const because = [saw('mqtt', `what the server sent is not MQTT: ${what} ("${malformed.sample}")`)];
    return {
      code: 'mqtt.malformed-reply',
      certainty: 'proven',
      because,
      remedy: diagnosisEntry('mqtt.malformed-reply').remedy,
    };
  },
};

/** The server said nothing, or ended the connection before it said anything. */
const wordless: Rule = {
  codes: ['tls.silent', 'tls.partial-then-silent', 'tcp.closed', 'tcp.reset'],
  find: (view) => {
    const { tls, failed } = view;
    if (failed !== 'tls' || tls === undefined) return undefined;
    const failure = tlsFailure(tls);
    if (view.experiments.some((experiment) => tlsOf(experiment)?.version !== undefined)) return undefined;
    if (httpSigns(view).length > 0 || view.experiment('plain-mqtt')?.facts?.connackCode !== undefined)
      return undefined;
    const tried = view.experiments.map(({ id, title, summary }) => sawIn(id, `${title}: ${summary}`));
    const certainty = allTried(view) ? 'proven' : 'likely';
    const finding = (code: Finding['code'], sure: Finding['certainty'], text: string): Finding => ({
      code,
      certainty: sure,
      because: [saw('tls', text), ...tried],
      remedy: diagnosisEntry(code).remedy,
    });
    switch (failure) {
      case 'silent':
        return finding('tls.silent', certainty, 'the server took the connection and never answered');
      case 'stalled':
        return finding(
          'tls.partial-then-silent',
          tls.partial === undefined ? 'likely' : 'proven',
          stalledWords(view),
        );
      case 'closed-at-once':
        return finding('tcp.closed', certainty, 'the server closed the connection without a byte of TLS');
      case 'reset-at-once':
        return finding(
          'tcp.reset',
          certainty,
          'the connection was reset after our first bytes, before any answer',
        );
      case 'broken-off':
        if (tls.end?.by !== 'server' || tls.alerts.length > 0 || tls.reach === 'secured') return undefined;
        return tls.end.how === 'fin'
          ? finding('tcp.closed', 'likely', 'the server closed the connection in the middle of the handshake')
          : finding('tcp.reset', 'likely', 'the connection was reset in the middle of the handshake');
      default:
        return undefined;
    }
  },
};

/** Nothing that sapcert knows of is left that could be the cause. */
function allTried(view: View): boolean {
  const { target, tls } = view;
  const plain: readonly ExperimentId[] = ['plain-mqtt', 'plain-http'];
  const ended: readonly ExperimentId[] = [
    ...(target.alpn.length > 0 ? [] : (['alpn'] as const)),
    ...(target.tlsVersion === '1.2' ? [] : (['tls-1.2'] as const)),
    ...(tls?.offered.serverName === undefined ? [] : (['without-sni'] as const)),
  ];
  const all = tls?.timedOut === true ? plain : [...plain, ...ended];
  return all.every((id) => view.experiment(id) !== undefined);
}

function stalledWords({ tls }: View): string {
  if (tls?.partial === undefined)
    return `the server stopped answering in the middle of the handshake, after ${tls?.bytes.server ?? 0} bytes`;
  const { have, need, what } = tls.partial;
  return `${have} of ${need} bytes of a ${what} came, and then nothing more`;
}

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

export const portRules: readonly Rule[] = [http, plainMqtt, notTls, notMqtt, wordless];
