import { count } from '../count.js';
import { isExpired } from './diagnose/view.js';
import { ran } from './evidence.js';
import type { CertificateFacts } from './facts/index.js';
import type { CheckReport } from './report.js';

type Detail = readonly [name: string, value: string];

/** What is worth knowing about a connection that works. */
export function detailsOf(report: CheckReport): readonly Detail[] {
  const now = new Date(report.checkedAt);
  const leaf = ran(report.stages, 'file')?.facts.leaf;
  return [
    ...tlsDetails(report, now),
    ...(leaf === undefined ? [] : [certificateDetail('device', leaf, now)]),
    ...mqttDetails(report),
  ];
}

function tlsDetails({ stages }: CheckReport, now: Date): readonly Detail[] {
  const tls = ran(stages, 'tls')?.facts;
  if (tls === undefined) return [];
  const { version = 'unknown', cipher = 'unknown', alpn, serverChain, sent, verdict } = tls;
  const [server, ...issuers] = serverChain;
  const chain = [
    ...issuers.map(({ subject }) => subject),
    ...(verdict?.anchor === undefined ? [] : [verdict.anchor]),
  ];
  return [
    ['TLS', `${version}, ${cipher}${alpn === undefined ? '' : `, ALPN ${alpn}`}`],
    ...(server === undefined ? [] : [certificateDetail('server', server, now)]),
    ...(chain.length === 0 ? [] : [['issued by', [...new Set(chain)].join('; then ')] as const]),
    ...(sent === undefined ? [] : [['sent', `${count(sent.certificates, 'certificate')} of ours`] as const]),
  ];
}

function certificateDetail(name: string, certificate: CertificateFacts, now: Date): Detail {
  const days = Math.floor((Date.parse(certificate.notAfter) - now.getTime()) / 86_400_000);
  const left = isExpired(certificate, now) ? 'expired' : `${count(days, 'day')} left`;
  return [name, `${certificate.subject}; until ${certificate.notAfter.slice(0, 10)}, ${left}`];
}

function mqttDetails({ stages }: CheckReport): readonly Detail[] {
  const mqtt = ran(stages, 'mqtt')?.facts;
  if (mqtt === undefined) return [];
  const properties = Object.entries(mqtt.connack?.properties ?? {}).map(
    ([name, value]) => `${name} ${String(value)}`,
  );
  const times = [
    ...(mqtt.connackMs === undefined ? [] : [`CONNACK after ${mqtt.connackMs} ms`]),
    ...(mqtt.pingMs === undefined ? [] : [`round trip ${mqtt.pingMs} ms`]),
  ];
  return [
    ['MQTT', [mqtt.protocolVersion, ...times].join(', ')],
    ...(properties.length === 0 ? [] : [['broker', properties.slice(0, 12).join(', ')] as const]),
  ];
}
