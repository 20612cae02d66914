/** Many bundles: found, named, sharded, and stripped as fast as the machine can. */
export { expandInputs, type InputSources, type NamedInput } from './inputs.js';
export { type OutputNaming } from './names.js';
export { type Progress, ProgressCounter } from './progress.js';
export { readSecretTable, type SecretTable } from './secrets.js';
export { inShard, parseShard, type Shard } from './shard.js';
export { type CheckedDevice, checkMany, type CheckManyOptions } from './check-many.js';
export { FleetCounter, type CauseCount, type FleetSummary } from './summary.js';
export { findFleet, type FindFleetOptions, type FoundFleet, selectBundles } from './find-fleet.js';
export { inspectMany, type InspectManyOptions } from './inspect-many.js';
export type { InspectedDone, InspectedInput, InspectTask } from './inspect-one.js';
export { type Fleet, stripFleet, type StripFleetOptions } from './strip-fleet.js';
export { stripMany, type StripManyOptions } from './strip-many.js';
export type {
  ErrorData,
  FleetDone,
  FleetFailed,
  FleetInput,
  FleetResult,
  FleetSecrets,
  FleetTask,
  OutputPaths,
} from './types.js';
