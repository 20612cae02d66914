import type { Evidence, ExperimentEvidence, ExperimentId, StageName } from '../evidence.js';
import { ran } from '../evidence.js';
import type {
  AckFacts,
  CertificateFacts,
  DnsFacts,
  FileFacts,
  MqttFacts,
  TcpFacts,
  TlsFacts,
} from '../facts/index.js';
import type { Target } from '../target.js';

/** The evidence as the rules ask about it. */
export interface View {
  readonly target: Target;
  /** By this machine's clock. */
  readonly now: Date;
  /** Of stages that were run. */
  readonly file: FileFacts | undefined;
  readonly dns: DnsFacts | undefined;
  readonly tcp: TcpFacts | undefined;
  readonly tls: TlsFacts | undefined;
  readonly mqtt: MqttFacts | undefined;
  readonly ack: AckFacts | undefined;
  readonly leaf: CertificateFacts | undefined;
  /** The first stage that failed. */
  readonly failed: StageName | undefined;
  readonly experiments: readonly ExperimentEvidence[];
  readonly experiment: (id: ExperimentId) => ExperimentEvidence | undefined;
}

export function viewOf(evidence: Evidence): View {
  const { target, stages, experiments, checkedAt } = evidence;
  const file = ran(stages, 'file')?.facts;
  return {
    target,
    now: new Date(checkedAt),
    file,
    dns: ran(stages, 'dns')?.facts,
    tcp: ran(stages, 'tcp')?.facts,
    tls: ran(stages, 'tls')?.facts,
    mqtt: ran(stages, 'mqtt')?.facts,
    ack: ran(stages, 'ack')?.facts,
    leaf: file?.leaf,
    failed: stages.find(({ outcome }) => outcome === 'failed')?.stage,
    experiments,
    experiment: (id) => experiments.find((candidate) => candidate.id === id),
  };
}

/** The TLS and MQTT facts of an experiment. */
export function tlsOf(experiment: ExperimentEvidence | undefined): TlsFacts | undefined {
  return experiment === undefined ? undefined : ran(experiment.stages, 'tls')?.facts;
}

export function mqttOf(experiment: ExperimentEvidence | undefined): MqttFacts | undefined {
  return experiment === undefined ? undefined : ran(experiment.stages, 'mqtt')?.facts;
}

export function isExpired({ notAfter }: CertificateFacts, now: Date): boolean {
  return Date.parse(notAfter) < now.getTime();
}

export function isNotYetValid({ notBefore }: CertificateFacts, now: Date): boolean {
  return Date.parse(notBefore) > now.getTime();
}

/** It may be used by a TLS client (RFC 5280 sections 4.2.1.3 and 4.2.1.12). */
export function suitsClient({ extendedKeyUsage: extended, keyUsage }: CertificateFacts): boolean {
  const purpose =
    extended === undefined || extended.includes('clientAuth') || extended.includes('anyExtendedKeyUsage');
  const signs =
    keyUsage === undefined || keyUsage.includes('digitalSignature') || keyUsage.includes('keyAgreement');
  return purpose && signs;
}

/** Whole days from now on; negative: so long ago. */
export function daysLeft({ notAfter }: CertificateFacts, now: Date): number {
  return Math.floor((Date.parse(notAfter) - now.getTime()) / 86_400_000);
}
