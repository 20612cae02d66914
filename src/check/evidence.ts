import type { AckFacts, DnsFacts, FileFacts, MqttFacts, TcpFacts, TlsFacts } from './facts/index.js';
import type { Target } from './target.js';

/** The stages in the order in which they are run. */
export const stageNames = ['file', 'dns', 'tcp', 'tls', 'mqtt', 'ack'] as const;

export type StageName = (typeof stageNames)[number];

interface StageFacts {
  readonly file: FileFacts;
  readonly dns: DnsFacts;
  readonly tcp: TcpFacts;
  readonly tls: TlsFacts;
  readonly mqtt: MqttFacts;
  readonly ack: AckFacts;
}

/** A stage that was run, with what it saw. */
export interface Ran<Name extends StageName> {
  readonly stage: Name;
  readonly outcome: 'ok' | 'failed';
  /** Milliseconds, whole. */
  readonly ms: number;
  readonly facts: StageFacts[Name];
}

/** A stage that was not run, with the reason. */
export interface Skipped<Name extends StageName> {
  readonly stage: Name;
  readonly outcome: 'skipped';
  readonly ms: 0;
  readonly facts: { readonly reason: string };
}

export type StageEvidence = { [Name in StageName]: Ran<Name> | Skipped<Name> }[StageName];

/** The experiments that sapcert knows. Each varies one thing. */
export type ExperimentId =
  | 'repeat'
  | 'plain-mqtt'
  | 'plain-http'
  | 'https'
  | 'alpn'
  | 'without-sni'
  | 'tls-1.2'
  | 'tls-1.3'
  | 'old-tls'
  | 'any-cipher'
  | 'other-family'
  | 'hold'
  | 'chain-added'
  | 'leaf-only'
  | 'without-certificate'
  | 'mqtt-3.1.1'
  | 'mqtt-5'
  | 'own-client-id'
  | 'fresh-client-id';

export interface ExperimentEvidence {
  readonly id: ExperimentId;
  /** What was varied: "tried again with the intermediate added". */
  readonly title: string;
  /** Whether the varied thing came further than the first pass, as far, or got no answer. */
  readonly outcome: 'accepted' | 'refused' | 'no-answer';
  /** What came of it in a few words. */
  readonly summary: string;
  readonly ms: number;
  readonly stages: readonly StageEvidence[];
  /** Facts that only this experiment has. */
  readonly facts?: ExperimentFacts;
}

export interface ExperimentFacts {
  /** It got through once and not a second time: what was varied makes no difference by itself. */
  readonly unsteady?: boolean;
  /** `plain-mqtt`: the return code of a CONNACK that came without TLS. */
  readonly connackCode?: number;
  /** `plain-http`, `https`: the status line of the answer. */
  readonly http?: { readonly status: number; readonly statusLine: string; readonly server?: string };
  /** `https`: the path where the server agreed to WebSocket. */
  readonly webSocketPath?: string;
  /** Certificates that were added to the device's, and where they came from. */
  readonly added?: { readonly subjects: readonly string[]; readonly from: CertificateSource };
  /** The client id that was used. */
  readonly clientId?: string;
  /** The address that was used. */
  readonly address?: string;
  /** What the server sent where something else than TLS was tried. */
  readonly sample?: string;
}

export type CertificateSource = 'ca-file' | 'server' | 'input' | 'download';

/** All that a diagnosis is made of. */
export interface Evidence {
  readonly target: Target;
  /** When the check began, by this machine's clock. ISO 8601, UTC. */
  readonly checkedAt: string;
  readonly stages: readonly StageEvidence[];
  readonly experiments: readonly ExperimentEvidence[];
}

/** The facts of a stage that was run. */
export function ran<Name extends StageName>(
  stages: readonly StageEvidence[],
  name: Name,
): Ran<Name> | undefined {
  return stages.find(
    (stage): stage is Ran<Name> & StageEvidence => stage.stage === name && stage.outcome !== 'skipped',
  );
}

export function skipped<Name extends StageName>(stage: Name, reason: string): Skipped<Name> {
  return { stage, outcome: 'skipped', ms: 0, facts: { reason } };
}
