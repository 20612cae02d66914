import type { AlertFacts, MqttFacts, TlsFacts } from '../facts/index.js';
import { type View, tlsOf } from './view.js';

/** In what way a TLS handshake came to nothing. */
export type TlsFailure =
  /** Our own certificate or key could not be loaded. */
  | 'not-loaded'
  | 'not-tls'
  /** Nothing came at all until the time was over. */
  | 'silent'
  /** Something came, and then nothing until the time was over. */
  | 'stalled'
  | 'closed-at-once'
  | 'reset-at-once'
  /** The server's alert came before it chose a version and a cipher. */
  | 'alert-before-hello'
  /** We did not trust the server. */
  | 'untrusted'
  /** We broke off for another reason. */
  | 'we-refused'
  /** The server ended it after it had seen our certificate, or that we had none. */
  | 'refused-after-certificate'
  /** The server ended it in the middle of the handshake, before it saw a certificate, or never asked for one. */
  | 'broken-off';

export function tlsFailure(tls: TlsFacts): TlsFailure {
  if (tls.bytes.client === 0 && tls.error !== undefined && tls.bytes.server === 0 && !tls.timedOut)
    return 'not-loaded';
  if (tls.notTls !== undefined) return 'not-tls';
  if (tls.timedOut) return tls.bytes.server === 0 ? 'silent' : 'stalled';
  if (tls.verdict?.trusted === false) return 'untrusted';
  const alert = fatalAlert(tls);
  if (tls.reach === 'nothing') {
    if (alert !== undefined) return 'alert-before-hello';
    if (tls.bytes.server > 0 && tls.end?.by !== 'server') return 'we-refused';
    if (tls.partial !== undefined) return 'broken-off';
    return tls.end?.how === 'rst' || tls.end?.how === 'error' ? 'reset-at-once' : 'closed-at-once';
  }
  const ours = tls.alerts.find(({ from }) => from === 'client');
  if (alert === undefined && (ours !== undefined || weBrokeOff(tls))) return 'we-refused';
  return tls.request === undefined || tls.sent === undefined ? 'broken-off' : 'refused-after-certificate';
}

/** An error of our own TLS library, where the server had neither sent an alert nor ended the connection. */
function weBrokeOff({ end, error, reach }: TlsFacts): boolean {
  return reach !== 'secured' && error !== undefined && end?.by === 'client';
}

/** The server's last word. */
export function fatalAlert({ alerts }: Pick<TlsFacts, 'alerts'>): AlertFacts | undefined {
  return alerts.findLast(({ from, level }) => from === 'server' && level !== 'warning');
}

/** How the server showed that it does not want our certificate, or the lack of one. */
export interface ClientRefusal {
  readonly by: 'alert' | 'close' | 'reset';
  readonly alert?: AlertFacts;
  /** Our Certificate message held none. */
  readonly empty: boolean;
  /** It came only after CONNECT had been sent. */
  readonly late: boolean;
}

/**
 * Whether the server ended the connection because of our certificate: it had asked for one, ours (or that there
 * is none) had gone out, and the end came before a CONNACK. An end without an alert counts only if it came
 * before CONNECT, or comes as well when nothing is sent.
 */
export function clientRefusal(view: View): ClientRefusal | undefined {
  const { tls, mqtt } = view;
  if (tls?.request === undefined || tls.sent === undefined) return undefined;
  const empty = tls.sent.certificates === 0;
  if (view.failed === 'tls') {
    if (tlsFailure(tls) !== 'refused-after-certificate') return undefined;
    return { ...endedBy(tls.end?.how, fatalAlert(tls)), empty, late: false };
  }
  if (view.failed !== 'mqtt' || mqtt === undefined || mqtt.connack !== undefined) return undefined;
  const alert = mqtt.alerts.find(
    ({ from, number }) => from === 'server' && (number === undefined || isAboutCertificate(number)),
  );
  if (alert !== undefined) return { by: 'alert', alert, empty, late: true };
  const held = tlsOf(view.experiment('hold'));
  if (held?.end?.by !== 'server' || mqtt.end === undefined) return undefined;
  return { ...endedBy(held.end.how, fatalAlert(held)), empty, late: true };
}

function endedBy(
  how: string | undefined,
  alert: AlertFacts | undefined,
): Pick<ClientRefusal, 'by' | 'alert'> {
  if (alert !== undefined) return { by: 'alert', alert };
  return { by: how === 'rst' || how === 'error' ? 'reset' : 'close' };
}

/** Alerts that speak of a certificate (RFC 8446 section 6.2), or that servers send for one. */
export function isAboutCertificate(number: number): boolean {
  return (number >= 40 && number <= 49) || number === 51 || number === 116;
}

/** MQTT answers behind which gateways hide what they think of a certificate. */
export function maySpeakOfCertificate(mqtt: MqttFacts): boolean {
  const { connack } = mqtt;
  if (connack === undefined) return mqtt.end?.by === 'server' && mqtt.malformed === undefined;
  return [2, 3, 4, 5, 0x80, 0x83, 0x85, 0x86, 0x87, 0x88, 0x8c].includes(connack.code);
}
