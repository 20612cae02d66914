import { fatalAlert } from './failure.js';
import type { View } from './view.js';
import { alertWords, connackWords, hostPort } from './words.js';

/** What the operator of the broker needs to find this attempt in a log. No secret, no key. */
export function operatorLines(view: View): readonly string[] {
  const { target, tls, mqtt, leaf, now } = view;
  const alert = tls === undefined ? undefined : fatalAlert(tls);
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['time', now.toISOString()],
    ['server', hostPort(target)],
    ['address', tls?.address],
    ['TLS', tls?.version === undefined ? undefined : `${tls.version}, ${tls.cipher ?? 'unknown cipher'}`],
    ['alert', alert === undefined ? undefined : alertWords(alert)],
    ['answer', mqtt?.connack === undefined ? undefined : connackWords(mqtt.connack)],
    ['client id', mqtt?.clientId],
    ['certificate', leaf?.subject],
    ['issuer', leaf?.issuer],
    ['serial', leaf?.serial],
    ['SHA-256', leaf?.sha256],
    ['valid', leaf === undefined ? undefined : `${leaf.notBefore} to ${leaf.notAfter}`],
    ['certificates sent', tls?.sent === undefined ? undefined : String(tls.sent.certificates)],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
}
