import { diagnosisEntry } from '../../../catalogue/index.js';
import type { DiagnosisCode } from '../../../codes.js';
import type { ConnackFacts } from '../../facts.js';
import { clientRefusal, tlsFailure } from '../failure.js';
import { type Finding, type Rule, saw, sawIn } from '../rule.js';
import type { View } from '../view.js';
import { checkCommand, endWords, mqttResultWords } from '../words.js';

/** CONNECT was answered with no, with nothing, or with the end of the connection. */

function finding(code: DiagnosisCode, certainty: Finding['certainty'], because: Finding['because'], advice: readonly string[] = []): Finding {
  return { code, certainty, because, remedy: [...advice, ...diagnosisEntry(code).remedy] };
}

function first(view: View): Finding['because'] {
  const { mqtt } = view;
  if (mqtt === undefined) return [];
  return [saw('mqtt', `MQTT ${mqtt.protocolVersion} as client id ${mqtt.clientId}: ${mqttResultWords(mqtt)}`)];
}

const protocol: Rule = {
  codes: ['mqtt.protocol-version-refused'],
  find: (view) => {
    const { mqtt, failed } = view;
    if (failed !== 'mqtt' || mqtt === undefined) return undefined;
    const id = mqtt.protocolVersion === '5' ? 'mqtt-3.1.1' : 'mqtt-5';
    const other = view.experiment(id);
    const tried = other === undefined ? [] : [sawIn(id, `with MQTT ${id.slice(5)}: ${other.summary}`)];
    const said = mqtt.connack?.code === 1 || mqtt.connack?.code === 0x84;
    const works = other?.outcome === 'accepted' && mqtt.reach === 'connect-sent';
    if (!said && !works) return undefined;
    const advice = works ? [`Let the client speak MQTT ${id.slice(5)}.`, checkCommand(view, `--mqtt-version ${id.slice(5)}`)] : [];
    return finding('mqtt.protocol-version-refused', 'proven', [...first(view), ...tried], advice);
  },
};

const clientId: Rule = {
  codes: ['mqtt.client-id-refused', 'certificate.device-id-mismatch'],
  find: (view) => {
    const { mqtt, failed, target, file } = view;
    if (failed !== 'mqtt' || mqtt === undefined) return undefined;
    const own = view.experiment('own-client-id');
    const ownId = own?.facts?.clientId ?? target.ownDeviceId;
    const said = mqtt.connack?.code === 2 || mqtt.connack?.code === 0x85;
    const tried = own === undefined ? [] : [sawIn('own-client-id', `as ${own.facts?.clientId ?? ''}, which the certificate names: ${own.summary}`)];
    const because = [...first(view), ...tried];
    if (own?.outcome === 'accepted') {
      const advice = [`Use ${ownId ?? 'the id in the certificate'} as client id.`];
      return finding('mqtt.client-id-refused', 'proven', because, advice);
    }
    if (said) return { ...finding('mqtt.client-id-refused', 'proven', because), brokerSide: true };
    const differs = file?.given === true && target.ownDeviceId !== undefined && target.ownDeviceId !== mqtt.clientId;
    if (!differs || own !== undefined || mqtt.reach !== 'connect-sent' || view.mqtt?.timedOut === true) return undefined;
    const text = saw('file', `the certificate names the device ${target.ownDeviceId ?? ''}, and the client id is ${mqtt.clientId}`);
    return finding('certificate.device-id-mismatch', 'possible', [text, ...because]);
  },
};

const unavailable = new Set([3, 0x88]);
const credentials = new Set([4, 0x86, 0x8c]);
const unauthorized = new Set([5, 0x87]);

const answered: Rule = {
  codes: ['mqtt.server-unavailable', 'mqtt.bad-credentials', 'mqtt.not-authorized', 'mqtt.packet-too-large', 'mqtt.qos-refused', 'mqtt.refused'],
  find: (view) => {
    const { mqtt, failed } = view;
    const connack = mqtt?.connack;
    if (failed !== 'mqtt' || connack === undefined || [0, 1, 2, 0x84, 0x85].includes(connack.code)) return undefined;
    const { code } = connack;
    const because = [...first(view), ...properties(connack), ...sameAnswers(view)];
    const broker = (found: Finding): Finding => ({ ...found, brokerSide: true });
    if (unavailable.has(code)) return broker(finding('mqtt.server-unavailable', code === 3 ? 'possible' : 'likely', because));
    if (credentials.has(code)) return broker(finding('mqtt.bad-credentials', isHiding(view) && !view.target.username ? 'possible' : 'proven', [...because, credentialWords(view)]));
    if (unauthorized.has(code)) return broker(finding('mqtt.not-authorized', isHiding(view) ? 'possible' : 'likely', [...because, credentialWords(view)]));
    if (code === 0x95) return finding('mqtt.packet-too-large', 'proven', because);
    if (code === 0x9b) return finding('mqtt.qos-refused', 'proven', because);
    const elsewhere = connack.properties['serverReference'];
    const advice = elsewhere === undefined ? [] : [`Connect to ${String(elsewhere)} instead.`];
    return broker(finding('mqtt.refused', code >= 0x80 ? 'proven' : 'likely', because, advice));
  },
};

/** A broker that never asked for a certificate, or got none, may mean that by its answer. */
function isHiding({ tls, file }: View): boolean {
  return file?.given === true ? tls?.request === undefined : tls?.request !== undefined;
}

function properties({ properties: all }: ConnackFacts): Finding['because'] {
  return Object.entries(all)
    .filter(([name]) => name === 'serverReference' || name.startsWith('user: '))
    .slice(0, 5)
    .map(([name, value]) => saw('mqtt', `${name}: ${String(value)}`));
}

function credentialWords({ mqtt, tls }: View): Finding['because'][number] {
  const user = mqtt?.username === true ? `a user name ${mqtt.password ? 'and a password were' : 'was'} sent` : 'no user name was sent';
  const sent = tls?.sent?.certificates ?? 0;
  return saw('mqtt', `${user}, and ${sent === 0 ? 'no client certificate' : 'a client certificate'}`);
}

/** The same answer whatever is varied says that none of it is the cause. */
function sameAnswers(view: View): Finding['because'] {
  return view.experiments
    .filter(({ outcome, id }) => outcome === 'refused' && id !== 'hold')
    .map(({ id, title, summary }) => sawIn(id, `${title}: ${summary}`));
}

const wordless: Rule = {
  codes: ['mqtt.closed-before-connack', 'mqtt.no-connack', 'mqtt.refused'],
  find: (view) => {
    const { mqtt, tls, failed } = view;
    if (failed === 'tls' && tls?.reach === 'secured' && tls.request === undefined && tlsFailure(tls) === 'broken-off') {
      const text = saw('tls', `the server ${endWords(tls.end)} right after the handshake, before any MQTT was sent; it had asked for no client certificate`);
      return { ...finding('mqtt.closed-before-connack', 'likely', [text, ...sameAnswers(view)]), brokerSide: true };
    }
    if (failed !== 'mqtt' || mqtt === undefined || mqtt.reach !== 'connect-sent' || mqtt.connack !== undefined || mqtt.malformed !== undefined) return undefined;
    if (clientRefusal(view) !== undefined) return undefined;
    const because = [...first(view), ...sameAnswers(view)];
    if (mqtt.timedOut) return { ...finding('mqtt.no-connack', 'likely', because), brokerSide: true };
    if (mqtt.disconnect !== undefined) return { ...finding('mqtt.refused', 'proven', because), brokerSide: true };
    return { ...finding('mqtt.closed-before-connack', 'likely', because), brokerSide: true };
  },
};

export const connectRules: readonly Rule[] = [protocol, clientId, wordless, answered];
