/**
 * Why does the device not connect? target -> probes -> evidence -> experiments -> diagnoses -> report. Only the
 * probes touch the network; `diagnose` is pure.
 */
export { commonName } from './certificate.js';
export { checkConnection } from './check.js';
export { diagnose, type Conclusion } from './diagnose/index.js';
export {
  type Evidence,
  type ExperimentEvidence,
  type ExperimentFacts,
  type ExperimentId,
  type StageEvidence,
  ran,
  type StageName,
  stageNames,
} from './evidence.js';
export { type CheckExitCode, exitCode } from './exit-code.js';
export type * from './facts/index.js';
export { diagnoseSaved, type SavedCheck, type Trace } from './saved.js';
export type { CheckOptions, CheckPublishOptions, ProgressEvent, RecordedConnection } from './options.js';
export type { FoundAddress, Lookup } from './probes/dns.js';
export { type RenderOptions, renderReport, renderStage } from './render.js';
export { printable } from './printable.js';
export { reportSchema } from './schema/report.js';
export type {
  Certainty,
  CheckEnvironment,
  CheckReport,
  CheckWarning,
  Diagnosis,
  EvidenceRef,
} from './report.js';
export type { CheckMqttVersion, Target } from './target.js';
