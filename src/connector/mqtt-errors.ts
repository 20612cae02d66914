import type { ErrorCode } from '../codes.js';
import { SapcertError } from '../errors.js';
import { foreignText } from './foreign-text.js';
import { errorCode, networkError, timeoutError } from './network-errors.js';

/** CONNACK return codes of MQTT 3.1.1 (section 3.2.2.3) and reason codes of MQTT 5 (section 3.2.2.2). */
const connackMeanings: ReadonlyMap<number, readonly [ErrorCode, string]> = new Map([
  [1, ['mqtt.protocol-version-refused', 'unacceptable protocol version']],
  [2, ['mqtt.client-id-refused', 'client id rejected']],
  [3, ['mqtt.server-unavailable', 'server unavailable']],
  [4, ['mqtt.bad-credentials', 'bad user name or password']],
  [5, ['mqtt.not-authorized', 'not authorized']],
  [0x84, ['mqtt.protocol-version-refused', 'unsupported protocol version']],
  [0x85, ['mqtt.client-id-refused', 'client id not valid']],
  [0x86, ['mqtt.bad-credentials', 'bad user name or password']],
  [0x87, ['mqtt.not-authorized', 'not authorized']],
  [0x88, ['mqtt.server-unavailable', 'server unavailable']],
  [0x89, ['mqtt.server-unavailable', 'server busy']],
  [0x8c, ['mqtt.bad-credentials', 'bad authentication method']],
  [0x95, ['mqtt.packet-too-large', 'packet too large']],
  [0x9b, ['mqtt.qos-refused', 'QoS not supported']],
]);

/** The broker's CONNACK says no. */
export function connackError(code: number, reason: string | undefined, endpoint: string): SapcertError {
  const [meaning, words] = connackMeanings.get(code) ?? ['mqtt.refused' as const, 'refused'];
  return new SapcertError(meaning, `${endpoint}: CONNACK ${codeText(code)}: ${words}${quoted(reason)}`, {
    hint: 'sapcert check finds the cause',
  });
}

/** The broker ended the connection with a DISCONNECT (MQTT 5 section 3.14.2.1). */
export function disconnectError(code: number, reason: string | undefined, endpoint: string): SapcertError {
  const said = `${endpoint}: the broker disconnected: ${codeText(code)}${quoted(reason)}`;
  switch (code) {
    case 0x8e:
      return new SapcertError('mqtt.session-taken-over', `${said}: session taken over`, {
        hint: 'another client connected with the same client id: only one at a time can',
      });
    case 0x8d:
      return new SapcertError('mqtt.keepalive-lost', `${said}: keep alive timeout`);
    case 0x95:
      return new SapcertError('mqtt.packet-too-large', `${said}: packet too large`);
    case 0x89:
    case 0x8b:
      return new SapcertError('mqtt.server-unavailable', `${said}: the broker is busy or shutting down`);
    default:
      return new SapcertError('mqtt.refused', said);
  }
}

/** Reason codes of PUBACK and PUBREC in MQTT 5 (sections 3.4.2.1 and 3.5.2.1). */
const publishReasons: ReadonlyMap<unknown, string> = new Map([
  [0x80, 'unspecified error'],
  [0x83, 'implementation specific error'],
  [0x87, 'not authorized'],
  [0x90, 'topic name invalid'],
  [0x91, 'packet identifier in use'],
  [0x97, 'quota exceeded'],
  [0x99, 'payload format invalid'],
]);

/** The broker says no to a message, which only MQTT 5 lets it. */
export function publishError(code: unknown, topic: string, cause?: unknown): SapcertError {
  const said =
    typeof code === 'number' ? `${codeText(code)}: ${publishReasons.get(code) ?? 'refused'}` : 'refused';
  return new SapcertError('mqtt.publish-refused', `the broker refused a message on ${topic}: ${said}`, {
    cause,
  });
}

/**
 * What MQTT.js emits as `error`. Its code is a reason code (number), Node's (text), or missing; it says
 * "connack timeout" also where no connection ever came about, which cannot happen here: the socket is open.
 */
export function clientError(
  cause: Error,
  { endpoint, timeout }: { readonly endpoint: string; readonly timeout: number },
): SapcertError {
  if (/connack timeout/i.test(cause.message)) return timeoutError('mqtt', endpoint, timeout);
  if (/keepalive timeout/i.test(cause.message)) {
    return new SapcertError('mqtt.keepalive-lost', `${endpoint}: the broker stopped answering pings`, {
      cause,
    });
  }
  if (/duplicate CONNACK/i.test(cause.message)) {
    return new SapcertError(
      'mqtt.refused',
      `${endpoint}: the broker ended the session with a second CONNACK`,
      { cause },
    );
  }
  if (typeof errorCode(cause) === 'string') return networkError(cause, 'mqtt', endpoint);
  return new SapcertError('mqtt.malformed-reply', `${endpoint}: not MQTT: ${cause.message}`, { cause });
}

/** `3` as MQTT 3.1.1 writes it, `0x87` as MQTT 5 does. */
function codeText(code: number): string {
  return code < 0x80 ? String(code) : `0x${code.toString(16)}`;
}

function quoted(reason: string | undefined): string {
  return reason === undefined || reason === '' ? '' : ` ("${foreignText(reason)}")`;
}
