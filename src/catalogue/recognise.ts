import { type TlsAlert, tlsAlert, tlsAlerts } from './alerts/index.js';
import { type ReturnCode, returnCode } from './connack.js';
import { type ReasonCode, reasonCode } from './reason-codes/index.js';

/** How Go names alerts where it does not follow the standard (crypto/tls, alert.go). */
const goNames: Readonly<Record<string, number>> = {
  'unknown certificate': 46,
  'unknown certificate authority': 48,
  'revoked certificate': 44,
  'expired certificate': 45,
  'protocol version not supported': 70,
  'insufficient security level': 71,
  'error decoding message': 50,
  'error decrypting message': 51,
  'user canceled': 90,
  'unrecognized name': 112,
  'bad certificate status response': 113,
  'no application protocol': 120,
};

/** Words that announce an alert in what programs print. */
const announcements =
  /(?:alert message \(msg|alert(?: number)?|remote error: tls:|(?:sslv3|tlsv1|tlsv13) (?:alert )?|ERR_SSL_(?:SSLV3|TLSV1|TLSV13)_(?:ALERT_)?|err(?:or)?:[\da-f]{8}:SSL routines:\w*:)[\s:]*([a-z][a-z_ ]*|\d{1,3})/gi;

/** The TLS alert that a text names: by its number, its name, or the way that a program writes it. */
export function alertIn(text: string): TlsAlert | undefined {
  const bare = alertNamed(text);
  if (bare !== undefined) return bare;
  for (const [, said = ''] of text.matchAll(announcements)) {
    const found = /^\d+$/.test(said) ? tlsAlert(Number(said)) : alertBeginning(said);
    if (found !== undefined) return found;
  }
  return alertOfErrorCode(text);
}

function alertNamed(text: string): TlsAlert | undefined {
  const name = plain(text);
  return tlsAlerts.find((alert) => plain(alert.name) === name) ?? goAlert(name);
}

/** The longest name that the words begin with: `unknown ca (48)`, `certificate expired (_ssl.c:997)`. */
function alertBeginning(words: string): TlsAlert | undefined {
  const said = plain(words);
  const go = Object.keys(goNames)
    .filter((name) => said.startsWith(name))
    .toSorted((a, b) => b.length - a.length)[0];
  const byName = tlsAlerts
    .filter(({ name }) => said.startsWith(plain(name)))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
  return go !== undefined && go.length > (byName?.name.length ?? 0) ? goAlert(go) : byName;
}

function goAlert(name: string): TlsAlert | undefined {
  return Object.hasOwn(goNames, name) ? tlsAlert(goNames[name] ?? -1) : undefined;
}

function plain(text: string): string {
  return text
    .trim()
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2') // as rustls writes them
    .toLowerCase()
    .replaceAll(/[_\s-]+/g, ' ');
}

/** OpenSSL's error codes: library 20 is TLS, and reason 1000 + n is alert n (include/openssl/sslerr.h). */
function alertOfErrorCode(text: string): TlsAlert | undefined {
  for (const [, hex = ''] of text.matchAll(/(?:error:|^)(14[\da-f]{6}|0A[\da-f]{6})(?![\da-f])/gi)) {
    const reason = Number.parseInt(hex.slice(-3), 16) - 1000;
    const alert = reason > 0 && reason < 256 ? tlsAlert(reason) : undefined;
    if (alert !== undefined) return alert;
  }
  return undefined;
}

/** The return codes and reason codes of MQTT, and the alerts, that a number can stand for. */
export interface Numbered {
  readonly connack?: ReturnCode & { readonly code: number };
  readonly reason?: ReasonCode;
  readonly alert?: TlsAlert;
}

const connackWords =
  /(?:\brc|\bCONNACK|return[ _]?code|result code|reason(?:[ _]code)?|connack code|DISCONNECT|SUBACK|PUBACK|(?:^|\bMQTT |\.)state(?:\(\))?)\s*[:=(]*\s*(0x[\da-f]{1,2}|\d{1,3})(?![\w.])/i;
/** 0 is no return code there: the cause of the exception, which follows, is what happened. */
const exceptionWords = /\bMqttException \(([1-5])\)/;

/** PubSubClient of Arduino has names for the return codes of a CONNACK. */
const arduinoNames = [
  'MQTT_CONNECTED',
  'MQTT_CONNECT_BAD_PROTOCOL',
  'MQTT_CONNECT_BAD_CLIENT_ID',
  'MQTT_CONNECT_UNAVAILABLE',
  'MQTT_CONNECT_BAD_CREDENTIALS',
  'MQTT_CONNECT_UNAUTHORIZED',
];

function arduinoCode(text: string): string | undefined {
  const code = arduinoNames.findIndex((name) => new RegExp(String.raw`\b${name}\b`).test(text));
  return code < 0 ? undefined : String(code);
}

/** What a code of MQTT in a text can be; a bare number may be an alert as well. */
export function numberIn(text: string): Numbered {
  const bare = /^(0x[\da-f]{1,2}|\d{1,3})$/i.exec(text)?.[1];
  const said = bare ?? connackWords.exec(text)?.[1] ?? exceptionWords.exec(text)?.[1] ?? arduinoCode(text);
  if (said === undefined) return {};
  const number = Number(said);
  const isHex = said.toLowerCase().startsWith('0x');
  const connack = isHex ? undefined : returnCode(number);
  const reason = connack === undefined ? reasonCode(number) : undefined;
  const alert = bare === undefined || isHex || connack !== undefined ? undefined : tlsAlert(number);
  return {
    ...(connack === undefined ? {} : { connack: { ...connack, code: number } }),
    ...(reason === undefined ? {} : { reason }),
    ...(alert === undefined ? {} : { alert }),
  };
}
