import { count } from '../../../count.js';
import { reasonCode } from '../../../catalogue/index.js';
import type { DiagnosisCode } from '../../../codes.js';
import type { ConnackFacts, MqttFacts } from '../../facts/index.js';
import { clientRefusal, tlsFailure } from '../failure.js';
import { type Finding, type Rule, brokerFinding, finding, saw, sawIn } from '../rule.js';
import { type View, isExpired, isNotYetValid, suitsClient } from '../view.js';
import { checkCommand, endWords, mqttResultWords } from '../words.js';

/** CONNECT was answered with no, with nothing, or with the end of the connection. */

function first(view: View): Finding['because'] {
  const { mqtt } = view;
  if (mqtt === undefined) return [];
  return [
    saw('mqtt', `MQTT ${mqtt.protocolVersion} as client id ${mqtt.clientId}: ${mqttResultWords(mqtt)}`),
  ];
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
    const advice = works
      ? [`Let the client speak MQTT ${id.slice(5)}.`, checkCommand(view, `--mqtt-version ${id.slice(5)}`)]
      : [];
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
    const tried =
      own === undefined
        ? []
        : [
            sawIn(
              'own-client-id',
              `as ${own.facts?.clientId ?? ''}, which the certificate names: ${own.summary}`,
            ),
          ];
    const because = [...first(view), ...tried];
    if (own?.outcome === 'accepted') {
      const advice = [`Use ${ownId ?? 'the id in the certificate'} as client id.`];
      return finding('mqtt.client-id-refused', 'proven', because, advice);
    }
    if (said) return brokerFinding('mqtt.client-id-refused', 'proven', because);
    const differs =
      file?.given === true && target.ownDeviceId !== undefined && target.ownDeviceId !== mqtt.clientId;
    if (!differs || own !== undefined || mqtt.reach !== 'connect-sent' || view.mqtt?.timedOut === true)
      return undefined;
    const text = saw(
      'file',
      `the certificate names the device ${target.ownDeviceId ?? ''}, and the client id is ${mqtt.clientId}`,
    );
    return finding('certificate.device-id-mismatch', 'likely', [text, ...because]);
  },
};

const answered: Rule = {
  codes: [
    'mqtt.server-unavailable',
    'mqtt.bad-credentials',
    'mqtt.not-authorized',
    'mqtt.packet-too-large',
    'mqtt.qos-refused',
    'mqtt.refused',
  ],
  find: (view) => {
    const { mqtt, failed } = view;
    const connack = mqtt?.connack;
    if (failed !== 'mqtt' || connack === undefined || [0, 1, 2, 0x84, 0x85].includes(connack.code))
      return undefined;
    const { code } = connack;
    const because = [...first(view), ...properties(connack), ...sameAnswers(view)];
    const said = meanings[code];
    if (said === undefined) return refusedOtherwise(connack, because);
    const unclear = isHiding(view) && !(said.code === 'mqtt.bad-credentials' && view.target.username);
    const login = said.aboutLogin ? [credentialWords(view)] : [];
    return brokerFinding(said.code, unclear && said.mayHide ? 'possible' : said.certainty, [
      ...because,
      ...login,
    ]);
  },
};

interface Meaning {
  readonly code: DiagnosisCode;
  readonly certainty: Finding['certainty'];
  /** A gateway may mean the certificate by it. */
  readonly mayHide: boolean;
  readonly aboutLogin: boolean;
}

const unavailable: Meaning = {
  code: 'mqtt.server-unavailable',
  certainty: 'likely',
  mayHide: true,
  aboutLogin: false,
};
const credentials: Meaning = {
  code: 'mqtt.bad-credentials',
  certainty: 'proven',
  mayHide: true,
  aboutLogin: true,
};
const unauthorized: Meaning = {
  code: 'mqtt.not-authorized',
  certainty: 'likely',
  mayHide: true,
  aboutLogin: true,
};

/** Return and reason codes that have a diagnosis of their own. */
const meanings: Readonly<Record<number, Meaning>> = {
  3: unavailable,
  4: credentials,
  5: unauthorized,
  0x86: credentials,
  0x87: unauthorized,
  0x88: unavailable,
  0x8c: credentials,
  0x95: { code: 'mqtt.packet-too-large', certainty: 'proven', mayHide: false, aboutLogin: false },
  0x9b: { code: 'mqtt.qos-refused', certainty: 'proven', mayHide: false, aboutLogin: false },
};

function refusedOtherwise(
  { code, properties: { serverReference } }: ConnackFacts,
  because: Finding['because'],
): Finding {
  const meaning = (reasonCode(code)?.remedy ?? []).filter((step) => !step.startsWith('$ '));
  const elsewhere = serverReference === undefined ? [] : [`Connect to ${String(serverReference)} instead.`];
  return brokerFinding('mqtt.refused', code >= 0x80 ? 'proven' : 'likely', because, [
    ...elsewhere,
    ...meaning,
  ]);
}

/** A gateway may mean the certificate: it never asked for one, got none, or got one that it has reason to mind. */
function isHiding({ tls, file, leaf, now }: View): boolean {
  if (file?.given !== true || leaf === undefined) return tls?.request !== undefined;
  const faulty = isExpired(leaf, now) || isNotYetValid(leaf, now) || !suitsClient(leaf) || leaf.selfIssued;
  return tls?.request === undefined || tls.request.namesOurIssuer === false || faulty;
}

function properties({ properties: all }: ConnackFacts): Finding['because'] {
  return Object.entries(all)
    .filter(([name]) => name === 'serverReference' || name.startsWith('user: '))
    .slice(0, 5)
    .map(([name, value]) => saw('mqtt', `${name}: ${String(value)}`));
}

function credentialWords({ mqtt, tls }: View): Finding['because'][number] {
  const user =
    mqtt?.username === true
      ? `a user name ${mqtt.password ? 'and a password were' : 'was'} sent`
      : 'no user name was sent';
  const sent = tls?.sent?.certificates ?? 0;
  return saw('mqtt', `${user}, and ${sent === 0 ? 'no client certificate' : 'a client certificate'}`);
}

/** The same answer whatever is varied says that none of it is the cause. */
function sameAnswers(view: View): Finding['because'] {
  return view.experiments
    .filter(({ outcome, id }) => outcome === 'refused' && id !== 'hold')
    .map(({ id, title, summary }) => sawIn(id, `${title.replace(/^tried again /, '')}: ${summary}`));
}

const wordless: Rule = {
  codes: ['mqtt.closed-before-connack', 'mqtt.no-connack', 'mqtt.refused', 'tls.partial-then-silent'],
  find: (view) => {
    const { mqtt, tls, failed } = view;
    if (
      failed === 'tls' &&
      tls?.reach === 'secured' &&
      tls.request === undefined &&
      tlsFailure(tls) === 'broken-off'
    ) {
      const text = saw(
        'tls',
        `the server ${endWords(tls.end)} right after the handshake, before any MQTT was sent; it had asked for no client certificate`,
      );
      return brokerFinding('mqtt.closed-before-connack', 'likely', [text, ...sameAnswers(view)]);
    }
    if (
      failed !== 'mqtt' ||
      mqtt === undefined ||
      mqtt.reach !== 'connect-sent' ||
      mqtt.connack !== undefined ||
      mqtt.malformed !== undefined
    )
      return undefined;
    if (clientRefusal(view) !== undefined) return undefined;
    const because = [...first(view), ...sameAnswers(view)];
    if ((mqtt.partialBytes ?? 0) > 0) {
      const code = mqtt.timedOut ? 'mqtt.no-connack' : 'mqtt.closed-before-connack';
      return brokerFinding(code, 'likely', [...because, partOfAnswer(mqtt)]);
    }
    if (mqtt.timedOut) return unanswered(view, because);
    if (mqtt.disconnect !== undefined) return brokerFinding('mqtt.refused', 'proven', because);
    return brokerFinding('mqtt.closed-before-connack', 'likely', because);
  },
};

/** What came began as an answer does: the broker is slow, or stopped in the middle. */
function partOfAnswer({ partialBytes = 0, timedOut, end }: MqttFacts): Finding['because'][number] {
  const what = `only ${count(partialBytes, 'byte')} of an answer to CONNECT came`;
  return saw(
    'mqtt',
    timedOut ? `${what} in time, and not the rest` : `${what}, and then the server ${endWords(end)}`,
  );
}

/** In TLS 1.3 our certificate may have been lost on the way, and neither side would know. */
function unanswered(view: View, because: Finding['because']): Finding | readonly Finding[] {
  const { tls } = view;
  const unsure = tls?.version === 'TLSv1.3' && tls.tickets === 0 && (tls.sent?.certificates ?? 0) > 0;
  if (!unsure) return brokerFinding('mqtt.no-connack', 'likely', because);
  const text = saw(
    'tls',
    'after our certificate nothing came from the server any more, no session ticket either',
  );
  const small = view.experiment('without-certificate');
  if (small === undefined || small.outcome === 'no-answer') {
    return [
      brokerFinding('mqtt.no-connack', 'likely', because),
      finding('tls.partial-then-silent', 'possible', [text]),
    ];
  }
  const answered = sawIn(
    'without-certificate',
    `without a certificate, which makes small packets, the server answers: ${small.summary}`,
  );
  return [
    finding('tls.partial-then-silent', 'likely', [text, answered]),
    brokerFinding('mqtt.no-connack', 'possible', because),
  ];
}

export const connectRules: readonly Rule[] = [protocol, clientId, wordless, answered];
