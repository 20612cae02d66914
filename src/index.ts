/** The library's one door. What only some callers need is loaded when it is called. */
import type { CheckOptions, CheckReport } from './check/index.js';
import type { ConnectDeviceOptions, DeviceConnection } from './connector/index.js';
import type {
  FleetInput,
  FleetResult,
  InspectedInput,
  InspectManyOptions,
  StripManyOptions,
} from './fleet/index.js';
import type { Sandbox, SandboxOptions } from './sandbox/index.js';

export * from './bundle/index.js';
export type {
  AddressFamily,
  CheckEnvironment,
  CheckMqttVersion,
  CheckOptions,
  CheckPublishOptions,
  CheckReport,
  CheckWarning,
  Certainty,
  Diagnosis,
  EvidenceRef,
  ExperimentEvidence,
  ExperimentFacts,
  ExperimentId,
  FoundAddress,
  Lookup,
  ProgressEvent,
  RecordedConnection,
  StageEvidence,
  StageName,
  Target,
} from './check/index.js';
export { explain, type Explained, type ExplainedKind, type Explanation } from './catalogue/index.js';
export type * from './codes.js';
export type {
  Acknowledgement,
  ConnectDeviceOptions,
  ConnectedInfo,
  ConnectionEvents,
  ConnectionState,
  DeviceCommand,
  DeviceConnection,
  Measure,
  NdjsonLine,
  PublishOptions,
  Qos,
  ReconnectingInfo,
  ReconnectOptions,
  Sendable,
  SendAllOptions,
  SendOptions,
  SendResult,
  SendSource,
  SendSummary,
} from './connector/index.js';
export type {
  ErrorData,
  FleetDone,
  FleetFailed,
  FleetInput,
  FleetResult,
  FleetTask,
  InspectedDone,
  InspectedInput,
  InspectManyOptions,
  OutputPaths,
  SecretTable,
  StripManyOptions,
} from './fleet/index.js';
export { type Defect, type Place, SapcertError, type SapcertErrorOptions } from './errors.js';
export type { WrittenFile } from './files/index.js';
export type { FetchAttempt } from './net/index.js';
export type { DeviceTopics, MqttVersion, Profile, ProfileName, TlsVersion } from './profiles.js';
export type {
  DeviceKey,
  DeviceModel,
  FaultName,
  FaultRow,
  GatewayAcknowledgement,
  GatewayCommand,
  LoopbackHost,
  PropertyType,
  Sandbox,
  SandboxDevice,
  SandboxEvent,
  SandboxOptions,
} from './sandbox/index.js';

/**
 * Connects step by step and says what is wrong: DNS, TCP, TLS, MQTT and, where something is published, the
 * acknowledgement. What it finds it returns; nothing is published unless the options say so.
 *
 * @throws SapcertError `usage.invalid` for options that make no sense
 */
export async function checkConnection(options: CheckOptions): Promise<CheckReport> {
  const check = await import('./check/index.js');
  return check.checkConnection(options);
}

/**
 * Connects a device to its gateway with its bundle as it is: no key is written anywhere.
 *
 * @throws SapcertError `usage.invalid`; `file.*`, `key.*` (the bundle); `ca-file.unusable`; `dns.*`, `tcp.*`,
 *   `tls.*`, `mqtt.*` (why the first connection did not come about); `interrupted`
 */
export async function connectDevice(options: ConnectDeviceOptions): Promise<DeviceConnection> {
  const connector = await import('./connector/index.js');
  return connector.connectDevice(options);
}

/**
 * Starts a gateway on loopback that behaves as SAP's does, with certificates of its own and devices to try it.
 *
 * @throws SapcertError `usage.invalid`, `output.exists`, `output.not-writable`, `file.malformed`, `interrupted`
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await import('./sandbox/index.js');
  return sandbox.startSandbox(options);
}

/**
 * Strips many bundles, each as `stripBundle` does, with all processors where that pays; a broken one is a result
 * like any other. Memory does not grow with their number.
 *
 * @throws SapcertError `interrupted` when the signal fired; every file that was written is whole
 */
export async function* stripMany(
  inputs: AsyncIterable<FleetInput> | Iterable<FleetInput>,
  options: StripManyOptions = {},
): AsyncGenerator<FleetResult, void, undefined> {
  const fleet = await import('./fleet/index.js');
  yield* fleet.stripMany(inputs, options);
}

/**
 * Inspects many inputs, each as `inspectBundle` does, several at a time, with the secrets that are found for them;
 * none is needed. One that cannot be read is a result like any other. Memory does not grow with their number.
 *
 * @throws SapcertError `interrupted` when the signal fired
 */
export async function* inspectMany(
  inputs: AsyncIterable<FleetInput> | Iterable<FleetInput>,
  options: InspectManyOptions = {},
): AsyncGenerator<InspectedInput, void, undefined> {
  const fleet = await import('./fleet/index.js');
  yield* fleet.inspectMany(inputs, options);
}
