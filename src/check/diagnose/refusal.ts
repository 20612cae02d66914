import { count } from '../../count.js';
import { type ClientRefusal, clientRefusal, maySpeakOfCertificate } from './failure.js';
import { type Finding, saw, sawIn } from './rule.js';
import type { View } from './view.js';
import { alertWords, connackWords, endWords } from './words.js';

/** The server does not want our certificate, or the lack of one: said in TLS, or hidden behind an MQTT answer. */
export interface Refused {
  /** Absent: it shows itself only in the MQTT answer. */
  readonly inTls: ClientRefusal | undefined;
  readonly number: number | undefined;
  readonly because: Finding['because'];
}

/** What the server said or did when it had our certificate, if that was no. */
export function refused(view: View): Refused | undefined {
  const inTls = clientRefusal(view);
  if (inTls !== undefined) return { inTls, number: inTls.alert?.number, because: refusalWords(view, inTls) };
  const { mqtt, tls, failed } = view;
  if (failed !== 'mqtt' || mqtt === undefined || tls === undefined || !maySpeakOfCertificate(mqtt))
    return undefined;
  if (mqtt.connack?.code === 0 || mqtt.reach !== 'connect-sent') return undefined;
  const text =
    mqtt.connack === undefined
      ? `the server ${endWords(mqtt.end)} after CONNECT`
      : `the broker answered ${connackWords(mqtt.connack)}`;
  return { inTls: undefined, number: undefined, because: [saw('mqtt', text)] };
}

function refusalWords(view: View, { alert, by, empty, late }: ClientRefusal): Finding['because'] {
  const sent = view.tls?.sent?.certificates ?? 0;
  const what = empty
    ? 'our empty Certificate message'
    : `our Certificate message (${count(sent, 'certificate')})`;
  const how =
    alert === undefined
      ? `${by === 'reset' ? 'reset' : 'closed'} the connection without an alert`
      : `sent ${alertWords(alert)}`;
  const held = view.experiment('hold');
  const refs = [
    saw('tls', `after ${what} the server ${how}${late && alert !== undefined ? ', before any CONNACK' : ''}`),
  ];
  return held === undefined
    ? refs
    : [...refs, sawIn('hold', `with nothing sent after the handshake: ${held.summary}`)];
}
