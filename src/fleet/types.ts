import type { CertificateSummary, KeySummary, StrippedBundle, StripOptions } from '../bundle/strip.js';
import type { Warning } from '../bundle/types.js';
import type { ErrorCode } from '../codes.js';
import type { Defect, Place } from '../errors.js';
import type { WrittenFile } from '../files/index.js';
import type { SecretTable } from './secrets.js';
import type { StopFlag } from './stop.js';

/** One bundle of many. */
export interface FleetInput {
  /** What the caller knows it by; messages and results name it. */
  readonly name: string;
  /** The file to read, where `bytes` does not hold its content. */
  readonly path?: string | undefined;
  readonly bytes?: Uint8Array | undefined;
  /** Where the results go. Without it they come back as texts. */
  readonly outputs?: OutputPaths | undefined;
  /** Why there is nothing to do: comes back as the result. */
  readonly error?: ErrorData | undefined;
}

export interface OutputPaths {
  readonly combined: string;
  readonly privateKey?: string | undefined;
  readonly certificate?: string | undefined;
}

/** Where the secrets of many bundles come from, apart from the bundles themselves and the files beside them. */
export interface FleetSecrets {
  /** The secret of all bundles that have none of their own in `secrets`. */
  readonly passphrase?: string | undefined;
  /** What completes "the secret from …" in messages about `passphrase`. */
  readonly passphraseOrigin?: string | undefined;
  readonly secrets?: SecretTable | undefined;
}

/** How every bundle is treated. It must be plain data: it goes to other threads. */
export interface FleetTask
  extends FleetSecrets, Pick<StripOptions, 'allowSlowKdf' | 'certificates' | 'keyFormat'> {
  /** Replace existing files. */
  readonly overwrite?: boolean | undefined;
  /** Skip what is done already, as its content proves. */
  readonly resume?: boolean | undefined;
}

/** A task that is under way. */
export interface RunningTask extends FleetTask {
  /** Raised when the run is to end: what has not begun then comes back as `interrupted`. */
  readonly stop?: StopFlag | undefined;
}

/** What came of one input. Plain data. */
export type FleetResult = FleetDone | FleetFailed;

export interface FleetDone {
  /** `skipped`: the outputs were there already, and right. */
  readonly status: 'done' | 'skipped';
  readonly input: string;
  readonly written: readonly WrittenFile[];
  readonly key: KeySummary;
  readonly leaf: CertificateSummary;
  readonly chain: readonly CertificateSummary[];
  readonly warnings: readonly Warning[];
  /** The texts, where the input named no outputs. */
  readonly stripped?: StrippedBundle | undefined;
}

export interface FleetFailed {
  readonly status: 'failed';
  readonly input: string;
  readonly error: ErrorData;
}

/** A `SapcertError` as plain data. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly place?: Place | undefined;
  readonly defects: readonly Defect[];
}
