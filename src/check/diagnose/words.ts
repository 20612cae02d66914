import { tlsAlert } from '../../catalogue/index.js';
import { commonName } from '../certificate.js';
import type {
  AlertFacts,
  CertificateFacts,
  ConnackFacts,
  MqttFacts,
  ReasonFacts,
  TlsFacts,
} from '../facts/index.js';
import type { Target } from '../target.js';
import type { View } from './view.js';

/** `alert 48 (unknown_ca)` */
export function alertWords({ number, name }: Pick<AlertFacts, 'number' | 'name'>): string {
  if (number === undefined) return 'an alert that could not be read';
  return `alert ${number} (${name ?? tlsAlert(number)?.name ?? 'unknown'})`;
}

/** `CONNACK 3 (Connection Refused, Server unavailable)`, with the broker's own reason where it gave one. */
export function connackWords(connack: ConnackFacts): string {
  return `CONNACK ${codeWords(connack)}`;
}

export function codeWords({ code, name, reasonString }: ReasonFacts): string {
  const number = code >= 0x80 ? `0x${code.toString(16).toUpperCase()}` : String(code);
  return `${number} (${name})${reasonString === undefined ? '' : `, saying "${reasonString}"`}`;
}

/** How a connection ended: `closed the connection`, `reset the connection`. */
export function endWords(end: TlsFacts['end']): string {
  return end?.how === 'rst' || end?.how === 'error' ? 'reset the connection' : 'closed the connection';
}

/** What a handshake came to, in one clause. */
export function tlsResultWords(tls: TlsFacts): string {
  const alert = tls.alerts.findLast(({ from, level }) => from === 'server' && level !== 'warning');
  if (tls.notTls !== undefined)
    return `the answer was not TLS${tls.notTls.protocol === 'unknown' ? '' : `: ${protocolWords(tls.notTls.protocol)}`}`;
  if (tls.timedOut)
    return tls.bytes.server === 0 ? 'no answer' : 'no more answer in the middle of the handshake';
  if (alert !== undefined) return `refused with ${alertWords(alert)}`;
  if (tls.verdict?.trusted === false)
    return `the server certificate did not pass (${tls.verdict.error ?? 'not trusted'})`;
  if (tls.reach === 'settled') return 'the handshake succeeded';
  if (tls.end?.by === 'server') return `the server ${endWords(tls.end)}`;
  return tls.error === undefined ? 'the handshake failed' : `the handshake failed: ${tls.error.code}`;
}

/** What an MQTT conversation came to, in one clause. */
export function mqttResultWords(mqtt: MqttFacts): string {
  const { connack, disconnect, malformed, end, timedOut, during, alerts } = mqtt;
  if (connack !== undefined && connack.code !== 0) return connackWords(connack);
  const alert = alerts.find(({ from }) => from === 'server');
  if (alert !== undefined) return `refused with ${alertWords(alert)}`;
  if (malformed !== undefined)
    return connack === undefined ? 'the answer was not MQTT' : 'CONNACK 0, and then what MQTT does not allow';
  if (disconnect !== undefined) return `DISCONNECT ${codeWords(disconnect)}`;
  if (timedOut) {
    const waited = during === 'connack' ? 'CONNACK' : (during ?? 'unknown').toUpperCase();
    return `${connack === undefined ? 'no answer' : 'CONNACK 0, and then no answer'} (${waited} was waited for)`;
  }
  if (end?.by === 'server' && mqtt.reach !== 'stayed') {
    return `the server ${endWords(end)} ${connack === undefined ? 'without a CONNACK' : 'after CONNACK 0'}`;
  }
  return 'CONNACK 0, the connection is accepted';
}

/** The CN, or the whole name where there is none. */
export function nameOf(certificate: CertificateFacts): string {
  return commonName(certificate.subject);
}

/** Fit for a POSIX shell: quoted only where it has to be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./[\]-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

const protocolNames: Readonly<Record<string, string>> = {
  http2: 'HTTP/2',
  'smtp-or-ftp': 'SMTP or FTP',
  mysql: 'MySQL',
  postgresql: 'PostgreSQL',
  redis: 'Redis',
  proxy: 'the PROXY protocol',
};

export function protocolWords(protocol: string): string {
  return protocolNames[protocol] ?? protocol.toUpperCase();
}

/** `2024-03-01` */
export function day(iso: string): string {
  return iso.slice(0, 10);
}

export function hostPort({ host, port }: Pick<Target, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The command line of this check on another port. */
export function portCommand(view: View, port: number): string {
  return checkCommand({ ...view, target: { ...view.target, port } });
}

/** The command line of this check with something changed. */
export function checkCommand(view: View, extra = ''): string {
  const { target, file } = view;
  const input = file?.given === true ? ` ${shellWord(file.name ?? 'device.pem')}` : '';
  const ca = file?.trust.source === 'ca-file' ? ` --ca ${shellWord(file.trust.name ?? 'ca.pem')}` : '';
  const profile = target.profile === 'sap-iot' ? '' : ` --profile ${target.profile}`;
  return `$ sapcert check${input} --host ${hostPort(target)}${ca}${profile} ${extra}`.trimEnd();
}
